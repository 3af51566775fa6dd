import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sensitivityLines } from '../../src/console/sensitivity.ts';
import { studyLines } from '../../src/console/study.ts';
import { createDemoSource } from '../../src/demo/source.ts';
import type { Close, Session } from '../../src/market/close.ts';
import { readCloses } from '../../src/market/csv.ts';
import { alertMessage, type SignalLabels } from '../../src/message/alert.ts';
import { demoSettings } from '../../src/settings/demo-settings.ts';
import { eventStudyAt } from '../../src/study/event-study.ts';
import { fullStudy } from '../../src/study/full-study.ts';
import { sensitivity } from '../../src/study/sensitivity.ts';
import { type SignalCloses, upTo } from '../../src/study/signal-closes.ts';

const ROOT = join(import.meta.dirname, '../..');
export const MARKET_DATA = join(ROOT, '../shared/market-data');

const [SIGNAL] = demoSettings('/nowhere').signals;
if (SIGNAL?.beforeHistory === undefined) throw new Error('the built-in signal is gone');
export const signal = SIGNAL;
const before = readCloses(SIGNAL.beforeHistory.file);

/** The same for both, so that only figures can differ. */
const LABELS: SignalLabels = {
  signal,
  indexName: 'Russell 2000',
  benchmarkName: 'S&P 500',
  origin: 'somewhere',
  sourceNote: undefined,
  withDividends: false,
  createdAt: '2025-12-31T22:00:00.000Z',
};

/** Closes of both indices, and the records before. */
export function closesFrom(of: (symbol: string) => readonly Close[]): SignalCloses {
  return { before, index: of(signal.index), benchmark: of(signal.benchmark) };
}

/** The real closes up to the end of 2025; undefined where they are absent. */
export function realCloses(): SignalCloses | undefined {
  if (!existsSync(MARKET_DATA)) return undefined;
  return closesFrom((symbol) => readCloses(join(MARKET_DATA, `${symbol}.csv`)));
}

/** The demo's closes up to the end of 2025. */
export async function demoCloses(): Promise<SignalCloses> {
  const source = createDemoSource();
  const read = async (symbol: string): Promise<[string, Close[]]> => {
    const { bars } = await source.read(symbol, undefined, Date.parse('2026-06-01T00:00:00Z'));
    return [symbol, bars.map(({ session, close }) => ({ session, close: close ?? Number.NaN }))];
  };
  const closes = new Map(await Promise.all([signal.index, signal.benchmark].map(read)));
  return closesFrom((symbol) => closes.get(symbol) ?? []);
}

/** All that the alert of an event's session says, on whichever channel: its message, line by line. */
export function printedAlert(closes: SignalCloses, session: Session): string[] {
  const eventStudy = eventStudyAt(signal, closes, session);
  if (eventStudy === undefined) return [`${session} is no event`];
  return JSON.stringify(alertMessage(LABELS, eventStudy, null), null, 1).split('\n');
}

/** What the command `study` prints as of a session, with and without `--sensitivity`. */
export function printedStudy(closes: SignalCloses, session: Session): string[] {
  const { index, benchmark } = closes;
  const until = { ...closes, index: upTo(index, session), benchmark: upTo(benchmark, session) };
  const study = fullStudy(signal, until, undefined);
  if (study === undefined) return [];
  return [...studyLines(study, LABELS), ...sensitivityLines(study, sensitivity(signal, until), LABELS)];
}
