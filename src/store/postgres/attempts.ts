import type { Claim, Delivery, DeliveryUpdate } from '../deliveries.ts';
import type { Queries } from './postgres.ts';

/** One attempt of one owner, as long as nobody has ended it. */
const CLAIMED = "message = $1 and channel = $2 and state = 'sending' and claimed_by = $3 and attempts = $4";

/**
 * Takes a delivery for sending.
 * @param isAgain this owner may have taken it just so already: the answer was lost on the way
 * @returns undefined where it is not as it was read any more
 */
export async function claimDelivery(
  { changes }: Queries,
  { message, channel, state, attempts }: Delivery,
  owner: string,
  fingerprint: string,
  now: string,
  isAgain: boolean,
): Promise<Claim | undefined> {
  const claimed = await changes(
    `update deliveries set state = 'sending', attempts = $4::integer + 1, claimed_by = $3, may_arrive_until = null,
       settings = $5, reason = null, not_before = null, changed_at = $6
     where message = $1 and channel = $2 and (
       (state = $7 and state <> 'sending' and attempts = $4)
       or ($8::boolean and state = 'sending' and claimed_by = $3 and attempts = $4::integer + 1 and may_arrive_until is null))`,
    message,
    channel,
    owner,
    attempts,
    fingerprint,
    now,
    state,
    isAgain,
  );
  return claimed === 1 ? { message, channel, owner, attempt: attempts + 1 } : undefined;
}

/**
 * Notes that a claimed message is written now, and may be on its way for so long.
 * @returns false where somebody has ended the claim
 */
export async function beginWriting(
  { changes }: Queries,
  { message, channel, owner, attempt }: Claim,
  longestMs: number,
): Promise<boolean> {
  const mine = await changes(
    `update deliveries set may_arrive_until = clock_timestamp() + $5 * interval '1 millisecond' where ${CLAIMED}`,
    message,
    channel,
    owner,
    attempt,
    longestMs,
  );
  return mine === 1;
}

/**
 * Notes how a claimed attempt ended.
 * @param isAgain it may be noted already: the answer was lost on the way
 * @returns false where the claim is none any more
 */
export async function endAttempt(
  { changes, row }: Queries,
  { message, channel, owner, attempt }: Claim,
  update: DeliveryUpdate,
  now: string,
  isAgain: boolean,
): Promise<boolean> {
  const { state, reason, notBefore, receipt } = update;
  const ended = await changes(
    `update deliveries set state = $5::text, reason = $6, not_before = $7, receipt = $8, claimed_by = null, may_arrive_until = null,
       changed_at = $9, unknown_attempts = unknown_attempts + ($5::text = 'unknown')::integer
     where ${CLAIMED}`,
    message,
    channel,
    owner,
    attempt,
    state,
    reason,
    notBefore,
    receipt && JSON.stringify(receipt),
    now,
  );
  if (ended === 1 || !isAgain) return ended === 1;
  const already = await row(
    `select 1 from deliveries where message = $1 and channel = $2 and state = $3 and attempts = $4 and changed_at = $5
       and claimed_by is null`,
    message,
    channel,
    state,
    attempt,
    now,
  );
  return already !== undefined;
}

/** Notes what became of a delivery without an attempt. @returns false where it is not as it was read any more */
export async function updateDelivery(
  { changes }: Queries,
  { message, channel, attempts, state: read }: Delivery,
  { state, reason, notBefore, receipt }: DeliveryUpdate,
  now: string,
): Promise<boolean> {
  const noted = await changes(
    `update deliveries set state = $5, reason = $6, not_before = $7, receipt = $8, changed_at = $9
       where message = $1 and channel = $2 and state = $3 and state <> 'sending' and attempts = $4`,
    message,
    channel,
    read,
    attempts,
    state,
    reason,
    notBefore,
    receipt && JSON.stringify(receipt),
    now,
  );
  return noted === 1;
}

/** Notes as unknown what others than this owner were just sending, once nothing of it can be on its way any more. */
export async function abandonSending({ changes }: Queries, owner: string): Promise<void> {
  await changes(
    `update deliveries set state = 'unknown', unknown_attempts = unknown_attempts + 1, claimed_by = null,
       may_arrive_until = null, reason = 'the process ended, or slept, while it was being sent'
     where state = 'sending' and claimed_by <> $1 and coalesce(may_arrive_until, '-infinity') <= clock_timestamp()`,
    owner,
  );
}
