import { signalCloses } from './evaluate.ts';
import type { Message, MessageKind, Picture } from './message/message.ts';
import { symbolName } from './settings.ts';
import { detect } from './signal/first-record.ts';
import { historyOf, upTo } from './study/occasion.ts';
import type { World } from './world.ts';

/** The pictures that a kind of message carries. */
const PICTURES: Partial<Record<MessageKind, readonly Picture['name'][]>> = {
  alert: ['record', 'outcomes'],
  correction: ['record', 'outcomes'],
  'follow-up': ['record', 'outcomes'],
  drill: ['record', 'outcomes'],
  digest: ['record'],
};

/**
 * Draws what goes beside a message, from the closes up to the sessions that it stands on. Never throws: a picture that
 * fails is told as progress, and the message goes without it.
 */
export async function drawPictures(
  world: Pick<World, 'settings' | 'closes' | 'progress' | 'clean'>,
  message: Message,
): Promise<readonly Picture[]> {
  try {
    const names = PICTURES[message.kind] ?? [];
    return names.length === 0 ? [] : await draw(world, message, names);
  } catch (error) {
    world.progress(world.clean(`the pictures of ${message.id} cannot be drawn: ${(error as Error).message}`));
    return [];
  }
}

async function draw(
  { settings, closes: store }: Pick<World, 'settings' | 'closes'>,
  { signal: id, session, benchmarkTo }: Message,
  names: readonly Picture['name'][],
): Promise<Picture[]> {
  const signal = settings.signals.find((candidate) => candidate.id === id) ?? settings.signals[0];
  if (signal === undefined) return [];
  const all = signalCloses({ closes: store }, signal);
  const index = session === null ? all.index : upTo(all.index, session);
  const benchmark = benchmarkTo === null ? all.benchmark : upTo(all.benchmark, benchmarkTo);
  const { closes } = historyOf(signal, { before: all.before, index });
  const { events } = detect(historyOf(signal, { before: all.before, index }), signal.quietYears);
  const from = closes[0]?.session;
  if (from === undefined) return [];

  const { recordChart, recordChartText } = await import('./chart/record-chart.ts');
  const { outcomeChart, outcomeChartText } = await import('./chart/outcome-chart.ts');
  const { renderPng } = await import('./chart/render.ts');
  const record = { indexName: symbolName(settings, signal.index), closes, events };
  const outcomes = {
    benchmarkName: symbolName(settings, signal.benchmark),
    benchmark,
    events: events.map((event) => event.session),
    from,
  };
  const charts = {
    record: () => ({ option: recordChart(record), alt: recordChartText(record) }),
    outcomes: () => ({ option: outcomeChart(outcomes), alt: outcomeChartText(outcomes) }),
  };
  const pictures: Picture[] = [];
  for (const name of names) {
    const { option, alt } = charts[name]();
    pictures.push({ name, alt, png: await renderPng(option) });
  }
  return pictures;
}
