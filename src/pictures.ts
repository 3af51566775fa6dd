import { type ChartFacts, chartFacts } from './chart-facts.ts';
import { signalCloses } from './evaluate.ts';
import type { Message, MessageKind, Picture } from './message/message.ts';
import { upTo } from './study/occasion.ts';
import type { World } from './world.ts';

/** The pictures that a kind of message carries. */
const PICTURES: Partial<Record<MessageKind, readonly Picture['name'][]>> = {
  alert: ['record', 'outcomes'],
  correction: ['record', 'outcomes'],
  'follow-up': ['record', 'outcomes'],
  drill: ['record', 'outcomes'],
  digest: ['record'],
};

/** The names of the pictures that go beside a message. */
export function picturesOf({ kind }: Pick<Message, 'kind'>): readonly Picture['name'][] {
  return PICTURES[kind] ?? [];
}

/**
 * Draws what goes beside a message, from the closes up to the sessions that it stands on. Never throws: a picture that
 * fails is told as progress, and the message goes without it.
 */
export async function drawPictures(
  world: Pick<World, 'settings' | 'closes' | 'progress' | 'clean'>,
  message: Message,
  names: readonly Picture['name'][] = picturesOf(message),
): Promise<readonly Picture[]> {
  try {
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
  const { before, index, benchmark } = signalCloses({ closes: store }, signal);
  const facts = chartFacts(settings, signal, {
    before,
    index: session === null ? index : upTo(index, session),
    benchmark: benchmarkTo === null ? benchmark : upTo(benchmark, benchmarkTo),
  });
  if (facts === undefined) return [];
  const pictures: Picture[] = [];
  for (const name of names) pictures.push(await drawPicture(name, facts));
  return pictures;
}

/** Draws one chart as a picture with its text. */
export async function drawPicture(name: Picture['name'], { record, outcomes }: ChartFacts): Promise<Picture> {
  const { recordChart, recordChartText } = await import('./chart/record-chart.ts');
  const { outcomeChart, outcomeChartText } = await import('./chart/outcome-chart.ts');
  const { renderPng } = await import('./chart/render.ts');
  const { option, alt } = {
    record: () => ({ option: recordChart(record), alt: recordChartText(record) }),
    outcomes: () => ({ option: outcomeChart(outcomes), alt: outcomeChartText(outcomes) }),
  }[name]();
  return { name, alt, png: await renderPng(option) };
}
