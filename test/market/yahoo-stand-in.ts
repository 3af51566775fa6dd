import { afterEach, beforeEach, expect, vi } from 'vitest';
import { type Reading, type Source, SourceError } from '../../src/market/source.ts';
import { createYahooSource, type YahooOptions } from '../../src/market/yahoo.ts';
import { useStandIn } from '../support/temporary.ts';
import { startYahoo, type YahooStandIn } from '../support/yahoo-server.ts';

const METHODS = ['log', 'info', 'warn', 'error', 'debug', 'dir', 'trace', 'table'] as const;

/**
 * Fails the tests of a file that print: yahoo-finance2 prints URLs and complaints past its logger; `--json` would break, and
 * a proxy's secret show.
 */
export function expectSilence(): void {
  beforeEach(() => {
    for (const method of METHODS) vi.spyOn(console, method).mockImplementation(() => {});
  });
  afterEach(() => {
    const printed = METHODS.flatMap((method) => vi.mocked(console[method]).mock.calls);
    vi.restoreAllMocks();
    expect(printed).toEqual([]);
  });
}

export const WEEK = [
  { session: '2025-09-15', close: 2405.13 },
  { session: '2025-09-16', close: 2403.03 },
  { session: '2025-09-17', close: 2407.34 },
  { session: '2025-09-18', close: 2467.7 },
];

/** A time of New York's summer, in epoch milliseconds. */
export function newYork(time: string): number {
  return Date.parse(`${time.replace(' ', 'T')}:00-04:00`);
}

export interface App {
  readonly yahoo: YahooStandIn;
  readonly source: Source;
  /** What each wait was, in milliseconds. Nothing sleeps. */
  readonly waits: number[];
  read(time?: string, from?: string, symbol?: string): Promise<Reading>;
}

export async function start(options: Partial<YahooOptions> = {}): Promise<App> {
  const yahoo = await useStandIn(startYahoo());
  yahoo.closes.set('^RUT', [...WEEK]);
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  const patience = { attempts: 3, firstDelay: 1000, maxDelay: 30_000, sleep, random: () => 0.5 };
  const source = createYahooSource({ url: yahoo.url, timeout: 5000, patience, ...options });
  return {
    yahoo,
    source,
    waits,
    read: (time = '2025-09-18 17:00', from = '2025-09-15', symbol = '^RUT') => {
      yahoo.now = newYork(time);
      return source.read(symbol, from, yahoo.now);
    },
  };
}

/** The closes of a reading, rounded: Yahoo's are of single precision. */
export function closesOf({ bars }: Reading): string[] {
  return bars.map(({ session, close }) => `${session} ${close === null ? 'null' : close.toFixed(2)}`);
}

/** One clear line that names the symbol. */
export async function failureOf(reading: Promise<Reading>): Promise<string> {
  const error: unknown = await reading.then(
    () => expect.fail('it was read'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof SourceError)) throw error;
  expect(error.message).toMatch(/^\S+: .{10,}$/);
  expect(error.message.length).toBeLessThan(250);
  expect(error.message).not.toMatch(/https?:|period1|v8\/finance|<|\n/);
  return error.message;
}
