import { describe, expect, test } from 'vitest';
import { createCboeWitness } from '../../src/market/cboe.ts';
import { verdictOf, WitnessError } from '../../src/market/witness.ts';
import { startCboe } from '../support/cboe-server.ts';
import { SEP_18 } from '../support/story.ts';
import { useStandIn } from '../support/temporary.ts';

const RECORD = 2442.74;

const CLOSE = 2467.7;

describe('a quote of Cboe', () => {
  async function quoteAt(instant: string, change: Readonly<Record<string, unknown>> = {}, symbol = '^RUT') {
    const cboe = await useStandIn(startCboe());
    cboe.now = Date.parse(instant);
    for (const name of ['_RUT', '_SPX']) {
      cboe.closes.set(name, [
        { session: '2025-09-17', close: 2407.34 },
        { session: '2025-09-18', close: CLOSE },
        { session: '2025-09-19', close: 2448.77 },
      ]);
    }
    cboe.tweak = (data) => Object.assign(data, change);
    return createCboeWitness({ url: cboe.url, timeout: 5000 }).ask(symbol, cboe.now);
  }

  test.each([
    ['on the evening', '2025-09-18T20:36:00Z', { session: '2025-09-18', over: true }],
    ['at night', '2025-09-19T05:00:00Z', { session: '2025-09-18', over: true }],
    ['before the open', '2025-09-19T12:30:00Z', { session: '2025-09-18', over: true }],
    ['during the session', '2025-09-18T18:00:00Z', { session: '2025-09-18', over: false }],
    [
      'minutes after the close, when it is still delayed',
      '2025-09-18T20:10:00Z',
      { session: '2025-09-18', over: false },
    ],
    ['at the weekend', '2025-09-20T18:47:30Z', { session: '2025-09-19', over: true }],
  ])('%s', async (_, instant, expected) => {
    expect(await quoteAt(instant)).toMatchObject(expected);
  });

  test('its values are a little off, and confirm the close', async () => {
    const { close } = await quoteAt(SEP_18);
    expect(close).not.toBe(CLOSE);
    expect(close).toBeCloseTo(CLOSE, 2);
    expect(verdictOf({ by: 'Cboe', close, silence: null }, CLOSE, RECORD)).toBe('confirms');
  });

  test('the close is the official one, not the last print', async () => {
    expect((await quoteAt(SEP_18, { current_price: 2467.2, price_change: 59.86 })).close).toBeCloseTo(CLOSE, 2);
  });

  test('a close that is still that of the day before is not taken', async () => {
    const { close } = await quoteAt(SEP_18, { close: 2407.34, current_price: CLOSE, price_change: 60.36 });
    expect(close).toBe(CLOSE);
  });

  test('the session is over with a trade of its last minute', async () => {
    const over = async (time: string) =>
      (await quoteAt(SEP_18, { last_trade_time: `2025-09-18T${time}`, close: CLOSE })).over;
    expect([await over('15:58:59'), await over('15:59:00')]).toEqual([false, true]);
  });

  test('a half day ends at 13:00', async () => {
    const half = { last_trade_time: '2025-11-28T12:59:59', close: 2500 };
    expect(await quoteAt('2025-11-28T18:40:00Z', half)).toMatchObject({ session: '2025-11-28', over: true });
  });

  test.each([
    ['a blank instead of the T', { last_trade_time: '2025-09-18 16:14:59' }, true],
    ['without seconds', { last_trade_time: '2025-09-18T16:14' }, true],
    ['midnight, as of an index that is set once a day', { last_trade_time: '2025-09-18T00:00:00' }, false],
  ])('a time with %s', async (_, change, over) => {
    expect(await quoteAt(SEP_18, change)).toMatchObject({ session: '2025-09-18', over });
  });

  test.each([
    ['of another index', { symbol: '^SPX' }, 'answered with something other than a quote'],
    ['without a value', { close: null, current_price: null }, 'has no value at the moment'],
    ['of nothing', { close: 0, current_price: 0 }, 'has no value at the moment'],
    ['in texts', { close: '2467.70', current_price: '2467.70' }, 'has no value at the moment'],
    ['without a time', { last_trade_time: null }, 'does not say for which session'],
    ['with a time only', { last_trade_time: '16:14:59' }, 'does not say for which session'],
  ])('%s is none', async (_, change, words) => {
    await expect(quoteAt(SEP_18, change)).rejects.toEqual(new WitnessError(words));
  });

  test('it is not asked for what it does not have', async () => {
    const witness = createCboeWitness({ url: 'http://127.0.0.1:1', timeout: 5000 });
    expect(['^RUT', '^GSPC', '^NDX', '^DJI', '^N225'].map(witness.knows)).toEqual([true, true, true, false, false]);
    await expect(witness.ask('^N225', 0)).rejects.toThrow('has no quote for ^N225');
  });
});
