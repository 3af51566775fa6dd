import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { healthOf } from '../../src/health/health.ts';
import { startHeartbeat } from '../support/heartbeat-server.ts';
import { send, startHttp } from '../support/http.ts';
import { ALERT, GONE, titles } from '../support/posted.ts';
import { SEP_17, SEP_18, startStory } from '../support/story.ts';
import { useStandIn } from '../support/temporary.ts';

describe('the heartbeat', () => {
  test('says ok only after the expected session is stored and evaluated, and why not otherwise', async () => {
    const heartbeat = await useStandIn(startHeartbeat());
    const story = await startStory({ HEARTBEAT_URL: heartbeat.url });
    await story.round(SEP_17);
    await story.round('2025-09-17T21:45:00Z', 'when due');
    expect(heartbeat.calls.splice(0)).toEqual(['start', 'ok', 'ok']);
    story.yahoo.fault = () => ({ status: 500 });
    await story.round(SEP_18);
    expect(heartbeat.calls.splice(0)).toEqual([
      'start',
      expect.stringMatching(
        /^fail: The session of 18 Sep 2025 has not been evaluated: russell-2000 is evaluated up to 17 Sep 2025\.\n\^RUT: Yahoo answered HTTP 500/,
      ),
    ]);
    story.yahoo.fault = undefined;
    await story.round(SEP_18, 'when due');
    expect(heartbeat.calls).toEqual(['start', 'ok']);
  });

  test('that is slow to answer does not put off the check', async () => {
    const asked = Promise.withResolvers<void>();
    const service = await useStandIn(
      startHttp(async (_, response) => {
        // Nobody is answered before the source was asked.
        await asked.promise;
        send(response, { body: 'OK' });
      }),
    );
    const story = await startStory({ HEARTBEAT_URL: `http://127.0.0.1:${service.port}/ping` });
    story.yahoo.watch = () => asked.resolve();
    expect((await story.round(SEP_17)).problems).toEqual([]);
  });

  test('is about the watch: a copy that fails is told elsewhere, but no channel left is', async () => {
    const heartbeat = await useStandIn(startHeartbeat());
    const story = await startStory({ HEARTBEAT_URL: heartbeat.url });
    writeFileSync(join(dirname(story.settings.databasePath), 'backups'), 'a file in the way');
    await story.round(SEP_17);
    expect(heartbeat.calls.splice(0)).toEqual(['start', 'ok']);
    story.discord.fault = GONE;
    story.smtp.fault = () => ({ login: 535 });
    await story.round('2025-09-18T12:30:00Z');
    expect(heartbeat.calls[1]).toMatch(/^fail: No channel passes its daily test: discord-webhook, email \(2\)\./);
  });

  test('one that cannot be reached stops nothing, and its address is in no line', async () => {
    const heartbeat = await useStandIn(startHeartbeat());
    const story = await startStory({ HEARTBEAT_URL: heartbeat.url });
    heartbeat.fault = 'reset';
    const { problems, report } = await story.round(SEP_17);
    expect(report?.asOf).toBe('2025-09-17');
    expect(problems).toEqual([expect.stringMatching(/^HEARTBEAT_URL cannot be reached/), expect.any(String)]);
    expect(problems.join()).not.toContain('secret');
  });
});

describe('a heartbeat that does not get through', () => {
  const TITLE = 'The heartbeat is not getting through';

  test('is told in the same round, once, and taken back; an event is told all the same', async () => {
    const heartbeat = await useStandIn(startHeartbeat());
    const story = await startStory({ HEARTBEAT_URL: heartbeat.url });
    heartbeat.fault = { body: 'OK (not found)' };
    await story.round(SEP_17);
    await story.round('2025-09-17T21:30:00Z', 'when due');
    expect(titles(story)).toEqual([TITLE]);
    expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).toMatch(
      /^HEARTBEAT.{1,2}URL answers 'OK \(not found\)'; copy the address .*nobody would notice if this bot stopped/,
    );
    expect(await story.at(SEP_17, async (app) => (await healthOf(app)).ok)).toBe(true);
    await story.round(SEP_18);
    heartbeat.fault = undefined;
    await story.round('2025-09-18T21:45:00Z', 'when due');
    await story.round('2025-09-18T22:45:00Z', 'when due');
    expect(titles(story)).toEqual([TITLE, ALERT, `All clear: ${TITLE}`]);
    expect(JSON.stringify([story.discord.messages, story.smtp.messages])).not.toContain('secret-5f2c');
  });

  test('for a moment only is no trouble', async () => {
    const heartbeat = await useStandIn(startHeartbeat());
    const story = await startStory({ HEARTBEAT_URL: heartbeat.url });
    heartbeat.faultOf = (call, count) => (call === 'ok' && count < 4 ? 'reset' : undefined);
    const { problems } = await story.round(SEP_17);
    expect([heartbeat.calls, problems, titles(story)]).toEqual([['start', 'ok', 'ok', 'ok'], [], []]);
  });

  test('because the service knows the plain address only is no trouble', async () => {
    const heartbeat = await useStandIn(startHeartbeat());
    const story = await startStory({ HEARTBEAT_URL: heartbeat.url });
    heartbeat.faultOf = (call) => (call === 'ok' ? undefined : { status: 404 });
    expect((await story.round(SEP_17)).problems).toEqual([]);
    story.yahoo.fault = () => ({ status: 500 });
    expect((await story.round(SEP_18)).problems.at(-1)).toMatch(/^HEARTBEAT_URL knows no \/fail/);
    expect(titles(story)).toEqual([]);
  });

  test('and is taken out of the settings is no trouble any more', async () => {
    const heartbeat = await useStandIn(startHeartbeat());
    const story = await startStory({ HEARTBEAT_URL: heartbeat.url });
    heartbeat.fault = { status: 404 };
    await story.round(SEP_17);
    story.configure({ HEARTBEAT_URL: '' });
    await story.round('2025-09-17T21:30:00Z', 'when due');
    expect(titles(story)).toEqual([TITLE]);
    expect(await story.at(SEP_17, ({ ledger }) => ledger.openTroubles())).toEqual([]);
  });
});
