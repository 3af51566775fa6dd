import type { App } from '../app/app.ts';
import { whereReadable } from '../app/where-readable.ts';
import type { Session } from '../market/close.ts';
import { type Quote, type Testimony, type Witness, WitnessError } from '../market/witness.ts';
import { date } from '../message/format.ts';
import type { Trouble } from '../message/warning.ts';
import { saysOfHeld, saysOfMissing } from '../message/witnessed.ts';
import { symbolName } from '../settings/symbols.ts';
import type { Signal } from '../signal/signal.ts';
import type { Decision } from '../store/events.ts';
import { evaluate } from './evaluate.ts';
import { heldValues } from './held-values.ts';

/** So many indexes of one warning are asked about: a long watch list is no reason for many requests. */
const AT_MOST = 3;

/**
 * What the second source says of the closes that a decision would alert of; nothing on any other day, when it is not
 * asked. It never throws, and takes as long as its own timeout at most.
 * Offline it is not asked, which the alert says.
 */
export async function testimoniesOf(
  app: Pick<App, 'closes' | 'witness' | 'now'>,
  { index }: Pick<Signal, 'index'>,
  { messages }: Pick<Decision, 'messages'>,
  { offline }: { readonly offline: boolean },
): Promise<ReadonlyMap<Session, Testimony>> {
  const { witness, closes, now } = app;
  const sessions = messages.flatMap(({ message: { kind, session } }) => (kind === 'alert' ? (session ?? []) : []));
  const heard = new Map<Session, Testimony>();
  if (witness === undefined) return heard;
  const newest = closes.exchange(index).lastSessionOver(now());
  for (const session of sessions) {
    const silence = offline
      ? 'was not asked, because the run was offline'
      : !witness.knows(index)
        ? `has no quote for ${index}`
        : session === newest
          ? undefined
          : 'has only the newest session';
    heard.set(
      session,
      silence === undefined ? await testimonyOf(witness, index, session, now()) : silent(witness, silence),
    );
  }
  return heard;
}

async function testimonyOf(witness: Witness, symbol: string, session: Session, now: number): Promise<Testimony> {
  try {
    const quote = await witness.ask(symbol, now);
    if (quote.session === session && quote.over) return { by: witness.name, close: quote.close, silence: null };
    return silent(witness, `has no close for ${date(session)} yet`);
  } catch (error) {
    // An alert goes out whatever happens to its witness.
    return silent(witness, error instanceof WitnessError ? error.message : 'could not be asked');
  }
}

function silent({ name }: Witness, silence: string): Testimony {
  return { by: name, close: null, silence };
}

/**
 * A trouble about closes, with what the second source has of them. It is asked when the trouble is told, so once or twice
 * in all; where it says nothing, the trouble stands as it is.
 */
export async function withTestimony(app: App, trouble: Trouble): Promise<Trouble> {
  const { settings, witness, host } = app;
  if (witness === undefined || trouble.closes === undefined) return trouble;
  const { sessions } = trouble.closes;
  const words: string[] = [];
  const indexes = trouble.closes.indexes.filter((index) => witness.knows(index)).slice(0, AT_MOST);
  for (const index of indexes) {
    const signal = settings.signals.find((candidate) => candidate.index === index);
    const quote = host.stopping.aborted ? undefined : await quoteOf(witness, index, app.now());
    if (signal !== undefined && quote !== undefined) words.push(...saysOf(app, witness, signal, sessions, quote));
  }
  return words.length === 0 ? trouble : { ...trouble, text: `${trouble.text} ${words.join(' ')}` };
}

async function quoteOf(witness: Witness, symbol: string, now: number): Promise<Quote | undefined> {
  try {
    return await witness.ask(symbol, now);
  } catch {
    // A warning goes out whatever happens to its witness.
    return undefined;
  }
}

function saysOf(
  app: Pick<App, 'settings' | 'closes' | 'source' | 'channels' | 'now'>,
  { name: by }: Witness,
  signal: Signal,
  sessions: readonly Session[],
  { session, close, over }: Quote,
): string[] {
  const { settings, closes } = app;
  const name = symbolName(settings, signal.index);
  // A quote of an earlier session: perhaps there was none since.
  if (session < (sessions.at(-1) ?? ''))
    return [`The newest close that ${by} has for the ${name} is from ${date(session)}.`];
  if (!over || !sessions.includes(session)) return [];
  const record = whereReadable(() => evaluate(app, signal))?.detection.state?.record.close ?? null;
  const held = heldValues(closes, signal.index).find((value) => value.session === session);
  return held === undefined || record === null
    ? [saysOfMissing(by, name, close, session, record)]
    : [saysOfHeld(by, close, held.close, record)];
}
