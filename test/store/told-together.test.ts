import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/message/message.ts';
import type { LedgerEvent } from '../../src/store/events.ts';
import type { Ledger } from '../../src/store/ledger.ts';
import { decision, EVENT, exampleMessage } from '../support/examples.ts';
import { claim, deliveryOf, NOW, states, update } from './example-ledger.ts';
import type { Store } from './store.ts';
import { STORES } from './stores.ts';

const SIGNALS = ['one', 'two', 'three'];
const TOGETHER = exampleMessage({ id: 'evening/2025-09-18/alert-0a1b2c3d', signal: null, tells: SIGNALS.map(alertOf) });

function alertOf(signal: string): string {
  return `${signal}/2025-09-18/alert`;
}

function eventOf(signal: string, change: Partial<LedgerEvent> = {}): LedgerEvent {
  return { ...EVENT, id: `${signal}/2025-09-18`, ...change };
}

function message(id: string, change: Partial<Message> = {}): Message {
  return exampleMessage({ id, ...change });
}

/** A ledger with three events that channels a and b are told together, and c each alone. */
async function withEvening(store: Store) {
  const made = await store.openLedger();
  await made.ledger.decide(
    ...SIGNALS.map((signal) =>
      decision({
        signal,
        events: [eventOf(signal)],
        messages: [
          { message: message(alertOf(signal)), event: `${signal}/2025-09-18`, channels: ['c'] },
          ...(signal === 'three' ? [{ message: TOGETHER, event: null, channels: ['a', 'b'] }] : []),
        ],
      }),
    ),
  );
  return made;
}

async function end(ledger: Ledger, channel: string, state: 'sent' | 'unknown' | 'failed'): Promise<void> {
  const receipt = state === 'sent' ? { messageId: `on ${channel}` } : null;
  const claimed = await claim(ledger, channel, 'me', TOGETHER.id);
  expect(await ledger.recordResult(claimed, update({ state, receipt }), NOW)).toBe(true);
}

const eventIn = async (ledger: Ledger, signal: string) => (await ledger.signal(signal))?.events[0];

describe.each(STORES)('$name: messages that are told together', (store) => {
  test('are sent as one, and each has its deliveries', async () => {
    const { ledger } = await withEvening(store);
    expect((await ledger.unsent()).map((one) => `${one.message} ${one.channel}`)).toEqual([
      ...SIGNALS.slice(0, 2).map((signal) => `${alertOf(signal)} c`),
      `${alertOf('three')} c`,
      `${TOGETHER.id} a`,
      `${TOGETHER.id} b`,
    ]);
    expect(await states(ledger, alertOf('two'))).toEqual({ a: 'pending', b: 'pending', c: 'pending' });
    expect(await ledger.toldIn(TOGETHER.id, 'a')).toEqual(SIGNALS.map(alertOf));
    expect(await ledger.toldIn(TOGETHER.id, 'c')).toEqual([]);
    expect(await ledger.toldAs(alertOf('two'), 'a')).toBe(TOGETHER.id);
    expect(await ledger.toldAs(alertOf('two'), 'c')).toBe(alertOf('two'));
  });

  test('have arrived where the one has', async () => {
    const { ledger } = await withEvening(store);
    expect(await eventIn(ledger, 'one')).toMatchObject({ reached: false });
    await end(ledger, 'a', 'sent');
    expect(await eventIn(ledger, 'one')).toMatchObject({ reached: true });
    expect(await ledger.reached('one/2025-09-18')).toEqual(['a']);
    expect(await ledger.posted('one/2025-09-18')).toEqual(['a', 'b', 'c']);
    expect(await ledger.receipt(alertOf('two'), 'a')).toEqual({ messageId: 'on a' });
    expect(await ledger.receipt(alertOf('two'), 'c')).toBeNull();
    // Each event for itself, as a feed lists them.
    expect((await ledger.arrived(['alert'], 10)).map(({ id }) => id)).toEqual(SIGNALS.toReversed().map(alertOf));
    expect(await states(ledger, alertOf('three'))).toEqual({ a: 'sent', b: 'pending', c: 'pending' });
    // What somebody has elsewhere: by itself or with others.
    expect(await deliveryOf(ledger, 'c', alertOf('one'))).toMatchObject({ elsewhere: true });
    expect(await deliveryOf(ledger, 'b', TOGETHER.id)).toMatchObject({ elsewhere: true });
  });

  test('are seen by who has seen the one', async () => {
    const { ledger } = await withEvening(store);
    const by = { channel: 'discord-bot', who: '1', name: 'Anna', at: NOW };
    await ledger.acknowledge({ ...by, message: TOGETHER.id });
    await ledger.acknowledge({ ...by, message: alertOf('two'), who: '2', name: 'Bob' });
    const seen = await ledger.acknowledgements([alertOf('one'), alertOf('two'), TOGETHER.id]);
    expect(seen.map(({ message, name }) => `${message} ${name}`).sort()).toEqual(
      [`${TOGETHER.id} Anna`, `${alertOf('one')} Anna`, `${alertOf('two')} Anna`, `${alertOf('two')} Bob`].sort(),
    );
  });

  test('one in doubt holds up no other: it waits alone where nothing has arrived', async () => {
    const { ledger } = await withEvening(store);
    await end(ledger, 'a', 'sent');
    await end(ledger, 'b', 'failed');
    await ledger.decide(decision({ signal: 'one', events: [eventOf('one', { goneSince: NOW })] }));
    expect(await ledger.toldIn(TOGETHER.id, 'a')).toEqual(SIGNALS.map(alertOf));
    expect(await ledger.toldIn(TOGETHER.id, 'b')).toEqual(['two', 'three'].map(alertOf));
    expect(await deliveryOf(ledger, 'b', TOGETHER.id)).toMatchObject({ inDoubt: false });
    expect(await deliveryOf(ledger, 'b', alertOf('one'))).toMatchObject({
      state: 'failed',
      attempts: 1,
      inDoubt: true,
      elsewhere: true,
    });
    expect(await ledger.toldAs(alertOf('one'), 'b')).toBe(alertOf('one'));
  });

  test('where it may have arrived, it waits whole: it must not be told twice, nor half', async () => {
    const { ledger } = await withEvening(store);
    await end(ledger, 'a', 'unknown');
    await ledger.decide(decision({ signal: 'one', events: [eventOf('one', { goneSince: NOW })] }));
    expect(await deliveryOf(ledger, 'a', TOGETHER.id)).toMatchObject({ inDoubt: true });
    expect(await deliveryOf(ledger, 'b', TOGETHER.id)).toMatchObject({ inDoubt: false });
    await ledger.decide(decision({ signal: 'one', events: [eventOf('one')] }));
    expect(await deliveryOf(ledger, 'a', TOGETHER.id)).toMatchObject({ inDoubt: false });
    expect(await ledger.toldIn(TOGETHER.id, 'a')).toEqual(SIGNALS.map(alertOf));
  });

  test('one that is retracted is told no more, and its retraction goes where it may have been', async () => {
    const { ledger } = await withEvening(store);
    await end(ledger, 'a', 'unknown');
    const retraction = message('one/2025-09-18/retraction', { kind: 'retraction' });
    await ledger.decide(
      decision({
        signal: 'one',
        events: [eventOf('one', { status: 'retracted' })],
        withdrawn: ['one/2025-09-18'],
        messages: [{ message: retraction, event: 'one/2025-09-18', channels: 'reached' }],
      }),
    );
    expect(await states(ledger, retraction.id)).toEqual({ a: 'pending' });
    expect(await ledger.toldIn(TOGETHER.id)).toEqual(['two', 'three'].map(alertOf));
    expect(await deliveryOf(ledger, 'a', TOGETHER.id)).toMatchObject({ state: 'unknown', inDoubt: false });
    expect(await deliveryOf(ledger, 'a', alertOf('one'))).toMatchObject({ state: 'unknown', inDoubt: true });
    expect(await states(ledger, alertOf('one'))).toEqual({ a: 'unknown' });
  });

  test('that are all gone before anybody was told leave nothing behind', async () => {
    const { ledger } = await withEvening(store);
    for (const signal of SIGNALS) {
      const gone = { events: [eventOf(signal, { status: 'cancelled' })], withdrawn: [`${signal}/2025-09-18`] };
      await ledger.decide(decision({ signal, ...gone }));
    }
    expect(await ledger.unsent()).toEqual([]);
    expect(await ledger.newestMessages(10)).toEqual([]);
    expect(await ledger.message(TOGETHER.id)).toBeUndefined();
  });

  test('that are posted again are left alone', async () => {
    const { ledger } = await withEvening(store);
    await end(ledger, 'a', 'sent');
    await ledger.post(...SIGNALS.map((signal) => ({ message: message(alertOf(signal)), event: null, channels: [] })), {
      message: TOGETHER,
      event: null,
      channels: ['a', 'b'],
    });
    expect(await states(ledger, TOGETHER.id)).toEqual({ a: 'sent', b: 'pending' });
  });
});
