import type { Context } from 'hono';
import type { Session } from '../market/close.ts';
import { isDate } from '../market/session.ts';
import { firstOf } from '../message/format.ts';
import type { Signal } from '../signal/signal.ts';
import { signalNamed } from '../signal/signal-named.ts';

/** A request that cannot be answered as it is asked. */
export class AskedError extends Error {
  override name = 'AskedError';
}

/** What an address asks for. */
interface Asked {
  readonly signal: Signal;
  /** The session that the page is shown as of. */
  readonly asOf: Session | undefined;
  /** The session whose alert is previewed. */
  readonly session: Session | undefined;
}

/** Reads it from the address. @throws {AskedError} naming the value and what is allowed */
export function asked(context: Context, signals: readonly Signal[]): Asked {
  const id = context.req.query('signal');
  const signal = signalNamed(signals, id);
  if (signal === undefined) {
    throw new AskedError(`signal is '${id}'; allowed: ${firstOf(signals.map((known) => known.id))}`);
  }
  return { signal, asOf: dayAsked(context, 'as-of'), session: dayAsked(context, 'session') };
}

/** The day in a part of the address, where it has one. @throws {AskedError} for what is no date */
export function dayAsked(context: Context, name: string): Session | undefined {
  const text = context.req.query(name) || undefined;
  if (text !== undefined && !isDate(text)) throw new AskedError(`${name} is '${text}'; allowed: a date, YYYY-MM-DD`);
  return text;
}
