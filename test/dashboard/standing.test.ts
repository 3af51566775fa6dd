import { expect, test } from 'vitest';
import { standingOf } from '../../src/dashboard/standing.ts';
import type { Session } from '../../src/market/close.ts';
import { SEP_17, SEP_18, SEP_19, SEP_22, type Story, startStory } from '../support/story.ts';

/** Where the only signal stands at an instant. */
async function standing(story: Story, instant: string, asOf?: Session) {
  return story.at(instant, async (app) => {
    const [signal] = app.settings.signals;
    const found = signal && (await standingOf(app, signal, asOf));
    if (found === undefined) throw new Error('there is no close');
    return found;
  });
}

test('the day after an event it has the alert, and what the benchmark did since', async () => {
  const story = await startStory();
  for (const evening of [SEP_17, SEP_18, SEP_19]) await story.round(evening);
  const { newest, state } = await standing(story, SEP_19);
  expect([state.session, newest?.event.session, newest?.alert]).toEqual(['2025-09-19', '2025-09-18', 'reached']);
  // Real closes of the S&P 500: 6,631.96 on 18 Sep and 6,664.36 on 19 Sep 2025.
  expect(newest?.since).toEqual({ session: '2025-09-19', close: 6664.36, return: 6664.36 / 6631.96 - 1 });
});

test('an event from before the watch has no alert, and nothing has followed one of the same day', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  expect((await standing(story, SEP_17)).newest).toMatchObject({ alert: 'before', event: { session: '2020-11-13' } });
  expect((await standing(story, SEP_17, '2020-11-13')).newest?.since).toBeUndefined();
});

test('an alert that no channel takes has reached nobody', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  story.discord.fault = () => ({ status: 404, body: '{"message":"Unknown Webhook","code":10015}' });
  story.smtp.fault = () => ({ login: 535 });
  await story.round(SEP_18);
  expect((await standing(story, SEP_18)).newest?.alert).toBe('not reached');
});

test('an event whose close was revised below the record is retracted, and no longer the newest', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  await story.round(SEP_18);
  for (const session of ['2025-09-18', '2025-09-19', '2025-09-22']) story.setClose('^RUT', session, 2440);
  await story.round(SEP_19);
  await story.round(SEP_22);
  const { newest, retracted } = await standing(story, SEP_22);
  expect(retracted).toEqual(['2025-09-18']);
  expect(newest?.event.session).toBe('2020-11-13');
  expect((await standing(story, SEP_22, '2025-09-17')).retracted).toEqual([]);
});
