import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NEW_YORK } from '../../src/market/exchange.ts';
import { judge } from '../../src/market/sanity.ts';
import { isDate, isWeekend } from '../../src/market/session.ts';
import { type Reading, type Source, SourceError } from '../../src/market/source.ts';
import { createYahooSource } from '../../src/market/yahoo.ts';
import type { ChartAnswer } from '../support/yahoo-chart.ts';
import type { YahooStandIn } from '../support/yahoo-server.ts';
import type { Fuzzing } from './fuzz.ts';

const NOW = Date.parse('2025-09-18T21:00:00Z');
/** In the time zones that are told the date has turned. */
const TODAY_SOMEWHERE = '2025-09-19';
const CLOSES = ['2025-09-11', '2025-09-12', '2025-09-15', '2025-09-16', '2025-09-17', '2025-09-18'].map(
  (session, index) => ({ session, close: 2400 + index * 10 }),
);

/** Whatever may stand in JSON where something else should. */
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(null, 0, -1, 1e-320, 1e308, -0, '', 'NaN', 'Infinity', '2407.34', [], {}, true, '9'.repeat(400)),
  fc.double(),
  fc.integer({ min: -9e15, max: 9e15 }),
);

/** One change of a good answer: a place in it, by names and positions, and what is put there. */
const change = fc.record({
  path: fc.constantFrom<(string | number)[]>(
    ['meta'],
    ['meta', 'symbol'],
    ['meta', 'currency'],
    ['meta', 'exchangeTimezoneName'],
    ['meta', 'regularMarketPrice'],
    ['meta', 'regularMarketTime'],
    ['meta', 'currentTradingPeriod'],
    ['meta', 'currentTradingPeriod', 'regular'],
    ['meta', 'currentTradingPeriod', 'regular', 'end'],
    ['meta', 'currentTradingPeriod', 'regular', 'start'],
    ['meta', 'firstTradeDate'],
    ['timestamp'],
    ['timestamp', 2],
    ['timestamp', 5],
    ['indicators'],
    ['indicators', 'quote'],
    ['indicators', 'quote', 0],
    ['indicators', 'quote', 0, 'close'],
    ['indicators', 'quote', 0, 'close', 3],
    ['indicators', 'quote', 0, 'close', 5],
    ['indicators', 'quote', 0, 'low'],
    ['indicators', 'quote', 0, 'low', 5],
    ['indicators', 'quote', 0, 'high', 5],
    ['events'],
    ['extra'],
  ),
  value: odd,
  remove: fc.boolean(),
});
const zone = fc.constantFrom('America/New_York', 'UTC', 'Asia/Tokyo', 'Pacific/Kiritimati', 'Etc/GMT+12', 'nowhere');

function put(target: unknown, path: readonly (string | number)[], value: unknown, remove: boolean): void {
  const owner = path
    .slice(0, -1)
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], target);
  const last = path.at(-1);
  if (typeof owner !== 'object' || owner === null || last === undefined) return;
  if (!remove) (owner as Record<string, unknown>)[last] = value;
  else if (Array.isArray(owner)) owner.splice(Number(last), 1);
  else delete (owner as Record<string, unknown>)[last];
}

function sourceOf({ url }: YahooStandIn): Source {
  const patience = { attempts: 1, firstDelay: 0, maxDelay: 0, sleep: async () => {}, random: () => 0 };
  return createYahooSource({ url, timeout: 5000, patience });
}

/** Whatever Yahoo answers: a reading of sessions that can be judged, or one line that says why not. */
export function fuzzAnswers(yahoo: YahooStandIn): Fuzzing {
  const source = sourceOf(yahoo);
  const read = async () => {
    try {
      return await source.read('^RUT', '2025-09-11', NOW);
    } catch (error) {
      assert(error instanceof SourceError, `not a SourceError: ${(error as Error).stack}`);
      assert.match(error.message, /^\^RUT: .{1,300}$/);
      return undefined;
    }
  };
  const bent = fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), zone, async (changes, timeZone) => {
    yahoo.now = NOW;
    yahoo.closes.set('^RUT', CLOSES);
    yahoo.fault = undefined;
    yahoo.tweak = (chart: ChartAnswer) => {
      chart.meta.exchangeTimezoneName = timeZone;
      for (const { path, value, remove } of changes) put(chart, path, value, remove);
    };
    const reading = await read();
    if (reading !== undefined) check(reading);
  });
  return { name: 'chart answers', property: bent as never, runs: 400 };
}

/** Whatever comes instead of JSON. */
export function fuzzBodies(yahoo: YahooStandIn): Fuzzing {
  const source = sourceOf(yahoo);
  const body = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.json().map((text) => text.slice(0, -1)),
  );
  const status = fc.constantFrom(200, 201, 204, 301, 304, 400, 404, 418, 429, 500, 503, 599);
  const any = fc.asyncProperty(body, status, fc.string({ maxLength: 20 }), async (text, code, after) => {
    const header = after.replace(/[^\x20-\x7e]/g, '');
    yahoo.fault = () => ({
      status: code,
      body: code === 204 || code === 304 ? '' : text,
      headers: { 'retry-after': header },
    });
    await assert.rejects(source.read('^RUT', undefined, NOW), { name: 'SourceError', message: /^\^RUT: .{1,300}$/ });
  });
  return { name: 'bodies', property: any as never, runs: 200 };
}

function check(reading: Reading): void {
  const sessions = reading.bars.map(({ session }) => session);
  assert.deepEqual(sessions, [...new Set(sessions)].sort());
  for (const { session, close } of reading.bars) {
    // Elsewhere there are sessions on single Saturdays and Sundays.
    const mayBe = !isWeekend(session) || reading.exchange !== NEW_YORK;
    assert(isDate(session) && mayBe && session <= TODAY_SOMEWHERE, `no session: ${session}`);
    assert(close === null || typeof close === 'number');
  }
  for (const known of [[], judge(reading, [], 0.15, NOW).changed]) {
    for (const row of judge(reading, known, 0.15, NOW + 86_400_000).changed) {
      if (row.close !== null) assert(Number.isFinite(row.close) && row.close > 0, `believed ${row.close}`);
    }
  }
}
