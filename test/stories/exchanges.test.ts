import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { replay } from '../../src/analysis/replay.ts';
import type { App } from '../../src/app/app.ts';
import { openApp } from '../../src/app/open.ts';
import { check } from '../../src/check/check.ts';
import { status } from '../../src/check/status.ts';
import { isBehind } from '../../src/daemon/behind.ts';
import { round } from '../../src/daemon/round.ts';
import { healthOf } from '../../src/health/health.ts';
import { currentTroubles } from '../../src/health/troubles.ts';
import { digest } from '../../src/jobs/digest.ts';
import { addDays, isWeekend } from '../../src/market/session.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { rootWith } from '../support/root.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { removeBar } from '../support/yahoo-chart.ts';
import { startYahoo, type YahooStandIn } from '../support/yahoo-server.ts';

const DAX = { id: 'dax', title: 'DAX', index: '^GDAXI', benchmark: '^GDAXI', quietYears: 1, horizons: [1, 12] };
const NIKKEI = {
  id: 'nikkei',
  title: 'Nikkei 225',
  index: '^N225',
  benchmark: '^GSPC',
  quietYears: 1,
  horizons: [1, 12],
};
const SYMBOLS = {
  '^GDAXI': { name: 'DAX', maxDailyMove: 0.15 },
  '^N225': { name: 'Nikkei 225', maxDailyMove: 0.15 },
  '^GSPC': { name: 'S&P 500', maxDailyMove: 0.15 },
};

/** What Frankfurt keeps of them: https://www.xetra.com, trading calendar 2025. */
const GERMAN_HOLIDAYS = ['2025-01-01', '2025-04-18', '2025-04-21', '2025-05-01'];
const AMERICAN_HOLIDAYS = ['2025-01-01', '2025-01-09', '2025-04-18', '2025-05-26', '2025-06-19', '2025-07-04'];

/** Closes of every weekday since 2024 that is no holiday, around 100, with a record on 2 February 2024 and what is given. */
function closesOf(holidays: readonly string[], to: string, special: Readonly<Record<string, number>>) {
  const closes = [];
  for (let date = '2024-01-02'; date <= to; date = addDays(date, 1)) {
    if (isWeekend(date) || holidays.includes(date) || date === '2024-07-04') continue;
    closes.push({ session: date, close: special[date] ?? 100 + (Number(date.slice(8)) % 7) / 10 });
  }
  return closes;
}

interface Stage {
  readonly yahoo: YahooStandIn;
  at<T>(instant: string, act: (app: App) => Promise<T>): Promise<T>;
}

async function stage(signals: readonly object[]): Promise<Stage> {
  const yahoo = await startYahoo();
  onTestFinished(() => yahoo.close());
  yahoo.hours.set('^GDAXI', { timeZone: 'Europe/Berlin', open: 9, close: 17.5 });
  yahoo.hours.set('^N225', { timeZone: 'Asia/Tokyo', open: 9, close: 15.5 });
  yahoo.closes.set('^GDAXI', closesOf(GERMAN_HOLIDAYS, '2025-07-31', { '2024-02-02': 105, '2025-07-04': 106 }));
  yahoo.closes.set('^N225', closesOf(['2025-01-01'], '2025-07-31', { '2024-02-02': 105, '2025-07-04': 107 }));
  yahoo.closes.set('^GSPC', closesOf(AMERICAN_HOLIDAYS, '2025-07-31', {}));
  const settings = loadSettings(rootWith(signals, SYMBOLS), {
    YAHOO_FINANCE_URL: yahoo.url,
    DATABASE_PATH: join(temporaryFolder(), 'market.db'),
    OUTBOX_DIR: temporaryFolder(),
  });
  return {
    yahoo,
    at: async (instant, act) => {
      const now = Date.parse(instant);
      yahoo.now = now;
      const app = await openApp(settings, {
        now: () => now,
        sleep: async () => {},
        random: () => 0.5,
        progress: () => {},
        freeBytes: async () => 1e12,
        draw: async () => [],
      });
      return act(app).finally(() => app.close());
    },
  };
}

async function checked(app: App) {
  const report = await check(app, { offline: false, command: 'test' });
  if ('skipped' in report) throw new Error(report.skipped);
  return report;
}

describe('an index of Frankfurt', () => {
  test('fires in its own evening, on a day on which New York is closed', async () => {
    const { at } = await stage([DAX]);
    const before = await at('2025-07-03T16:30:00Z', checked);
    expect(before.signals).toMatchObject([
      { session: '2025-07-03', state: 'armed', record: { session: '2024-02-02' } },
    ]);
    expect(before.missing).toEqual([]);
    // 17:55 in Frankfurt: the close is not settled yet.
    expect((await at('2025-07-04T15:55:00Z', checked)).fired).toEqual([]);
    const report = await at('2025-07-04T16:10:00Z', checked);
    expect(report.fired).toEqual(['dax/2025-07-04']);
    await at('2025-07-04T16:10:00Z', async ({ ledger }) => {
      const alert = await ledger.message('dax/2025-07-04/alert');
      expect(alert?.lead).toContain('The DAX closed at 106.00 (+5.68%) on 4 Jul 2025');
      expect(alert?.notes).toEqual([]);
    });
  });

  test('asks for its session from its evening on, and for none on a holiday that a look has found', async () => {
    const { at } = await stage([DAX]);
    await at('2025-04-17T16:30:00Z', checked);
    expect(await at('2025-04-17T20:00:00Z', isBehind)).toBe(false);
    // Good Friday: a weekday, so the first look of the evening finds out.
    expect(await at('2025-04-18T15:30:00Z', isBehind)).toBe(false);
    expect(await at('2025-04-18T16:30:00Z', isBehind)).toBe(true);
    const done = await at('2025-04-18T16:30:00Z', (app) => round(app, { why: 'hourly', check: 'when due' }));
    expect(done.problems).toEqual([]);
    expect(done.report?.missing).toEqual([]);
    expect(await at('2025-04-18T17:30:00Z', isBehind)).toBe(false);
    // The morning after Easter Monday, on which nobody looked: it may have been a session.
    await at('2025-04-22T05:00:00Z', async (app) => {
      expect(app.closes.missing('^GDAXI', app.now())).toEqual(['2025-04-21']);
      expect((await checked(app)).missing).toEqual([]);
      expect(await currentTroubles(app)).toEqual([]);
      expect((await healthOf(app)).ok).toBe(true);
    });
  });

  test('of which Yahoo loses a session is missed in the morning there, and the alert comes late', async () => {
    const { yahoo, at } = await stage([DAX]);
    await at('2025-07-03T16:30:00Z', checked);
    yahoo.tweak = (chart) => removeBar(chart, '2025-07-04');
    expect((await at('2025-07-04T16:30:00Z', checked)).missing).toEqual([{ symbol: '^GDAXI', session: '2025-07-04' }]);
    expect(await at('2025-07-05T05:00:00Z', currentTroubles)).toEqual([]);
    // Eight in the morning in Frankfurt is six by UTC.
    const [trouble] = await at('2025-07-05T06:01:00Z', currentTroubles);
    expect(trouble).toMatchObject({
      name: 'closes-Europe-Berlin',
      since: '2025-07-04',
      title: 'No close of ^GDAXI for 4 Jul 2025',
      blocking: true,
    });
    await at('2025-07-05T06:01:00Z', (app) => round(app, { why: 'scheduled', check: 'always' }));
    yahoo.tweak = undefined;
    const report = await at('2025-07-07T16:30:00Z', checked);
    expect(report.fired).toEqual(['dax/2025-07-04']);
    await at('2025-07-07T16:31:00Z', async (app) => {
      expect((await app.ledger.message('dax/2025-07-04/alert'))?.notes[0]).toContain(
        'Yahoo Finance had no close of 4 Jul 2025',
      );
      await round(app, { why: 'scheduled', check: 'always' });
      expect((await app.ledger.message('warning/closes-Europe-Berlin/2025-07-04/all-clear'))?.kind).toBe('all-clear');
    });
  });

  test('is replayed in its own evenings', async () => {
    const { at } = await stage([DAX]);
    await at('2025-07-31T20:00:00Z', async (app) => {
      await checked(app);
      const [signal] = app.settings.signals;
      const result = signal && (await replay(app, signal, { folder: temporaryFolder(), from: '2025-01-02' }));
      expect(result?.events).toEqual(['dax/2025-07-04']);
      expect(result?.messages[0]?.createdAt).toBe('2025-07-04T16:15:00.000Z');
      expect(result?.differences).toEqual([]);
    });
  });
});

describe('several signals', () => {
  test('keep each their own day: Tokyo is ahead, and its benchmark follows', async () => {
    const { at } = await stage([DAX, NIKKEI]);
    const evening = await at('2025-07-03T20:45:00Z', checked);
    expect(evening.signals.map(({ signal, session }) => [signal, session])).toEqual([
      ['dax', '2025-07-03'],
      ['nikkei', '2025-07-03'],
    ]);
    // 16:10 in Tokyo, three in the morning in New York, where the day before was the last session.
    const morning = await at('2025-07-04T07:10:00Z', checked);
    expect(morning.fired).toEqual(['nikkei/2025-07-04']);
    expect(morning.missing).toEqual([]);
    await at('2025-07-04T07:10:00Z', async (app) => {
      const alert = await app.ledger.message('nikkei/2025-07-04/alert');
      expect(alert?.benchmarkTo).toBe('2025-07-03');
      expect(alert?.figures['S&P 500 close']).toBe('unknown');
      expect(await isBehind(app)).toBe(false);
    });
    // In the evening the other one follows; the first is not told again.
    expect((await at('2025-07-04T20:45:00Z', checked)).fired).toEqual(['dax/2025-07-04']);
    expect((await at('2025-07-07T20:45:00Z', checked)).fired).toEqual([]);
  });

  test('are all in the digest, the status and on one page', async () => {
    const { at } = await stage([DAX, NIKKEI]);
    await at('2025-07-03T20:45:00Z', async (app) => {
      await checked(app);
      const { facts, posting } = await digest(app, true);
      expect(facts.signals.map(({ signal }) => signal)).toEqual(['dax', 'nikkei']);
      expect(posting.message.title).toContain('DAX armed, +4.69% to the record and 1 other signal');
      expect((await status(app)).signals).toHaveLength(2);
    });
  });
});

describe('an index of India', () => {
  const NIFTY = {
    id: 'nifty',
    title: 'Nifty 50',
    index: '^NSEI',
    benchmark: '^NSEI',
    quietYears: 1,
    horizons: [1, 12],
  };

  // The National Stock Exchange traded on Saturday, 1 February 2025, the day of the Union Budget.
  test('whose record close falls on a Saturday is told that day, and nothing is wrong afterwards', async () => {
    const { yahoo, at } = await stage([NIFTY]);
    yahoo.hours.set('^NSEI', { timeZone: 'Asia/Kolkata', open: 9.25, close: 15.5 });
    const weekdays = closesOf(['2025-01-01'], '2025-02-14', { '2024-01-05': 105 });
    const closes = [...weekdays, { session: '2025-02-01', close: 106 }];
    yahoo.closes.set(
      '^NSEI',
      closes.toSorted((a, b) => (a.session < b.session ? -1 : 1)),
    );
    const firedAt = (instant: string) =>
      at(instant, async (app) => {
        const report = await check(app, { offline: false, command: 'check' });
        return 'skipped' in report ? [] : [...report.fired, ...report.problems];
      });
    expect(await firedAt('2025-01-31T11:00:00Z')).toEqual([]);
    expect(await firedAt('2025-02-01T10:00:00Z')).toEqual([]);
    expect(await firedAt('2025-02-01T10:36:00Z')).toEqual(['nifty/2025-02-01']);
    for (const day of ['02', '03', '04', '10']) {
      expect(await firedAt(`2025-02-${day}T11:00:00Z`)).toEqual([]);
      expect(await at(`2025-02-${day}T11:00:00Z`, currentTroubles)).toEqual([]);
    }
  });
});
