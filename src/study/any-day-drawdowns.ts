import type { Close, Session } from '../market/close.ts';
import { closesOf, exitsByHorizon } from './outcomes.ts';

/** The maximum drawdowns of the windows of every session from `from` on that has reached its end, in order. */
export function anyDayDrawdowns(benchmark: readonly Close[], from: Session, months: number): Float64Array {
  const closes = closesOf(benchmark);
  const [{ first, exits } = { first: 0, exits: new Int32Array() }] = exitsByHorizon(benchmark, from, [months]);
  const falls = new Float64Array(exits.length);
  for (let day = 0; day < exits.length; day++) {
    const exit = exits[day] ?? 0;
    let [peak, deepest] = [0, 1];
    for (let position = first + day; position <= exit; position++) {
      const close = closes[position] ?? 0;
      if (close > peak) peak = close;
      else if (close < deepest * peak) deepest = close / peak;
    }
    falls[day] = deepest - 1;
  }
  return falls;
}
