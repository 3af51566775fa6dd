import { NEW_YORK } from '../market/exchange.ts';
import { addDays } from '../market/session.ts';
import type { Evaluation } from './evaluation.ts';

/** How long ago an event may lie that only the record stands against, in calendar days. */
const LATELY_DAYS = 7;

/**
 * True where a close of these days is above all others but the record alone: one wrong close of years ago, which no
 * evening reads again, would hide it for ever.
 */
export function isOneCloseAway({ closes, detection, now }: Evaluation): boolean {
  const { state } = detection;
  if (state?.state !== 'armed') return false;
  const from = addDays((closes.exchange ?? NEW_YORK).date(now), -LATELY_DAYS);
  let [lately, earlier] = [0, 0];
  for (const { session, close } of closes.index) {
    if (session >= from) lately = Math.max(lately, close);
    else if (session !== state.record.session) earlier = Math.max(earlier, close);
  }
  return lately > earlier;
}
