import { describe, expect, test, vi } from 'vitest';
import { createYahooSource } from '../../src/market/yahoo.ts';
import type { Fault } from '../support/http.ts';
import { useStandIn } from '../support/temporary.ts';
import { startYahoo } from '../support/yahoo-server.ts';

import { closesOf, expectSilence, failureOf, newYork, start } from './yahoo-stand-in.ts';

expectSilence();

describe('a request', () => {
  test('asks for everything the first time', async () => {
    const { source, yahoo } = await start();
    yahoo.now = newYork('2025-09-18 17:00');
    expect((await source.read('^RUT', undefined, yahoo.now)).bars).toHaveLength(4);
    expect(yahoo.requests).toEqual([{ symbol: '^RUT', period1: 0, period2: yahoo.now / 1000 + 86_400 }]);
  });

  test('asks from a day before the session later, as bars are dated in another time zone', async () => {
    const { read, yahoo } = await start();
    await read('2025-09-18 17:00', '2025-09-17');
    expect(yahoo.requests).toHaveLength(1);
    expect(yahoo.requests[0]?.period1).toBe(Date.parse('2025-09-16T00:00:00Z') / 1000);
  });
});

describe('what the program tells of itself', () => {
  test('is the name that is set, and no cookie', async () => {
    const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
    const { read, yahoo } = await start({ userAgent: agent });
    yahoo.fault = ({ count }) =>
      count === 1
        ? { status: 503, headers: { 'set-cookie': 'A3=d=AQAB; Max-Age=31557600; Path=/; Secure' } }
        : undefined;
    await read();
    expect(yahoo.headers.map((headers) => headers['user-agent'])).toEqual([agent, agent]);
    expect(yahoo.headers.map((headers) => 'cookie' in headers)).toEqual([false, false]);
  });

  test("is yahoo-finance2's name where none is set", async () => {
    const { read, yahoo } = await start();
    await read();
    expect(yahoo.headers[0]?.['user-agent']).toMatch(/^Mozilla\/5\.0 \(compatible; yahoo-finance2\//);
    expect(yahoo.headers[0]).not.toHaveProperty('cookie');
  });
});

describe('a fault that may pass', () => {
  const bad: [what: string, fault: Fault, told: string | RegExp][] = [
    [
      '429',
      { status: 429, body: 'Too Many Requests' },
      '^RUT: Yahoo asks to slow down (HTTP 429); the next run tries again; if this persists, set YAHOO_USER_AGENT',
    ],
    ['500', { status: 500, body: 'oops' }, '^RUT: Yahoo answered HTTP 500; the next run tries again'],
    [
      '502 in HTML',
      { status: 502, body: '<html>\nBad Gateway' },
      '^RUT: Yahoo answered HTTP 502; the next run tries again',
    ],
    [
      'HTML',
      { body: '<html>\n<p>consent "now"</p></html>' },
      '^RUT: Yahoo answered with an HTML page instead of a chart; the next run tries again',
    ],
    [
      'an empty page',
      { body: '' },
      '^RUT: Yahoo answered with an empty page instead of a chart; the next run tries again',
    ],
    [
      'half an answer',
      { body: '{"chart":{"result":[{"meta"' },
      '^RUT: Yahoo answered with broken JSON instead of a chart; the next run tries again',
    ],
    [
      'a broken answer',
      'truncate',
      /^\^RUT: 127\.0\.0\.1:\d+ cannot be reached( \(UND_ERR_SOCKET\))?; the next run tries again$/,
    ],
    ['a reset', 'reset', /^\^RUT: 127\.0\.0\.1:\d+ cannot be reached \(ECONNRESET\); the next run tries again$/],
    [
      'a closed connection',
      'drop',
      /^\^RUT: 127\.0\.0\.1:\d+ cannot be reached \(UND_ERR_SOCKET\); the next run tries again$/,
    ],
  ];

  test.each(bad)('is tried again: %s', async (_what, fault) => {
    const { read, yahoo, waits } = await start();
    yahoo.fault = ({ count }) => (count <= 2 ? fault : undefined);
    expect((await read()).bars).toHaveLength(4);
    expect(yahoo.requests).toHaveLength(3);
    expect(waits).toEqual([500, 1000]);
  });

  test.each(bad)('is told in one line in the end: %s', async (_what, fault, told) => {
    const { read, yahoo } = await start();
    yahoo.fault = () => fault;
    const message = await failureOf(read());
    if (typeof told === 'string') expect(message).toBe(told);
    else expect(message).toMatch(told);
    expect(yahoo.requests).toHaveLength(3);
  });

  test.each<Fault>(['hang', 'stall'])('ends after its time: %s', async (fault) => {
    const { read, yahoo } = await start({ timeout: 40 });
    yahoo.fault = () => fault;
    const message = await failureOf(read());
    expect(message).toMatch(/^\^RUT: 127\.0\.0\.1:\d+ did not answer in time; the next run tries again$/);
    expect(yahoo.requests).toHaveLength(3);
  });

  test('is told when nobody listens', async () => {
    const { read, yahoo } = await start();
    await yahoo.close();
    expect(await failureOf(read())).toMatch(
      /^\^RUT: 127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\); the next run/,
    );
  });

  test('waits as long as Yahoo asks', async () => {
    const { read, yahoo, waits } = await start();
    yahoo.fault = ({ count }) => (count === 1 ? { status: 429, headers: { 'retry-after': '7' } } : undefined);
    expect((await read()).bars).toHaveLength(4);
    expect(waits).toEqual([7000]);
  });

  test('is left to the next run where Yahoo asks for more patience than there is', async () => {
    const { read, yahoo, waits } = await start();
    yahoo.fault = () => ({ status: 429, headers: { 'retry-after': '3600' } });
    expect(await failureOf(read())).toContain('HTTP 429');
    expect([yahoo.requests.length, waits]).toEqual([1, []]);
  });

  test.each(['soon', '-5', 'Infinity', ''])("waits as usual where Yahoo asks for '%s'", async (retryAfter) => {
    const { read, yahoo, waits } = await start();
    yahoo.fault = ({ count }) => (count === 1 ? { status: 503, headers: { 'retry-after': retryAfter } } : undefined);
    await read();
    expect(waits).toEqual([500]);
  });

  test('of some readings does not stop those of another symbol: yahoo-finance2 lets four requests run at a time', async () => {
    const { read, yahoo } = await start();
    yahoo.closes.set('^GSPC', [{ session: '2025-09-18', close: 6631.96 }]);
    yahoo.fault = ({ symbol }) => (symbol === '^RUT' ? 'hang' : undefined);
    const failing = Array.from({ length: 5 }, () => failureOf(read()));
    await vi.waitUntil(() => yahoo.requests.length === 5, { timeout: 30_000, interval: 5 });
    expect(closesOf(await read(undefined, undefined, '^GSPC'))).toEqual(['2025-09-18 6631.96']);
    await yahoo.close();
    await Promise.all(failing);
  });
});

describe('a fault that stays', () => {
  test.each<[what: string, fault: Fault | undefined, told: string]>([
    [
      'an unknown symbol',
      undefined,
      "NOPE: Yahoo does not know this symbol ('No data found, symbol may be delisted'); check it in signals.json",
    ],
    [
      '403',
      { status: 403, body: 'Forbidden' },
      'NOPE: Yahoo answered HTTP 403; the next run tries again; if this persists, set YAHOO_USER_AGENT',
    ],
    [
      'a refusal in other words',
      { body: '{"finance":{"result":null,"error":{"code":"Unauthorized","description":"Invalid Cookie"}}}' },
      "NOPE: Yahoo refused the request ('Invalid Cookie'); the next run tries again",
    ],
    [
      'an answer of another shape',
      { body: '{"chart":{"result":[{"meta":{},"indicators":{"quote":[{}]}}],"error":null}}' },
      "NOPE: Yahoo's answer is not a valid chart: meta.symbol is missing, not the symbol's name; the next run tries again",
    ],
  ])('is not tried again and is told in one line: %s', async (_what, fault, told) => {
    const { read, yahoo, waits } = await start();
    yahoo.fault = () => fault;
    expect(await failureOf(read(undefined, undefined, 'NOPE'))).toBe(told);
    expect([yahoo.requests.length, waits]).toEqual([1, []]);
  });

  test('is an answer that is too big: it is not read to its end', async () => {
    const { read, yahoo } = await start({ maxBytes: 100_000 });
    yahoo.fault = () => ({ body: `{"chart":"${'x'.repeat(5_000_000)}"}` });
    expect(await failureOf(read())).toBe('^RUT: the answer exceeds 0.1 MB and was not read');
    expect(yahoo.requests).toHaveLength(1);
  });

  test('an answer just within the limit is read', async () => {
    const { read, yahoo } = await start({ maxBytes: 100_000 });
    yahoo.tweak = ({ meta }) => {
      meta.range = 'x'.repeat(90_000);
    };
    expect((await read()).bars).toHaveLength(4);
  });
});

describe('a hostile answer', () => {
  test.each<[what: string, body: string, told: RegExp]>([
    ['100 MB', `{"chart":"${'x'.repeat(100_000_000)}"}`, /exceeds 8 MB and was not read$/],
    ['nested without an end', '['.repeat(7_000_000), /nested too deeply for a chart/],
    ['nested objects', '{"a":'.repeat(1_500_000), /nested too deeply for a chart/],
    ['a million bars', `{"chart":{"result":[{"timestamp":[${'1758202200,'.repeat(1e6)}0]}]}}`, /exceeds 8 MB/],
    [
      'half a million bars without meta',
      `{"chart":{"result":[{"timestamp":[${'1,'.repeat(5e5)}1]}]}}`,
      /not a valid chart/,
    ],
  ])('is refused in one line, without another try: %s', async (_what, body, told) => {
    const { read, yahoo, waits } = await start();
    yahoo.fault = () => ({ body });
    expect(await failureOf(read())).toMatch(told);
    expect([yahoo.requests.length, waits]).toEqual([1, []]);
  });

  test('of half a million bars on one day is one session', async () => {
    const { read, yahoo } = await start();
    yahoo.tweak = (chart) => {
      chart.timestamp = Array<number>(5e5).fill(newYork('2025-09-17 09:30') / 1000);
      chart.indicators.quote[0] = { open: [], high: [], low: [], volume: [], close: Array<number>(5e5).fill(5) };
    };
    expect(closesOf(await read())).toEqual(['2025-09-17 5.00']);
  });

  test('that redirects is not followed', async () => {
    const { read, yahoo } = await start();
    const elsewhere = await useStandIn(startYahoo());
    yahoo.fault = () => ({ status: 302, headers: { location: `${elsewhere.url}/v8/finance/chart/x` }, body: 'see' });
    expect(await failureOf(read())).toBe('^RUT: Yahoo answered HTTP 302; the next run tries again');
    expect(elsewhere.requests).toEqual([]);
  });
});

test("a proxy's secret is in no message", async () => {
  const yahoo = await useStandIn(startYahoo());
  const sleep = async () => {};
  const patience = { attempts: 2, firstDelay: 0, maxDelay: 0, sleep, random: () => 0 };
  for (const url of [`${yahoo.url}/s3cret`, yahoo.url.replace('//', '//me:s3cret@')]) {
    const source = createYahooSource({ url, timeout: 40, patience });
    for (const fault of [undefined, 'hang', 'reset', { status: 500 }, { body: '' }] as const) {
      yahoo.fault = () => fault;
      expect(await failureOf(source.read('^RUT', undefined, yahoo.now))).not.toContain('s3cret');
    }
  }
});
