import { expect, test } from 'vitest';
import { startHeartbeat } from '../support/heartbeat-server.ts';
import { startStory } from '../support/story.ts';
import { useStandIn } from '../support/temporary.ts';
import { EVENT, expectedMessages, liveTheYear, receivedIds, stageOf } from '../support/year.ts';

// The whole year takes minutes: npm run soak.
const TO = '2021-01-10';

test('in four months every message comes once and has its reason', async () => {
  const heartbeat = await useStandIn(startHeartbeat());
  const story = await startStory({ HEARTBEAT_URL: heartbeat.url });
  const problems: string[] = [];
  await liveTheYear(stageOf(story), { to: TO, everyHours: 4, after: (_, done) => problems.push(...done.problems) });

  expect(problems).toEqual([]);
  const { event, digests, drills, warnings } = expectedMessages(TO);
  const ann = receivedIds(story, 'ann@example.com');
  expect(ann.toSorted()).toEqual([...event, ...digests, ...drills, ...warnings].sort());
  expect(receivedIds(story, 'bob@example.com')).toEqual(ann);
  // Discord gets the same without the digests.
  expect(story.discord.messages).toHaveLength(ann.length - digests.length);

  const alert = story.smtp.messages.find(({ headers }) => headers.get('x-breakout-bell-id') === `${EVENT}/alert`);
  expect(alert?.text?.replace(/\s+/g, ' ')).toContain(
    'Found late: the closes were not read between 8 Nov 2020, 17:30 New York and 30 Nov 2020, 00:10 New York.',
  );
  // The heartbeat failed while the provider had nothing, and never else.
  const fails = heartbeat.calls.filter((call) => call.startsWith('fail'));
  expect(new Set(fails)).toEqual(
    new Set([
      'fail: The session of 6 Oct 2020 has not been evaluated: russell-2000 is evaluated up to 5 Oct 2020.',
      'fail: The session of 7 Oct 2020 has not been evaluated: russell-2000 is evaluated up to 5 Oct 2020.',
    ]),
  );
  await story.at('2021-01-11T04:00:00Z', async ({ ledger }) => {
    expect([await ledger.unsent(), await ledger.openTroubles()]).toEqual([[], []]);
  });
}, 300_000);
