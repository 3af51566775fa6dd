import { createHash } from 'node:crypto';
import type { App } from '../app/app.ts';
import { labelsOf } from '../app/labels.ts';
import { recordsBefore, signalCloses } from '../app/signal-closes.ts';
import { channelsOf } from '../channel/of-signal.ts';
import type { ReadSessions } from '../ingest/read.ts';
import { isNewlyRestated } from '../ingest/restatement-notes.ts';
import type { Close, Session } from '../market/close.ts';
import type { HeldValue } from '../market/known-close.ts';
import { awaitedValue } from '../market/second-reading.ts';
import { asFirstPublished } from '../settings/corrected-records.ts';
import { detect } from '../signal/first-record.ts';
import type { Signal } from '../signal/signal.ts';
import { historyOf, type SignalCloses } from '../study/signal-closes.ts';
import type { Evaluation } from './evaluation.ts';

/**
 * Everything that a decision about one signal is made from.
 * @param readSessions what was read from the source in this run
 */
export function evaluate(
  app: Pick<App, 'settings' | 'closes' | 'source' | 'channels' | 'now'>,
  signal: Signal,
  readSessions: ReadSessions = new Map(),
  asOf?: Session,
): Evaluation {
  const closes = signalCloses(app, signal, asOf);
  const asRead = asOf === undefined ? closesAsRead(app, signal, closes) : undefined;
  return {
    labels: labelsOf(app, signal),
    closes,
    detection: detect(historyOf(signal, closes), signal.quietYears),
    ...(asRead && { asRead: { closes: asRead, detection: detect(historyOf(signal, asRead), signal.quietYears) } }),
    fingerprint: ruleFingerprint(signal),
    newlyRestated: [signal.index, signal.benchmark].some((symbol) => isNewlyRestated(app, symbol)),
    readSessions: readSessions.get(signal.index),
    now: app.now(),
    // The folder by default is nobody's choice, so that a name of what is not set up does not count either.
    channels: channelsOf(app.settings.folderByDefault ? {} : signal, app.channels),
    known: (session) => ({
      close: app.closes.known(signal.index, session).find((row) => row.session === session),
      revisions: app.closes.revisions(signal.index, session),
    }),
    imports: () => app.closes.imports(signal.index),
  };
}

/** Changes with everything that decides which closes are events; titles and horizons do not. */
export function ruleFingerprint({ index, benchmark, quietYears, beforeHistory }: Signal): string {
  const before = beforeHistory === undefined ? [] : recordsBefore(beforeHistory.file, null);
  const rule = JSON.stringify([index, benchmark, quietYears, beforeHistory?.until ?? null, before]);
  return createHash('sha256').update(asFirstPublished(rule)).digest('hex').slice(0, 12);
}

/** The closes with each value that waits for its second reading in the place of the one before; undefined: none waits. */
function closesAsRead(
  { closes: store, now }: Pick<App, 'closes' | 'now'>,
  signal: Signal,
  closes: SignalCloses,
): SignalCloses | undefined {
  const awaited = (symbol: string) =>
    new Map(
      store.held(symbol).flatMap((row) => {
        const { session, held } = row;
        return held === null || awaitedValue(row, now()) === undefined
          ? []
          : [[session, closeOf(session, held)] as const];
      }),
    );
  const [ofIndex, ofBenchmark] = [awaited(signal.index), awaited(signal.benchmark)];
  if (ofIndex.size + ofBenchmark.size === 0) return undefined;
  const withAwaited = (rows: readonly Close[], values: ReadonlyMap<Session, Close>) =>
    rows.map((row) => values.get(row.session) ?? row);
  return {
    ...closes,
    index: withAwaited(closes.index, ofIndex),
    benchmark: withAwaited(closes.benchmark, ofBenchmark),
  };
}

function closeOf(session: Session, { close, exact }: HeldValue): Close {
  return { session, close, ...(exact === undefined ? {} : { exact }) };
}
