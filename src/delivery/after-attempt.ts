import type { AttemptResult } from '../channel/channel.ts';
import type { Receipt } from '../message/message.ts';
import type { Delivery, DeliveryUpdate } from '../store/deliveries.ts';
import { isLastTry, LONGEST_PUT_OFF, patienceEnds } from './patience.ts';
import { givenUp } from './policy.ts';
import type { End } from './sender.ts';

// What one run does with the result of an attempt.

/** A service that asks for a longer wait is tried again by a later run, in milliseconds. */
const LONGEST_WAIT = 10_000;
const ATTEMPTS_PER_RUN = 3;
/** So many attempts without an answer, or of any kind, and the next one is made without pictures. */
const UNANSWERED = 2;
const IN_VAIN = 6;

/** What follows an attempt in its run. */
export type AfterAttempt =
  | { readonly do: 'end'; readonly end: End }
  | { readonly do: 'wait'; readonly ms: number }
  /** At once, and whatever the rest of the answer says: a picture must not keep an alert back. */
  | { readonly do: 'send the words alone' };

/** True when it is tried without its pictures: a way that breaks under big messages says nothing of them. */
export function goesWithoutPictures({ unknownAttempts, attempts }: Delivery): boolean {
  return unknownAttempts >= UNANSWERED || attempts >= IN_VAIN;
}

/** What a delivery becomes that surely arrived. */
export function arrived(receipt: Receipt): DeliveryUpdate {
  return { state: 'sent', reason: null, notBefore: null, receipt };
}

/** What a delivery becomes by the result of an attempt. */
export function updateAfter(result: AttemptResult, delivery: Delivery, now: number): DeliveryUpdate {
  if (result.state === 'sent') return arrived(result.receipt);
  const { reason } = result;
  if (result.state === 'unknown') return { state: 'unknown', reason, notBefore: null, receipt: null };
  if (isLastTry(delivery, now)) return { state: 'failed', reason: givenUp(reason), notBefore: null, receipt: null };
  const wait = Math.min(result.retryAfter ?? 0, LONGEST_PUT_OFF);
  return {
    state: result.permanent ? 'failed' : 'pending',
    reason,
    notBefore: wait > LONGEST_WAIT ? new Date(now + wait).toISOString() : null,
    receipt: null,
  };
}

/**
 * What a run does after an attempt.
 * @param nth the number of the attempt in this run, from 1 on
 * @param pictures how many went with it
 * @param now when its result was known, epoch milliseconds
 */
export function afterAttempt(
  result: AttemptResult,
  update: DeliveryUpdate,
  { delivery, nth, pictures, now }: AttemptFacts,
): AfterAttempt {
  if (update.state === 'unknown') return end('no answer');
  if (result.state !== 'refused') return end('tried');
  if (result.perhapsPictures && (pictures > 0 || result.attached)) return { do: 'send the words alone' };
  if (update.state === 'failed') return end('tried');
  if (result.busy === true) return end('busy');
  const { retryAfter } = result;
  if (retryAfter !== undefined && retryAfter > LONGEST_WAIT) return end('asked to wait');
  if (retryAfter === undefined || nth >= ATTEMPTS_PER_RUN) return end('put off');
  // A service that has refused it for a week is asked once a run.
  if (now > patienceEnds(delivery)) return end('put off');
  return { do: 'wait', ms: retryAfter };
}

interface AttemptFacts {
  readonly delivery: Delivery;
  readonly nth: number;
  readonly pictures: number;
  readonly now: number;
}

function end(how: End): AfterAttempt {
  return { do: 'end', end: how };
}
