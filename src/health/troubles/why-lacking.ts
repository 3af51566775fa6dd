import type { App } from '../../app/app.ts';
import { heldValues } from '../../check/held-values.ts';
import type { Session } from '../../market/close.ts';
import { commandLine } from '../../message/command-line.ts';
import { count, date, points } from '../../message/format.ts';

/** What a person can do about closes that are not there, or were read and are not believed. */
export function whyLacking(
  { closes, settings }: Pick<App, 'closes' | 'settings'>,
  symbols: readonly string[],
  run: readonly Session[],
  said: readonly string[],
): string {
  const held = symbols.flatMap((symbol) => heldValues(closes, symbol).filter(({ session }) => run.includes(session)));
  const [first] = held;
  if (first === undefined) {
    const problem = said.find((line) => symbols.some((symbol) => line.startsWith(`${symbol}: `)));
    const what = problem === undefined ? '' : `A check said: ${problem.replace(/\.$/, '')}. `;
    return (
      `${what}If the exchange was closed, nothing is wrong; otherwise ${commandLine('doctor')} says more, and ` +
      `${commandLine('import')} fills a lasting gap.`
    );
  }
  const { symbol, session, close, reason } = first;
  const others =
    held.length > 1
      ? ` So ${held.length === 2 ? 'is 1 other close' : `are ${count(held.length - 1)} other closes`}.`
      : '';
  return (
    `${points(close)} was read for ${symbol} on ${date(session)}, but it is held: ${reason}.${others} Later readings decide. ` +
    `If the value is right, raise maxDailyMove for the symbol in ${settings.configFiles.signals}.`
  );
}
