import { expect, test } from 'vitest';
import { preview } from '../../src/analysis/preview.ts';
import type { App } from '../../src/app/app.ts';
import { SEP_17, SEP_18, startStory } from '../support/story.ts';

/** The preview of the next alert of the only signal. */
async function next(app: App) {
  const [signal] = app.settings.signals;
  const found = signal && preview(app, signal);
  if (found === undefined) throw new Error('there is no preview');
  return found;
}

test('while it is armed, a record close in the next session is supposed', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  const { message, charts } = await story.at(SEP_17, next);
  expect(message.lead).toContain(
    'it supposes a close just above the record on 18 Sep 2025. The Russell 2000 closed at 2,442.75',
  );
  expect(charts.record.closes.at(-1)).toEqual({ session: '2025-09-18', close: 2442.75 });
});

test('while nothing is armed, a record close is supposed in the first session that could be an event', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  await story.round(SEP_18);
  const { message, charts } = await story.at(SEP_18, next);
  // A year after 18 Sep 2025 is a Friday; the first session after it is Monday, 21 Sep 2026.
  expect(message.lead).toContain(
    'it supposes no change until 21 Sep 2026, the first day on which a record close can be an event again, and a close just above the record then.',
  );
  expect(message.lead).toContain('The Russell 2000 closed at 2,467.71');
  expect(message.id).toBe('preview/russell-2000/2026-09-21/alert');
  expect(message.footer).toContain('Data: closes from Yahoo Finance to 18 Sep 2025; what follows is supposed.');
  // Every session in between has its close, so none is said to be missing.
  expect(message.notes).toEqual([]);
  expect(charts.record.events.map(({ session }) => session).slice(-2)).toEqual(['2025-09-18', '2026-09-21']);
  expect(charts.outcomes.benchmark.at(-1)?.session).toBe('2025-09-18');
});
