import { showDark } from '../channel/channel-settings.ts';
import { outcomeChart, outcomeChartText } from '../chart/outcome-chart.ts';
import { DARK_PICTURE, type Look, PICTURE } from '../chart/palette.ts';
import { recordChart, recordChartText } from '../chart/record-chart.ts';
import { cleanWords } from '../message/clean-words.ts';
import type { Message, MessageKind, Picture } from '../message/message.ts';
import { upTo } from '../study/signal-closes.ts';
import type { App } from './app.ts';
import { type ChartFacts, chartFacts } from './chart-facts.ts';
import { signalCloses } from './signal-closes.ts';

/** The pictures that a kind of message carries. */
const PICTURES: Partial<Record<MessageKind, readonly Picture['name'][]>> = {
  alert: ['record', 'outcomes'],
  correction: ['record', 'outcomes'],
  'follow-up': ['record', 'outcomes'],
  drill: ['record', 'outcomes'],
  approaching: ['record'],
  digest: ['record'],
};

/** The names of the pictures that go beside a message. Two charts say nothing of a table of many indices. */
export function picturesOf({ kind, tells }: Pick<Message, 'kind' | 'tells'>): readonly Picture['name'][] {
  return tells === undefined ? (PICTURES[kind] ?? []) : [];
}

/**
 * Draws what goes beside a message. Never throws: a picture that fails is told as progress, and the message goes without
 * it and says so.
 * @returns undefined where the pictures cannot be drawn
 */
export async function drawPictures(
  app: Pick<App, 'settings' | 'closes' | 'host'>,
  message: Message,
): Promise<readonly Picture[] | undefined> {
  try {
    const names = picturesOf(message);
    const charts = names.length === 0 ? undefined : chartsOf(app, message);
    const pictures: Picture[] = [];
    if (charts !== undefined) for (const name of names) pictures.push(await drawTwin(name, charts, app));
    return pictures;
  } catch (error) {
    app.host.progress(
      cleanWords(`the pictures of ${message.id} cannot be drawn: ${(error as Error).message}`, app.settings.secrets),
    );
    return undefined;
  }
}

/** The charts of a message, from the closes up to the sessions that it stands on; undefined where there are none. */
export function chartsOf(
  { settings, closes: store }: Pick<App, 'settings' | 'closes'>,
  { signal: id, session, benchmarkTo }: Message,
): ChartFacts | undefined {
  const signal = settings.signals.find((candidate) => candidate.id === id) ?? settings.signals[0];
  if (signal === undefined) return undefined;
  const { before, index, benchmark } = signalCloses({ closes: store, settings }, signal);
  return chartFacts(settings, signal, {
    before,
    index: session === null ? index : upTo(index, session),
    benchmark: benchmarkTo === null ? benchmark : upTo(benchmark, benchmarkTo),
  });
}

/** What a picture shows, for who does not see it. */
export function pictureText(name: Picture['name'], { record, outcomes }: ChartFacts): string {
  return name === 'record' ? recordChartText(record) : outcomeChartText(outcomes);
}

/** Draws one chart as a picture with its text. */
export async function drawPicture(name: Picture['name'], charts: ChartFacts): Promise<Picture> {
  return { name, alt: pictureText(name, charts), png: await draw(name, charts, PICTURE) };
}

/** The same, and in dark colours too where a channel shows those. */
async function drawTwin(
  name: Picture['name'],
  charts: ChartFacts,
  { settings }: Pick<App, 'settings'>,
): Promise<Picture> {
  const picture = await drawPicture(name, charts);
  return showDark(settings) ? { ...picture, dark: await draw(name, charts, DARK_PICTURE) } : picture;
}

async function draw(name: Picture['name'], charts: ChartFacts, look: Look): Promise<Uint8Array> {
  const { renderPng } = await import('../chart/png.ts');
  return renderPng(name === 'record' ? recordChart(charts.record, look) : outcomeChart(charts.outcomes, look));
}
