import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Receipt } from '../../../src/message/message.ts';
import type { Claim, Delivery, DeliveryState, DeliveryUpdate } from '../../../src/store/deliveries.ts';
import { LeaseLostError } from '../../../src/store/errors.ts';
import { asOwner, LEASE_MS, type LeaseOwner } from '../../../src/store/lease-owner.ts';
import type { Ledger } from '../../../src/store/ledger.ts';
import { type Database, openDatabase } from '../../../src/store/sqlite/database.ts';
import { createSqliteLedger } from '../../../src/store/sqlite/ledger.ts';
import { decision, EVENT, exampleMessage } from '../../support/examples.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const NOW = '2025-09-18T20:46:00.000Z';
const ALERT = exampleMessage();
const CORRECTION = exampleMessage({
  id: 'russell-2000/2025-09-18/correction',
  kind: 'correction',
  createdAt: '2025-09-19T20:45:00.000Z',
  refersTo: ALERT.id,
});
const RETRACTION = exampleMessage({ ...CORRECTION, id: 'russell-2000/2025-09-18/retraction', kind: 'retraction' });

function open(path: string): Database {
  const database = openDatabase(path);
  onTestFinished(() => {
    database.close();
  });
  return database;
}

function newLedger(): { ledger: Ledger; database: Database; path: string } {
  const path = join(temporaryFolder(), 'market.db');
  const database = open(path);
  return { ledger: createSqliteLedger(database), database, path };
}

/** A ledger that has decided on an alert to `channels`. */
async function withAlert(...channels: string[]) {
  const made = newLedger();
  await made.ledger.decide(decision({ events: [EVENT], messages: [{ message: ALERT, event: EVENT.id, channels }] }));
  return made;
}

async function deliveryOf(ledger: Ledger, channel: string, message = ALERT.id): Promise<Delivery> {
  const found = (await ledger.deliveriesOf([message])).find((delivery) => delivery.channel === channel);
  if (found === undefined) throw new Error(`there is no delivery of ${message} to ${channel}`);
  return found;
}

const update = (change: Partial<DeliveryUpdate>): DeliveryUpdate => ({
  state: 'sent',
  reason: null,
  notBefore: null,
  receipt: null,
  ...change,
});

const holderOf = (id: string): LeaseOwner => ({ id, host: 'here', pid: 42, processStarted: '7' });

/** Lets a run have the lease, whoever had it before. */
async function lease(ledger: Ledger, id = 'me'): Promise<string> {
  await ledger.takeLease(holderOf(id), Date.parse(NOW), () => true);
  return id;
}

/** Takes over as a run does that finds others dead, and claims. */
async function claim(ledger: Ledger, channel: string, owner = 'me'): Promise<Claim> {
  await lease(ledger, owner);
  const claimed = await ledger.claim(await deliveryOf(ledger, channel), owner, 'mark', NOW);
  if (claimed === undefined) throw new Error(`${channel} cannot be claimed`);
  return claimed;
}

/** Claims a delivery as one holder and brings it to its state. */
async function bring(
  ledger: Ledger,
  channel: string,
  state: DeliveryState,
  receipt: Receipt | null = null,
): Promise<void> {
  if (state === 'pending') return;
  const claimed = await claim(ledger, channel);
  if (state !== 'sending') expect(await ledger.recordResult(claimed, update({ state, receipt }), NOW)).toBe(true);
}

const states = async (ledger: Ledger, message = ALERT.id) =>
  Object.fromEntries((await ledger.deliveriesOf([message])).map(({ channel, state }) => [channel, state]));

describe('a decision', () => {
  test('writes signal, event, message and a pending delivery for each channel', async () => {
    const { ledger } = await withAlert('folder', 'email:ann@example.org');
    expect(await ledger.signal('russell-2000')).toEqual({
      fingerprint: 'mark',
      baselineSession: '2025-09-17',
      evaluatedSession: '2025-09-18',
      evaluatedAt: '2025-09-18T20:45:00.000Z',
      events: [{ ...EVENT, messages: [ALERT], reached: false }],
    });
    expect(await ledger.unsent()).toEqual(
      ['email:ann@example.org', 'folder'].map((channel) => ({
        message: ALERT.id,
        kind: 'alert',
        channel,
        state: 'pending',
        attempts: 0,
        unknownAttempts: 0,
        reason: null,
        fingerprint: null,
        notBefore: null,
        inDoubt: false,
        elsewhere: false,
        restored: false,
        decidedAt: ALERT.createdAt,
        changedAt: ALERT.createdAt,
        pause: null,
      })),
    );
  });

  test('survives the process: another one reads the same', async () => {
    const { ledger, database, path } = await withAlert('folder');
    const before = [await ledger.signal('russell-2000'), await ledger.unsent()];
    database.close();
    const again = createSqliteLedger(open(path));
    expect([await again.signal('russell-2000'), await again.unsent()]).toEqual(before);
  });

  test('that fails in its last line leaves nothing behind', async () => {
    const { ledger } = newLedger();
    const posting = { message: ALERT, event: EVENT.id, channels: ['folder'] };
    await expect(ledger.decide(decision({ events: [EVENT], messages: [posting, posting] }))).rejects.toThrow(/UNIQUE/);
    expect(await ledger.signal('russell-2000')).toBeUndefined();
    expect(await ledger.message(ALERT.id)).toBeUndefined();
    expect(await ledger.unsent()).toEqual([]);
  });

  test('that fails later leaves all as it was, withdrawn deliveries too', async () => {
    const { ledger } = await withAlert('folder', 'discord-webhook');
    await bring(ledger, 'folder', 'sent');
    const before = [await ledger.signal('russell-2000'), await ledger.unsent()];
    const again = { message: ALERT, event: EVENT.id, channels: 'reached' } as const;
    const changes = decision({
      fingerprint: 'other',
      events: [{ ...EVENT, status: 'retracted' }],
      withdrawn: [EVENT.id],
      rewritten: [{ ...ALERT, title: 'Other' }],
      messages: [again],
    });
    await expect(ledger.decide(changes)).rejects.toThrow(/UNIQUE/);
    expect([await ledger.signal('russell-2000'), await ledger.unsent()]).toEqual(before);
  });

  test('cannot post for an event that is not there', async () => {
    const { ledger } = newLedger();
    const posting = { message: ALERT, event: 'no/such', channels: ['folder'] };
    await expect(ledger.decide(decision({ messages: [posting] }))).rejects.toThrow(/FOREIGN KEY/);
  });

  test('replaces what was known of signal and event, and keeps other signals', async () => {
    const { ledger } = await withAlert('folder');
    await ledger.decide(decision({ signal: 'other' }));
    const gone = { ...EVENT, goneSince: NOW };
    await ledger.decide(decision({ evaluatedSession: '2025-09-19', events: [gone] }));
    expect(await ledger.signal('russell-2000')).toMatchObject({ evaluatedSession: '2025-09-19', events: [gone] });
    expect(await ledger.signal('other')).toMatchObject({ evaluatedSession: '2025-09-18', events: [] });
  });

  test('rewrites a message and keeps its deliveries', async () => {
    const { ledger } = await withAlert('folder');
    const rewritten = { ...ALERT, lead: 'Another close.' };
    await ledger.decide(decision({ rewritten: [rewritten] }));
    expect(await ledger.message(ALERT.id)).toEqual(rewritten);
    expect(await states(ledger)).toEqual({ folder: 'pending' });
  });
});

test('a message comes back as it was, in any script and with every part', async () => {
  const { ledger } = newLedger();
  const message = exampleMessage({ title: 'Größer „Rekord" 指数 🔔', figures: { "it's": '−9.8%' }, refersTo: 'x/y/z' });
  await ledger.post({ message, event: null, channels: [] });
  expect(await ledger.message(message.id)).toEqual(message);
  expect(await ledger.message('no/such/message')).toBeUndefined();
});

test('posting the same message again changes nothing', async () => {
  const { ledger } = newLedger();
  const warning = exampleMessage({ id: 'warning/held/2025-09-18', kind: 'warning' });
  await ledger.post({ message: warning, event: null, channels: ['folder'] });
  await ledger.post({ message: { ...warning, title: 'Other' }, event: null, channels: ['folder', 'email:ann'] });
  expect(await ledger.message(warning.id)).toEqual(warning);
  expect(await ledger.unsent()).toMatchObject([{ channel: 'folder', kind: 'warning', inDoubt: false }]);
});

test('what is not sent is listed with the oldest message first', async () => {
  const { ledger } = newLedger();
  // Posted the other way round: what counts is when it was decided.
  for (const message of [CORRECTION, ALERT]) await ledger.post({ message, event: null, channels: ['b', 'a'] });
  expect((await ledger.unsent()).map(({ message, channel }) => [message, channel])).toEqual([
    [ALERT.id, 'a'],
    [ALERT.id, 'b'],
    [CORRECTION.id, 'a'],
    [CORRECTION.id, 'b'],
  ]);
});

test('of two messages of one moment the one that was posted first comes first', async () => {
  const { ledger } = newLedger();
  const ids = ['z', 'a', 'm'];
  for (const id of ids) await ledger.post({ message: { ...ALERT, id }, event: null, channels: ['folder'] });
  expect((await ledger.unsent()).map(({ message }) => message)).toEqual(ids);
});

test('an event that is gone for now puts its deliveries in doubt, until it stands again', async () => {
  const { ledger } = await withAlert('folder');
  await ledger.decide(decision({ events: [{ ...EVENT, goneSince: NOW }] }));
  expect(await deliveryOf(ledger, 'folder')).toMatchObject({ inDoubt: true });
  await ledger.decide(decision({ events: [EVENT] }));
  expect(await deliveryOf(ledger, 'folder')).toMatchObject({ inDoubt: false });
});

describe('a claim', () => {
  test('of two that read the same, only one wins', async () => {
    const { ledger } = await withAlert('folder');
    await lease(ledger);
    const delivery = await deliveryOf(ledger, 'folder');
    expect(await ledger.claim(delivery, 'me', 'mark', NOW)).toEqual({
      message: ALERT.id,
      channel: 'folder',
      owner: 'me',
      attempt: 1,
    });
    expect(await ledger.claim(delivery, 'me', 'mark', NOW)).toBeUndefined();
    // Nor what was read as being sent.
    expect(await ledger.claim(await deliveryOf(ledger, 'folder'), 'me', 'mark', NOW)).toBeUndefined();
    expect(await deliveryOf(ledger, 'folder')).toMatchObject({
      state: 'sending',
      attempts: 1,
      fingerprint: 'mark',
      changedAt: NOW,
    });
  });

  test('is only for who has the lease, in whatever process', async () => {
    const { ledger, path } = await withAlert('folder');
    const other = createSqliteLedger(open(path));
    const delivery = await deliveryOf(ledger, 'folder');
    await expect(ledger.claim(delivery, 'me', 'mark', NOW)).rejects.toThrow(LeaseLostError);
    await lease(ledger);
    await expect(other.claim(delivery, 'you', 'mark', NOW)).rejects.toThrow(/process 42 on here took over/);
    expect(await states(ledger)).toEqual({ folder: 'pending' });
  });

  test('does not win over one that was claimed and settled in between', async () => {
    const { ledger } = await withAlert('folder');
    const delivery = await deliveryOf(ledger, 'folder');
    // Refused: pending again, as it was read, but with one attempt more.
    await ledger.recordResult(await claim(ledger, 'folder'), update({ state: 'pending', reason: 'HTTP 500' }), NOW);
    expect(await ledger.claim(delivery, 'me', 'mark', NOW)).toBeUndefined();
    expect(await deliveryOf(ledger, 'folder')).toMatchObject({ state: 'pending', attempts: 1, reason: 'HTTP 500' });
  });

  test('does not win over one that was given up in between', async () => {
    const { ledger } = await withAlert('folder');
    const delivery = await deliveryOf(ledger, 'folder');
    await lease(ledger);
    await ledger.note(delivery, 'me', update({ state: 'failed', reason: 'given up' }), NOW);
    expect(await ledger.claim(delivery, 'me', 'mark', NOW)).toBeUndefined();
    expect(await states(ledger)).toEqual({ folder: 'failed' });
  });

  test('clears reason and waiting time of the attempt before', async () => {
    const { ledger } = await withAlert('folder');
    const before = update({ state: 'pending', reason: 'HTTP 429', notBefore: NOW });
    await ledger.recordResult(await claim(ledger, 'folder'), before, NOW);
    expect(await ledger.claim(await deliveryOf(ledger, 'folder'), 'me', 'new', NOW)).toMatchObject({ attempt: 2 });
    expect(await deliveryOf(ledger, 'folder')).toMatchObject({ reason: null, notBefore: null, fingerprint: 'new' });
  });

  test('may be written by who has it and the lease, and by nobody else', async () => {
    const { ledger } = await withAlert('a', 'b');
    const [a, now] = [await claim(ledger, 'a'), Date.parse(NOW)];
    await ledger.mayWrite(a, now);
    await expect(ledger.mayWrite({ ...a, attempt: 2 }, now)).rejects.toThrow(LeaseLostError);
    // It was prolonged.
    await ledger.mayWrite(a, now + LEASE_MS);
    expect(await ledger.takeLease(holderOf('you'), now + 2 * LEASE_MS - 1, () => false)).toEqual(holderOf('me'));
    expect(await ledger.takeLease(holderOf('you'), now + 2 * LEASE_MS, () => false)).toBeUndefined();
    await expect(ledger.mayWrite(a, now)).rejects.toThrow(/process 42 on here took over while this one slept/);
    // Had the lease been got back somehow, what was given up meanwhile still is not to be written.
    await ledger.abandonSending('you');
    await lease(ledger);
    await expect(ledger.mayWrite(a, now)).rejects.toThrow(/another run took over the delivery/);
  });
});

describe('a settlement', () => {
  const SENT = update({ state: 'sent', receipt: { id: '1' } });

  test('is the business of the holder who claimed', async () => {
    const { ledger } = await withAlert('folder');
    const claimed = await claim(ledger, 'folder');
    expect(await ledger.recordResult({ ...claimed, owner: 'you' }, SENT, NOW)).toBe(false);
    expect(await ledger.recordResult(claimed, SENT, NOW)).toBe(true);
    expect(await states(ledger)).toEqual({ folder: 'sent' });
    expect(await ledger.unsent()).toEqual([]);
  });

  test('is noted after the lease was lost, as long as nobody has touched the delivery', async () => {
    const { ledger } = await withAlert('folder');
    const claimed = await claim(ledger, 'folder');
    await lease(ledger, 'you');
    expect(await ledger.recordResult(claimed, SENT, NOW)).toBe(true);
  });

  describe.each([SENT, update({ state: 'pending', reason: 'HTTP 500' }), update({ state: 'unknown' })])(
    'of a run that woke, as $state, changes nothing',
    (late) => {
      async function takenOver() {
        const { ledger } = await withAlert('folder');
        const claimed = await claim(ledger, 'folder');
        await lease(ledger, 'you');
        await ledger.abandonSending('you');
        return { ledger, claimed };
      }
      const unchanged = async (ledger: Ledger, claimed: Claim) => {
        const before = await deliveryOf(ledger, 'folder');
        expect(await ledger.recordResult(claimed, late, NOW)).toBe(false);
        expect(await deliveryOf(ledger, 'folder')).toEqual(before);
      };

      test('in what was given up as unknown', async () => {
        const { ledger, claimed } = await takenOver();
        await unchanged(ledger, claimed);
      });

      test('in what another has claimed again', async () => {
        const { ledger, claimed } = await takenOver();
        await claim(ledger, 'folder', 'you');
        await unchanged(ledger, claimed);
      });

      test('in what another has sent', async () => {
        const { ledger, claimed } = await takenOver();
        await ledger.recordResult(await claim(ledger, 'folder', 'you'), SENT, NOW);
        await unchanged(ledger, claimed);
      });

      test('in what it has itself claimed again since', async () => {
        const { ledger, claimed } = await takenOver();
        await claim(ledger, 'folder');
        await unchanged(ledger, claimed);
      });
    },
  );

  test('without an attempt is noted only where nothing has changed, by who has the lease', async () => {
    const { ledger } = await withAlert('a', 'b');
    const [a, b] = [await deliveryOf(ledger, 'a'), await deliveryOf(ledger, 'b')];
    const failed = update({ state: 'failed', reason: 'given up' });
    await expect(ledger.note(a, 'me', failed, NOW)).rejects.toThrow(LeaseLostError);
    const claimed = await claim(ledger, 'a');
    expect(await ledger.note(a, 'me', failed, NOW)).toBe(false);
    expect(await ledger.note(await deliveryOf(ledger, 'a'), 'me', failed, NOW)).toBe(false);
    await ledger.recordResult(claimed, update({ state: 'pending' }), NOW);
    expect(await ledger.note(a, 'me', failed, NOW)).toBe(false);
    expect(await ledger.note(b, 'me', failed, NOW)).toBe(true);
    expect(await states(ledger)).toEqual({ a: 'pending', b: 'failed' });
  });

  test('keeps the receipt of the channel', async () => {
    const { ledger } = await withAlert('folder', 'discord-webhook');
    await bring(ledger, 'folder', 'sent', { file: '/tmp/ü' });
    await bring(ledger, 'discord-webhook', 'unknown');
    expect(await ledger.receipt(ALERT.id, 'folder')).toEqual({ file: '/tmp/ü' });
    expect(await ledger.receipt(ALERT.id, 'discord-webhook')).toBeNull();
    expect(await ledger.receipt(ALERT.id, 'nowhere')).toBeNull();
  });

  test('as unknown counts the attempt once, and giving up counts none', async () => {
    const { ledger } = await withAlert('a', 'b');
    await bring(ledger, 'a', 'unknown');
    const a = await deliveryOf(ledger, 'a');
    expect(a).toMatchObject({ state: 'unknown', attempts: 1, unknownAttempts: 1 });
    await ledger.note(a, 'me', update({ state: 'unknown' }), NOW);
    expect(await deliveryOf(ledger, 'a')).toMatchObject({ unknownAttempts: 1 });
    await ledger.note(await deliveryOf(ledger, 'b'), 'me', update({ state: 'failed', reason: 'given up' }), NOW);
    expect(await deliveryOf(ledger, 'b')).toMatchObject({ state: 'failed', attempts: 0, unknownAttempts: 0 });
  });

  test('what a dead holder was sending is unknown; what this one is sending is not touched', async () => {
    const { ledger } = await withAlert('a', 'b', 'c');
    await claim(ledger, 'a', 'dead');
    await claim(ledger, 'b');
    await expect(ledger.abandonSending('dead')).rejects.toThrow(LeaseLostError);
    await ledger.abandonSending('me');
    expect(await states(ledger)).toEqual({ a: 'unknown', b: 'sending', c: 'pending' });
    const abandoned = await deliveryOf(ledger, 'a');
    expect(abandoned).toMatchObject({
      unknownAttempts: 1,
      attempts: 1,
      reason: expect.stringContaining('process ended'),
    });
    expect(await ledger.claim(abandoned, 'me', 'mark', NOW)).toMatchObject({ attempt: 2 });
  });
});

describe('where a message may have arrived', () => {
  test.each<[DeliveryState, boolean]>([
    ['pending', false],
    ['failed', false],
    ['sending', true],
    ['unknown', true],
    ['sent', true],
  ])('%s: %s', async (state, reached) => {
    const { ledger } = await withAlert('a');
    await bring(ledger, 'a', state);
    expect(await ledger.signal('russell-2000')).toMatchObject({ events: [{ reached }] });
  });

  test('a retraction goes where the alert was sent or may have been, and nowhere else', async () => {
    const { ledger } = await withAlert('sent', 'unknown', 'failed', 'pending');
    for (const state of ['sent', 'unknown', 'failed'] as const) await bring(ledger, state, state);
    await ledger.decide(
      decision({
        events: [{ ...EVENT, status: 'retracted' }],
        withdrawn: [EVENT.id],
        messages: [{ message: RETRACTION, event: EVENT.id, channels: 'reached' }],
      }),
    );
    expect(await states(ledger, RETRACTION.id)).toEqual({ sent: 'pending', unknown: 'pending' });
    expect(await states(ledger)).toEqual({ sent: 'sent', unknown: 'unknown' });
  });

  test('an attempt that may have arrived is not forgotten when the next one is refused', async () => {
    const { ledger } = await withAlert('a');
    await bring(ledger, 'a', 'unknown');
    const refused = update({ state: 'pending', reason: 'HTTP 502' });
    await ledger.recordResult(await claim(ledger, 'a'), refused, NOW);
    expect(await ledger.signal('russell-2000')).toMatchObject({ events: [{ reached: true }] });
    const posting = { message: RETRACTION, event: EVENT.id, channels: 'reached' } as const;
    await ledger.decide(decision({ withdrawn: [EVENT.id], messages: [posting] }));
    expect(await states(ledger, RETRACTION.id)).toEqual({ a: 'pending' });
  });
});

describe('withdrawing an event', () => {
  test('that nobody was told of frees the ids of its messages', async () => {
    const { ledger } = await withAlert('a', 'b');
    await bring(ledger, 'b', 'failed');
    await ledger.decide(decision({ events: [{ ...EVENT, status: 'cancelled' }], withdrawn: [EVENT.id] }));
    expect(await ledger.message(ALERT.id)).toBeUndefined();
    expect(await ledger.unsent()).toEqual([]);
    const posting = { message: { ...ALERT, lead: 'It returned.' }, event: EVENT.id, channels: ['a'] };
    await ledger.decide(decision({ events: [EVENT], messages: [posting] }));
    expect(await states(ledger)).toEqual({ a: 'pending' });
    expect(await ledger.message(ALERT.id)).toMatchObject({ lead: 'It returned.' });
  });

  test('keeps what arrived, and touches no other event', async () => {
    const { ledger } = await withAlert('a', 'b');
    await bring(ledger, 'a', 'sent', { id: '1' });
    const other = { ...EVENT, id: 'russell-2000/2016-11-14', session: '2016-11-14' };
    const message = exampleMessage({ id: 'russell-2000/2016-11-14/alert' });
    await ledger.decide(decision({ events: [other], messages: [{ message, event: other.id, channels: ['a'] }] }));
    await ledger.decide(decision({ withdrawn: [EVENT.id] }));
    expect(await states(ledger)).toEqual({ a: 'sent' });
    expect(await ledger.receipt(ALERT.id, 'a')).toEqual({ id: '1' });
    expect(await states(ledger, message.id)).toEqual({ a: 'pending' });
  });
});

describe('the lease', () => {
  const owner = holderOf;
  const alive = () => false;
  const dead = () => true;
  const start = Date.parse(NOW);

  test('is taken by the first and refused to the second while the first lives', async () => {
    const { ledger, path } = newLedger();
    const other = createSqliteLedger(open(path));
    expect(await ledger.takeLease(owner('me'), start, alive)).toBeUndefined();
    expect(await other.takeLease(owner('you'), start + LEASE_MS - 1, alive)).toEqual(owner('me'));
  });

  test('is free at once when its holder is dead', async () => {
    const { ledger } = newLedger();
    await ledger.takeLease(owner('me'), start, alive);
    const asked: LeaseOwner[] = [];
    const isDead = (other: LeaseOwner) => asked.push(other) > 0;
    expect(await ledger.takeLease(owner('you'), start, isDead)).toBeUndefined();
    expect(asked).toEqual([owner('me')]);
    expect(await ledger.takeLease(owner('me'), start, alive)).toEqual(owner('you'));
  });

  test('is free when it has expired, and prolonging it keeps it', async () => {
    const { ledger } = newLedger();
    await ledger.takeLease(owner('me'), start, alive);
    expect(await ledger.takeLease(owner('me'), start + LEASE_MS / 2, alive)).toBeUndefined();
    expect(await ledger.takeLease(owner('you'), start + LEASE_MS, alive)).toEqual(owner('me'));
    expect(await ledger.takeLease(owner('you'), start + 1.5 * LEASE_MS, alive)).toBeUndefined();
  });

  test('a holder does not ask whether it is dead itself', async () => {
    const { ledger } = newLedger();
    await ledger.takeLease({ ...owner('me'), processStarted: null }, start, alive);
    expect(await ledger.takeLease(owner('me'), start, dead)).toBeUndefined();
    expect(await ledger.takeLease(owner('you'), start, alive)).toEqual(owner('me'));
  });

  test("of one that took over and has ended is not the first one's again", async () => {
    const { ledger } = newLedger();
    await ledger.takeLease(owner('me'), start, alive);
    await ledger.keepLease('me', start + 10 * LEASE_MS);
    await ledger.takeLease(owner('you'), start + 11 * LEASE_MS, alive);
    await expect(ledger.keepLease('me', start)).rejects.toThrow('process 42 on here took over while this one slept');
    await ledger.endRun(await ledger.beginRun('check', NOW), {}, NOW, 'you');
    await expect(ledger.keepLease('me', start)).rejects.toThrow('another run took over while this one slept');
    const posting = { message: ALERT, event: null, channels: ['folder'] };
    const trouble = { name: 'backup', since: NOW };
    for (const act of [
      () => ledger.decide(decision({ events: [EVENT] })),
      () => ledger.post(posting),
      () => ledger.raise(trouble, posting),
      () => ledger.clear(trouble, undefined, NOW),
    ]) {
      await expect(asOwner('me', act)).rejects.toThrow(LeaseLostError);
    }
    expect(await ledger.signal('russell-2000')).toBeUndefined();
    expect([await ledger.newestMessages(9), await ledger.openTroubles()]).toEqual([[], []]);
    await ledger.takeLease(owner('me'), start, alive);
    await asOwner('me', () => ledger.decide(decision({ events: [EVENT] })));
    expect(await ledger.signal('russell-2000')).toBeDefined();
  });

  test.each([
    ['a year ahead', 365 * 86_400_000, undefined],
    ['as long as clocks may differ beyond the longest', LEASE_MS + 60_001, undefined],
    ['for its full time, by a clock that is a little ahead', LEASE_MS + 60_000, owner('me')],
  ])('that ends %s', async (_, ahead, inTheWay) => {
    const { ledger } = newLedger();
    // On this machine, by a process that lives: a clock that was set back.
    await ledger.takeLease(owner('me'), start + ahead - LEASE_MS, alive);
    expect(await ledger.takeLease(owner('you'), start, alive)).toEqual(inTheWay);
  });

  test('is given back with the end of the run, which is noted; by its holder only', async () => {
    const { ledger, database } = newLedger();
    await ledger.takeLease(owner('me'), start, alive);
    const runs = [await ledger.beginRun('check', NOW), await ledger.beginRun('check', NOW)];
    await ledger.endRun(runs[0] ?? 0, { fired: [] }, NOW, 'you');
    expect(await ledger.takeLease(owner('you'), start, alive)).toEqual(owner('me'));
    await ledger.endRun(runs[1] ?? 0, { fired: [] }, NOW, 'me');
    expect(await ledger.takeLease(owner('you'), start, alive)).toBeUndefined();
    expect(database.prepare('select command, started_at, ended_at, result from runs').all()).toEqual(
      Array.from({ length: 2 }, () => ({ command: 'check', started_at: NOW, ended_at: NOW, result: '{"fired":[]}' })),
    );
  });
});
