import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Session } from '../../src/market/close.ts';
import { runCli } from '../support/cli.ts';
import { csvSettings } from '../support/csv-settings.ts';
import { mailsTo, subjects } from '../support/posted.ts';
import { EVENT, SEP_17, SEP_18, SEP_19, SEP_22, type Story, startStory } from '../support/story.ts';
import type { ChartAnswer } from '../support/yahoo-chart.ts';

const ALERT = 'Russell 2000: first record close in over a year';
/** A week before: nothing happens then. */
const QUIET = '2025-09-10T20:45:00Z';
/** docs/architecture.md, "Facts to reproduce". */
const EVENTS = [
  ...['1982-11-04', '1985-12-12', '1989-07-31', '1991-10-16', '1995-05-16', '1999-12-29', '2004-04-05', '2011-04-27'],
  ...['2013-01-02', '2016-11-14', '2020-11-13', '2025-09-18'],
];
const cents = (value: number) => Math.round(value * 100) / 100;

/** Every price of ^RUT changed, and the decimals that Yahoo says it has. */
function served(change: (value: number) => number, priceHint: number) {
  return (chart: ChartAnswer, symbol: string): void => {
    if (symbol !== '^RUT') return;
    const [quote] = chart.indicators.quote;
    for (const column of ['open', 'high', 'low', 'close'] as const) {
      quote[column] = quote[column].map((value) => (value === null ? null : change(value)));
    }
    chart.meta.regularMarketPrice = change(chart.meta.regularMarketPrice);
    chart.meta.priceHint = priceHint;
  };
}

/** What is stored of the index, and what was revised since it was watched. */
function stored(story: Story, instant: string, from: Session = '2025-01-02') {
  return story.at(instant, async ({ closes }) => ({
    first: closes.accepted('^RUT')[0],
    recent: closes.known('^RUT', from).map(({ session, close, exact, state }) => ({ session, close, exact, state })),
    held: closes.held('^RUT'),
    revisions: closes.revisedSince('^RUT', '2025-01-01'),
  }));
}

let story: Story;

beforeEach(async () => {
  story = await startStory({ OUTBOX_DIR: '' });
  // The records from before are joined by this close: at another scale they follow it.
  story.setClose('^RUT', '1987-09-10', 168.97);
});

describe('an index of two decimals', () => {
  test('is stored to the cent whether 32 or 64 bits carry it, and neither looks like a revision of the other', async () => {
    const [in32, in64] = [served(Math.fround, 2), served(cents, 2)];
    story.yahoo.tweak = in64;
    await story.round(SEP_17);
    const before = await stored(story, SEP_17);
    expect(before.recent.every(({ exact }) => exact === undefined)).toBe(true);
    story.yahoo.tweak = in32;
    await story.round('2025-09-17T22:45:00Z');
    await story.round('2025-09-18T12:45:00Z');
    const after = await stored(story, '2025-09-18T12:45:00Z');
    expect(after).toMatchObject({ first: before.first, held: [], revisions: [] });
    expect(after.recent.map(({ close }) => close)).toEqual(before.recent.map(({ close }) => close));

    for (const [tweak, evening] of [
      [in32, SEP_18],
      [in64, '2025-09-18T22:45:00Z'],
      [in64, SEP_19],
      [in32, SEP_22],
    ] as const) {
      story.yahoo.tweak = tweak;
      expect((await story.round(evening)).report?.held).toEqual([]);
    }
    expect(subjects(story)).toEqual([ALERT]);
    expect((await stored(story, SEP_22)).revisions).toEqual([]);
  });

  test('says more decimals one day, and nothing is another close for it', async () => {
    await story.round(SEP_17);
    const before = await stored(story, SEP_17);
    story.yahoo.tweak = served((value) => value, 4);
    await story.round('2025-09-17T22:45:00Z');
    expect(await stored(story, SEP_17)).toEqual(before);
    expect((await story.round(SEP_18)).report?.fired).toEqual([EVENT]);
  });
});

describe('an index divided by a thousand', () => {
  const whole = served((value) => cents(value) / 1000, 5);
  /** As an earlier version has stored it, whatever was sent. */
  const rounded = served((value) => cents(value / 1000), 2);

  test('has the same twelve events, and the same alert', async () => {
    story.yahoo.tweak = whole;
    await story.round(SEP_17);
    expect((await story.round(SEP_18)).report?.fired).toEqual([EVENT]);
    const { events } = (await story.at(SEP_18, ({ ledger }) => ledger.signal('russell-2000'))) ?? { events: [] };
    expect(events.map(({ session }) => session).sort()).toEqual(EVENTS);
    const [mail] = mailsTo(story, 'ann@example.com');
    const text = (mail?.text ?? '').replace(/\s+/g, ' ');
    expect(text).toContain('The Russell 2000 closed at 2.4677 (+2.51%)');
    expect(text).toContain('past its record of 2.44274 ');
    expect(text).toContain('was higher a year later in 10 of 11');
    expect(text).toContain('mean +12.7%, median +14.5%');
  });

  test('that an earlier version rounded to cents is read again whole, and nobody is told anything', async () => {
    story.yahoo.tweak = rounded;
    await story.round(QUIET);
    expect((await stored(story, QUIET)).first).toEqual({ session: '1987-09-10', close: 0.17 });
    story.yahoo.tweak = whole;
    const { report, problems } = await story.round('2025-09-11T20:45:00Z');
    expect(problems).toEqual([]);
    expect(report?.held).toEqual([]);
    const after = await stored(story, '2025-09-11T20:45:00Z');
    expect(after).toMatchObject({ first: { session: '1987-09-10', close: 0.16897 }, held: [], revisions: [] });
    expect(new Set(after.recent.map(({ state }) => state))).toEqual(new Set(['settled', 'provisional']));
    // The records and the events are those of the whole decimals from now on; they are history, and no news.
    for (const evening of ['2025-09-12T20:45:00Z', SEP_17]) await story.round(evening);
    expect(subjects(story)).toEqual([]);
    expect((await story.round(SEP_18)).report?.fired).toEqual([EVENT]);
    expect(subjects(story)).toEqual([ALERT]);
  });

  test('is read again at the next look where its history could not be read', async () => {
    story.yahoo.tweak = rounded;
    await story.round(SEP_17);
    story.yahoo.tweak = whole;
    const asked = story.yahoo.requests.length;
    story.yahoo.fault = ({ symbol, period1 }) => (symbol === '^RUT' && period1 < 1e9 ? { status: 404 } : undefined);
    const failed = await story.round('2025-09-17T22:45:00Z');
    expect(failed.problems.join()).toContain('^RUT');
    expect(story.yahoo.requests.length).toBeGreaterThan(asked);
    expect((await stored(story, SEP_17)).first).toEqual({ session: '1987-09-10', close: 0.17 });
    story.yahoo.fault = undefined;
    expect((await story.round(SEP_18)).report?.fired).toEqual([EVENT]);
    expect((await stored(story, SEP_18)).first).toEqual({ session: '1987-09-10', close: 0.16897 });
  });

  test('that comes in cents for one evening overturns nothing', async () => {
    story.yahoo.tweak = whole;
    await story.round(SEP_17);
    const before = await stored(story, SEP_17);
    story.yahoo.tweak = rounded;
    await story.round('2025-09-17T22:45:00Z');
    story.yahoo.tweak = whole;
    // The newest close was provisional and is overturned twice; all others wait for a second reading, which does not come.
    await story.round('2025-09-18T12:45:00Z');
    expect((await story.round(SEP_18)).report?.fired).toEqual([EVENT]);
    const after = await stored(story, SEP_18);
    expect(after.recent.slice(0, -1).map(({ close }) => close)).toEqual(before.recent.map(({ close }) => close));
    expect(after.held).toEqual([]);
    expect(subjects(story)).toEqual([ALERT]);
  });
});

describe('files of small numbers', () => {
  /** Rewrites a file of closes. */
  function rewrite(folder: string, symbol: string, change: (close: number) => string): void {
    const file = join(folder, `${symbol}.csv`);
    const [header, ...rows] = readFileSync(file, 'utf8').trim().split('\n');
    const changed = rows.map((row) => `${row.slice(0, 10)},${change(Number(row.slice(11)))}`);
    writeFileSync(file, `${[header, ...changed].join('\n')}\n`);
  }

  test('have the events and the figures of the same closes a thousand times as great', async () => {
    const settings = await csvSettings('2025-12-31');
    const study = async () => JSON.parse((await runCli(['study', '--json'], settings)).out);
    const folder = settings.MARKET_CSV_DIR ?? '';
    const file = join(folder, '^RUT.csv');
    // The records from before are joined by this close.
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^1987-09-10,.*$/m, '1987-09-10,168.97'));
    const great = await study();
    for (const symbol of ['^RUT', '^GSPC']) rewrite(folder, symbol, (close) => (close / 1000).toFixed(5));
    settings.DATABASE_PATH = join(folder, 'small.db');
    const small = await study();
    for (const { events } of [great, small]) {
      expect(events.map(({ session }: { session: string }) => session)).toEqual(EVENTS);
    }
    for (const [months, figures] of Object.entries<Record<string, number>>(great.horizons)) {
      for (const name of [
        'n',
        'up',
        'mean',
        'median',
        'min',
        'max',
        'baseRate',
        'baseMean',
        'armedRate',
        'armedMean',
      ]) {
        expect(small.horizons[months][name], `${months} ${name}`).toBeCloseTo(figures[name] ?? Number.NaN, 9);
      }
    }
    const replayed = await runCli(['replay', '--json', '--from', '2018-01-02'], settings);
    expect(JSON.parse(replayed.out)).toMatchObject({
      events: ['russell-2000/2020-11-13', 'russell-2000/2025-09-18'],
      differences: [],
    });
  });

  test('that were rounded by an earlier version are no other file', async () => {
    const settings = await csvSettings('2025-12-31');
    const folder = settings.MARKET_CSV_DIR ?? '';
    const original = readFileSync(join(folder, '^RUT.csv'), 'utf8');
    rewrite(folder, '^RUT', (close) => (close / 1000).toFixed(2));
    expect((await runCli(['check', '--json'], settings)).code).toBe(0);
    writeFileSync(join(folder, '^RUT.csv'), original);
    rewrite(folder, '^RUT', (close) => (close / 1000).toFixed(5));
    const { code, out } = await runCli(['check', '--json'], settings);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ fired: [], held: [], signals: [{ close: 2.48191 }] });
    const { events } = JSON.parse((await runCli(['study', '--json'], settings)).out);
    expect(events).toHaveLength(12);
    expect(events.at(-1)).toMatchObject({ session: '2025-09-18', close: 2.4677 });
  });
});
