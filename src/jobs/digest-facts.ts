import type { App } from '../app/app.ts';
import { sightingsOf } from '../app/sightings.ts';
import { whereReadable } from '../app/where-readable.ts';
import { evaluate } from '../check/evaluate.ts';
import { heldValues } from '../check/held-values.ts';
import { channelFacts } from '../health/channel-facts.ts';
import { healthOf } from '../health/health.ts';
import { nextCheck } from '../health/schedule.ts';
import { type Close, exactOf } from '../market/close.ts';
import { addDays } from '../market/session.ts';
import { commandLine } from '../message/command-line.ts';
import type { AlertFacts, DigestFacts, SignalFacts } from '../message/digest-facts.ts';
import { capital, date, firstOf } from '../message/format.ts';
import { canBeMarked } from '../settings/reminder.ts';
import { watchedSymbols } from '../settings/symbols.ts';
import type { Signal } from '../signal/signal.ts';
import { upTo } from '../study/signal-closes.ts';
import { openFollowUps } from './follow-up.ts';

const DAY_MS = 86_400_000;

/** @param watching true where a daemon runs: without one nothing is checked, and all is not well */
export async function digestFacts(app: App, watching: boolean): Promise<DigestFacts> {
  const { settings, closes, now } = app;
  const { troubles, reasons, late: behind, evaluatedAt, expected } = await healthOf(app);
  // The figures of another day must not be taken for those of this one.
  const late = [...Map.groupBy(behind, (signal) => signal.expected)].map(([session, signals]) => {
    const whose = settings.signals.length === 1 ? '' : ` for ${firstOf(signals.map(({ signal }) => signal))}`;
    return `no close of ${date(session)} has been read yet${whose}`;
  });
  const dead = watching ? [] : ['no daemon is running'];
  const symbols = watchedSymbols(settings);
  const weekAgo = new Date(now() - 7 * DAY_MS).toISOString();
  const told = troubles.map(({ title, text }) => `${title}. ${text}`);
  const untold = reasons.filter((reason) => !troubles.some(({ title }) => title === reason));
  return {
    session: expected,
    ok: dead.length + late.length + reasons.length === 0,
    reasons: [...dead, ...reasons, ...late],
    troubles: [
      ...dead.map(
        () => `No daemon is running: nothing is checked until one is. Start it with ${commandLine('daemon')}.`,
      ),
      ...late.map((line) => `${capital(line)}.`),
      ...untold.map((line) => `${capital(line)}.`),
      ...told,
    ],
    signals: settings.signals.flatMap((signal) => signalFacts(app, signal) ?? []),
    alerts: await alertsSince(app, weekAgo),
    followUps: (await openFollowUps(app)).map(({ event, months, due }) => ({
      event: event.id,
      session: event.session,
      months,
      due,
    })),
    held: symbols.flatMap((symbol) => heldValues(closes, symbol)),
    missing: symbols.flatMap((symbol) => closes.missing(symbol, now()).map((session) => ({ symbol, session }))),
    revised: symbols.flatMap((symbol) =>
      closes.revisedSince(symbol, weekAgo).map((revision) => ({ symbol, ...revision })),
    ),
    channels: await channelFacts(app),
    evaluatedAt,
    nextRun: new Date(nextCheck(settings.schedule.checks, now())).toISOString(),
    watching,
  };
}

/** The alerts since an instant that surely arrived somewhere, and stand; those that nobody can mark only where somebody has. */
async function alertsSince(app: App, since: string): Promise<AlertFacts[]> {
  const { settings, ledger } = app;
  const alerts = await ledger.messagesSince('alert', since);
  const ids = alerts.map(({ id }) => id);
  const seen = await sightingsOf(app, ids);
  const deliveries = Map.groupBy(await ledger.deliveriesOf(ids), ({ message }) => message);
  return alerts.flatMap(({ id: message, title, createdAt: at }) => {
    const by = seen.get(message) ?? [];
    const own = deliveries.get(message) ?? [];
    if (!own.some(({ state }) => state === 'sent') || own.some(({ inDoubt }) => inDoubt)) return [];
    return by.length > 0 || canBeMarked(settings) ? [{ message, title, at, seen: by }] : [];
  });
}

function signalFacts(
  app: Pick<App, 'settings' | 'closes' | 'source' | 'channels' | 'now'>,
  signal: Signal,
): SignalFacts | undefined {
  const evaluation = whereReadable(() => evaluate(app, signal));
  if (evaluation?.detection.state === undefined) return undefined;
  const { closes } = evaluation;
  const benchmark = closes.benchmark.at(-1);
  return {
    signal: signal.id,
    state: evaluation.detection.state,
    weekChange: weekChange(closes.index),
    benchmark:
      benchmark === undefined
        ? null
        : { session: benchmark.session, close: benchmark.close, weekChange: weekChange(closes.benchmark) },
  };
}

function weekChange(closes: readonly Close[]): number | null {
  const last = closes.at(-1);
  const before = last && upTo(closes, addDays(last.session, -7)).at(-1);
  return last === undefined || before === undefined ? null : exactOf(last) / exactOf(before) - 1;
}
