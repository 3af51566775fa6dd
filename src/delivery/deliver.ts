import type { AttemptResult, Channel } from '../channel/channel.ts';
import type { Delivery, DeliveryUpdate } from '../store/deliveries.ts';
import { afterAttempt, arrived, updateAfter } from './after-attempt.ts';
import { tellingOnce } from './as-told.ts';
import { draftOf, drawingOnce, readingOnce, wordsAlone } from './draft.ts';
import { isOfAnEvent } from './kinds.ts';
import { look, lookBefore } from './look.ts';
import { maySendUnseen, nextStep } from './policy.ts';
import { workOff } from './queue.ts';
import { seenKey } from './seen-link.ts';
import { send } from './send.ts';
import { type DeliverOptions, type Progress, type Sender, type Sending, stampOf } from './sender.ts';

/**
 * Brings every open delivery one step on.
 * @returns the deliveries that were tried, as `message channel`
 * @throws {LeaseLostError} where another process took over: what was claimed and not written is left to it
 */
export async function deliver(
  sender: Sender,
  { owner, offline, only = isOfAnEvent }: DeliverOptions,
): Promise<Set<string>> {
  await sender.ledger.abandonSending(owner);
  const open = (await sender.ledger.unsent()).filter(only);
  let key: Promise<string> | undefined;
  const keyOnce = () => {
    key ??= seenKey(sender.ledger);
    return key;
  };
  const once = {
    draw: drawingOnce(sender.draw),
    read: readingOnce(sender),
    tell: tellingOnce(sender.ledger),
    seenKey: keyOnce,
  };
  return workOff(open, { ...sender, owner, offline, ...once }, deliverOne);
}

/** One delivery: look whether it arrived → claim → send → record, and the last three again where the run goes on at once. */
async function deliverOne(delivery: Delivery, channel: Channel | undefined, run: Sending): Promise<Progress> {
  const { ledger, owner, now, offline } = run;
  const step = nextStep(delivery, channel, { now: now(), offline });
  if (step.do === 'give up') return note(delivery, { ...NOTHING, state: 'failed', reason: step.why }, run);
  if (step.do === 'leave') return { end: step.because === 'may have arrived' ? 'waits' : 'left' };
  if (channel === undefined || run.host.stopping.aborted) return { end: 'left' };

  const seen = await lookBefore(channel, delivery);
  if (typeof seen === 'object') return note(delivery, arrived(seen), run);
  if (seen === 'could not look' && !maySendUnseen(delivery, now())) return { end: 'put off' };

  let draft = await draftOf(delivery, { repeat: step.repeat && seen !== 'not there' }, run);
  let current = delivery;
  for (let nth = 1; ; nth++) {
    const claim = await ledger.claim(current, owner, channel.fingerprint, stampOf(run));
    if (claim === undefined) return { end: 'left' };
    const result = await send(claim, channel, draft, run);
    const update = await whatBecame(result, delivery, channel, run);
    // Slept since, and given up by who took over: that one looks after it.
    const noted = ledger.recordResult(claim, update, stampOf(run));
    if (update.state === 'sent') return { end: 'tried', noted };
    if (!(await noted)) return { end: 'left' };

    const next = afterAttempt(result, update, { delivery, nth, pictures: draft.pictures.length, now: now() });
    if (next.do === 'end') return { end: next.end };
    if (next.do === 'send the words alone') draft = wordsAlone(draft);
    else await run.host.sleep(next.ms);
    if (run.host.stopping.aborted) return { end: 'put off' };
    current = { ...current, state: update.state, attempts: current.attempts + 1 };
  }
}

const NOTHING = { notBefore: null, receipt: null } as const;

/** Notes what became of a delivery without an attempt. */
async function note(delivery: Delivery, update: DeliveryUpdate, run: Sending): Promise<Progress> {
  return { end: (await run.ledger.note(delivery, run.owner, update, stampOf(run))) ? 'tried' : 'left' };
}

/** What an attempt made of a delivery: one that may have arrived is looked for at once, where the channel can. */
async function whatBecame(
  result: AttemptResult,
  delivery: Delivery,
  channel: Channel,
  { now }: Sending,
): Promise<DeliveryUpdate> {
  const found = result.state === 'unknown' ? await look(channel, delivery) : 'not asked';
  return typeof found === 'object' ? arrived(found) : updateAfter(result, delivery, now());
}
