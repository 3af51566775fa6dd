import type { Claim, Delivery, DeliveryUpdate } from '../deliveries.ts';
import type { Database } from './database.ts';
import { prepared } from './prepared.ts';

/** One attempt of one owner, as long as nobody has ended it. */
const CLAIMED =
  "message = :message and channel = :channel and state = 'sending' and claimed_by = :holder and attempts = :attempt";

/** Takes a delivery for sending. @returns undefined where it is not as it was read any more */
export function claimDelivery(
  database: Database,
  { message, channel, state, attempts }: Delivery,
  owner: string,
  fingerprint: string,
  now: string,
): Claim | undefined {
  const { changes } = prepared(
    database,
    `update deliveries set state = 'sending', attempts = attempts + 1, claimed_by = ?, settings = ?, reason = null,
       not_before = null, changed_at = ?
     where message = ? and channel = ? and state = ? and state <> 'sending' and attempts = ?`,
  ).run(owner, fingerprint, now, message, channel, state, attempts);
  return changes === 1 ? { message, channel, owner, attempt: attempts + 1 } : undefined;
}

/** True while nobody has ended a claim. */
export function isClaimed(database: Database, { message, channel, owner: holder, attempt }: Claim): boolean {
  const mine = prepared(database, `select 1 from deliveries where ${CLAIMED}`);
  return mine.get({ message, channel, holder, attempt }) !== undefined;
}

/** Notes how a claimed attempt ended. @returns false where the claim is none any more */
export function endAttempt(database: Database, claim: Claim, result: DeliveryUpdate, now: string): boolean {
  const { message, channel, owner: holder, attempt } = claim;
  const update = prepared(
    database,
    `update deliveries set state = :state, reason = :reason, not_before = :notBefore, receipt = :receipt, claimed_by = null,
       changed_at = :now, unknown_attempts = unknown_attempts + (:state = 'unknown')
     where ${CLAIMED}`,
  );
  return update.run({ ...columnsOf(result), now, message, channel, holder, attempt }).changes === 1;
}

/** Notes what became of a delivery without an attempt. @returns false where it is not as it was read any more */
export function updateDelivery(database: Database, read: Delivery, update: DeliveryUpdate, now: string): boolean {
  const { message, channel, attempts } = read;
  const note = prepared(
    database,
    `update deliveries set state = :state, reason = :reason, not_before = :notBefore, receipt = :receipt, changed_at = :now
       where message = :message and channel = :channel and state = :read and state <> 'sending' and attempts = :attempts`,
  );
  return note.run({ ...columnsOf(update), now, message, channel, attempts, read: read.state }).changes === 1;
}

/** Notes as unknown what others than this owner were just sending. */
export function abandonSending(database: Database, owner: string): void {
  prepared(
    database,
    `update deliveries set state = 'unknown', unknown_attempts = unknown_attempts + 1, claimed_by = null,
       reason = 'the process ended, or slept, while it was being sent'
     where state = 'sending' and claimed_by <> ?`,
  ).run(owner);
}

function columnsOf({ state, reason, notBefore, receipt }: DeliveryUpdate) {
  return { state, reason, notBefore, receipt: receipt && JSON.stringify(receipt) };
}
