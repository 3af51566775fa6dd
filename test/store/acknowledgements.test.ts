import { describe, expect, test } from 'vitest';
import type { Acknowledgement } from '../../src/store/acknowledgements.ts';
import { exampleMessage } from '../support/examples.ts';
import { STORES } from './stores.ts';

const BY_ANNA: Acknowledgement = {
  message: 'russell-2000/2025-09-18/alert',
  channel: 'discord-bot',
  who: '1417934283201413190',
  name: 'Änna 指数',
  at: '2025-09-19T12:12:00.000Z',
};
const BY_MAIL = { ...BY_ANNA, channel: 'email:bob@example.com', who: 'bob@example.com', name: 'bob@example.com' };

describe.each(STORES)('$name', (store) => {
  test('who has seen a message is noted once: the first time counts, in every process', async () => {
    const { ledger, again } = await store.openLedger();
    expect(await ledger.acknowledge(BY_ANNA)).toEqual(BY_ANNA);
    const later = { ...BY_ANNA, name: 'Other', at: '2025-09-20T12:00:00.000Z' };
    const other = await again();
    expect(await other.acknowledge(later)).toEqual(BY_ANNA);
    expect(await other.acknowledgements([BY_ANNA.message])).toEqual([BY_ANNA]);
  });

  test('each reader of a message has one of their own, the earliest first; other messages have none', async () => {
    const { ledger } = await store.openLedger();
    await ledger.acknowledge(BY_ANNA);
    const earlier = { ...BY_MAIL, at: '2025-09-18T21:00:00.000Z' };
    await ledger.acknowledge(earlier);
    await ledger.acknowledge({ ...BY_MAIL, message: 'drill/2025-10-01T16:00:00.000Z' });
    expect(await ledger.acknowledgements([BY_ANNA.message, 'no/such/message'])).toEqual([earlier, BY_ANNA]);
    expect(await ledger.acknowledgements([])).toEqual([]);
  });

  test('two who press at once are noted once each', async () => {
    const { ledger, again } = await store.openLedger();
    const ledgers = [ledger, await again()];
    const pressed = await Promise.all(
      Array.from({ length: 10 }, (_, nth) =>
        ledgers[nth % 2]?.acknowledge({ ...BY_ANNA, at: `2025-09-19T12:12:0${nth}.000Z` }),
      ),
    );
    expect(new Set(pressed.map((one) => one?.at)).size).toBe(1);
    expect(await ledger.acknowledgements([BY_ANNA.message])).toHaveLength(1);
  });

  test('a fact that is kept is the first one that was noted, whoever asks at the same time', async () => {
    const { ledger, again } = await store.openLedger();
    const ledgers = [ledger, await again()];
    const kept = await Promise.all(Array.from({ length: 10 }, (_, nth) => ledgers[nth % 2]?.keepFact('key', `${nth}`)));
    expect(new Set(kept).size).toBe(1);
    expect(await ledger.fact('key')).toBe(kept[0]);
  });

  test('the messages of a kind since an instant come oldest first', async () => {
    const { ledger } = await store.openLedger();
    const at = (day: number) => `2025-09-${day}T20:45:00.000Z`;
    for (const day of [19, 17, 18]) {
      const message = exampleMessage({ id: `x/2025-09-${day}/alert`, createdAt: at(day) });
      await ledger.post({ message, event: null, channels: ['email:ann@example.com'] });
    }
    // Told in another one only: it goes nowhere by itself.
    const told = exampleMessage({ id: 'y/2025-09-18/alert', createdAt: at(18) });
    await ledger.post({ message: told, event: null, channels: [] });
    const digest = exampleMessage({ id: 'digest/2025-09-19', kind: 'digest', createdAt: at(19) });
    await ledger.post({ message: digest, event: null, channels: [] });
    const found = await ledger.messagesSince('alert', at(18));
    expect(found.map(({ id }) => id)).toEqual(['x/2025-09-18/alert', 'x/2025-09-19/alert']);
  });

  test('one that a clock of later has noted becomes one of now', async () => {
    const { ledger } = await store.openLedger();
    await ledger.acknowledge({ ...BY_ANNA, at: '2031-01-01T00:00:00.000Z' });
    await ledger.acknowledge(BY_MAIL);
    await ledger.voidFutureStamps(Date.parse('2025-09-20T00:00:00Z'), 0);
    expect((await ledger.acknowledgements([BY_ANNA.message])).map(({ at }) => at)).toEqual([
      BY_MAIL.at,
      '2025-09-20T00:00:00.000Z',
    ]);
  });
});
