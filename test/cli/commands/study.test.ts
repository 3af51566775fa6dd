import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { csvSettings } from '../../support/csv-settings.ts';

describe('study', () => {
  test('reads the closes of an empty database first', async () => {
    const { code, out } = await runCli(['study', '--json'], await csvSettings('2025-12-31'));
    const study = JSON.parse(out);
    expect(code).toBe(0);
    expect(Object.keys(study)).toEqual(
      ['signal', 'asOf', 'span', 'record', 'events', 'waits', 'horizons'].concat([
        'path',
        'index',
        'totalReturn',
        'resampling',
        'expectation',
        'beforeHistory',
      ]),
    );
    expect(study).toMatchObject({
      signal: 'russell-2000',
      asOf: '2025-12-31',
      span: { from: '1978-12-29', to: '2025-12-31' },
    });
    expect(study.events).toHaveLength(12);
    // The demo meets the published closes, so the real figures of docs/architecture.md, "Facts to reproduce".
    expect(study.horizons[12]).toMatchObject({
      n: 11,
      up: 10,
      mean: expect.closeTo(0.1266, 4),
      median: expect.closeTo(0.1452, 4),
    });
  });

  test('reads dividends where there are any, says from when, and is none the worse without', async () => {
    const settings = await csvSettings('2025-12-31');
    const without = await runCli(['study'], settings);
    expect(without).toMatchObject({ code: 0, err: expect.not.stringContaining('SP500TR') });
    expect(without.out).toContain('The S&P 500 with dividends: no such series is stored');
    const folder = settings.MARKET_CSV_DIR ?? '';
    const closes = readFileSync(join(folder, '^GSPC.csv'), 'utf8').split('\n');
    const since = closes.filter((line) => line.startsWith('session') || line >= '1999-12-29');
    writeFileSync(join(folder, '^SP500TR.csv'), since.join('\n'));
    await runCli(['check'], settings);
    const { code, out } = await runCli(['study'], settings);
    expect(code).toBe(0);
    expect(out).toMatch(/^The S&P 500 with dividends \(\^SP500TR\)$/m);
    expect(out).toContain('Closes from 29 Dec 1999 to 31 Dec 2025; only events whose window lies within them.');
    expect(JSON.parse((await runCli(['study', '--json'], settings)).out).totalReturn).toMatchObject({
      symbol: '^SP500TR',
      from: '1999-12-29',
      horizons: { 12: { n: 6, up: 5 } },
    });
  });

  test('says that the earlier records are left out where the closes begin later', async () => {
    const settings = await csvSettings('2025-12-31');
    expect((await runCli(['study'], settings)).out).not.toContain('The records from before');
    const file = join(settings.MARKET_CSV_DIR ?? '', '^RUT.csv');
    const closes = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, closes.filter((line) => line.startsWith('session') || line >= '1990-01-02').join('\n'));
    const later = { ...settings, DATABASE_PATH: join(settings.MARKET_CSV_DIR ?? '', 'later.db') };
    const { code, out } = await runCli(['study'], later);
    expect(code).toBe(0);
    expect(out.replaceAll('\n', ' ')).toContain(
      'The records from before 10 Sep 1987 are left out: the closes of ^RUT begin on 2 Jan 1990 only, and a record in between would be missing.',
    );
    const study = JSON.parse((await runCli(['study', '--json'], later)).out);
    expect(study).toMatchObject({
      span: { from: '1990-01-02' },
      beforeHistory: { until: '1987-09-10', joined: false },
    });
  });

  test('joins the dividends of 1978 to 1988, so that all eleven events have theirs', async () => {
    const settings = await csvSettings('2025-12-31');
    const folder = settings.MARKET_CSV_DIR ?? '';
    const closes = readFileSync(join(folder, '^GSPC.csv'), 'utf8').split('\n');
    const since = closes.filter((line) => line.startsWith('session') || line >= '1988-01-04');
    writeFileSync(join(folder, '^SP500TR.csv'), since.join('\n'));
    await runCli(['check'], settings);
    const { out } = await runCli(['study'], settings);
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(
      /With dividends reinvested, the S&P 500 was higher a year later in 10 of 11 \(any day: 8\d%\): mean \+13\.\d%/,
    );
    expect(out).toContain("Before 4 Jan 1988: the price and the monthly dividends of Robert Shiller's data");
    // The demo's closes of these four days are the true ones, so that only the spread over the month differs: issue 18.
    expect(out).toMatch(/^12 Dec 1985 +\+19\.6% +\+2[34]\.\d%$/m);
    expect(out).toMatch(/^4 Nov 1982 +\+14\.5% +\+(19|20)\.\d%$/m);
  });

  test('--sensitivity prints how the count hangs on the rule, and --json has it beside the study', async () => {
    const settings = await csvSettings('2025-12-31');
    const { code, out } = await runCli(['study', '--sensitivity'], settings);
    expect(code).toBe(0);
    expect(out).toMatch(/quiet over a calendar year: the rule itself +10 of 11 +91% +\+12\.7%/);
    const { sensitivity, horizons } = JSON.parse((await runCli(['study', '--sensitivity', '--json'], settings)).out);
    expect(sensitivity).toHaveLength(11);
    const { n, up, mean } = horizons[12];
    expect(sensitivity[0]).toEqual({ rule: 'quiet over a calendar year: the rule itself', n, up, mean });
  });

  test('--elsewhere tries the rule on other indices, and says which the source has not', async () => {
    const settings = await csvSettings('2025-12-31');
    const { code, out, err } = await runCli(['study', '--elsewhere'], settings);
    expect(code).toBe(0);
    expect(err).toContain('^N225: there is no ');
    expect(out).toMatch(/^Russell 2000 \(\^RUT\) +29 Dec 1978 +10 of 11 +91% +\+12\.7% /m);
    expect(out).toMatch(/^S&P 500 \(\^GSPC\) +29 Dec 1978 +\d+ of \d+ /m);
    expect(out).toMatch(/^All but the first +\d+ of \d+ /m);
    expect(out).toContain('One signal of 2 was chosen.');
    expect(out).toContain('an article of September 2025, published on the day it fired');
    const { elsewhere, events } = JSON.parse((await runCli(['study', '--elsewhere', '--json'], settings)).out);
    expect(events).toHaveLength(12);
    expect(elsewhere).toMatchObject({
      benchmark: '^GSPC',
      quietYears: 1,
      own: { n: 11, up: 10 },
      choice: { signals: 2 },
    });
    expect((await runCli(['study', '--elsewhere', '--sensitivity'], settings)).code).toBe(2);
  });

  test('asks the same of any index, and reads its closes first', async () => {
    const settings = await csvSettings('2025-12-31');
    await runCli(['check'], settings);
    const folder = settings.MARKET_CSV_DIR ?? '';
    writeFileSync(join(folder, '^NDX.csv'), readFileSync(join(folder, '^GSPC.csv')));
    const { code, out, err } = await runCli(['study', '--index', '^NDX', '--years', '2', '--json'], settings);
    expect(code).toBe(0);
    expect(err).toContain('^NDX: reading the whole history, once');
    const study = JSON.parse(out);
    expect(study).toMatchObject({ signal: 'ndx-gspc-2y', span: { from: '1978-12-29' }, index: { symbol: '^NDX' } });
    // An index that is its own benchmark does what the benchmark does.
    expect(study.events.length).toBeGreaterThan(0);
    for (const event of study.events) expect(event.indexOutcomes).toEqual(event.outcomes);
    for (const { quietDays } of study.events) expect(quietDays).toBeGreaterThan(730);
    const replayed = await runCli(
      ['replay', '--index', '^NDX', '--years', '2', '--from', '2005-01-03', '--json'],
      settings,
    );
    expect(replayed.code).toBe(0);
    expect(JSON.parse(replayed.out)).toMatchObject({ signal: 'ndx-gspc-2y', differences: [] });
    // The question is in no configuration, so nothing is watched and no event told.
    expect(JSON.parse((await runCli(['status', '--json'], settings)).out).signals).toHaveLength(1);
  });

  test('keeps the closes from before Yahoo with their index, whatever else is asked', async () => {
    const settings = await csvSettings('2025-12-31');
    const { out } = await runCli(['study', '--benchmark', '^RUT', '--years', '2', '--json'], settings);
    expect(JSON.parse(out)).toMatchObject({ signal: 'rut-rut-2y', span: { from: '1978-12-29' } });
  });

  test.each([
    [['--index', 'a b'], "--index is 'a b'; allowed: a Yahoo symbol such as '^NDX'"],
    [['--index', '../x'], "--index is '../x'; allowed: a Yahoo symbol"],
    [['--years', '0'], "argument '0' is invalid. Allowed: a whole number of years from 1 to 20."],
    [['--signal', 'nope'], "--signal is 'nope'; allowed: russell-2000"],
  ])('refuses %j', async (args, words) => {
    const { code, err } = await runCli(['study', ...args], await csvSettings());
    expect(code).toBe(2);
    expect(err).toContain(words);
  });

  test.each([
    [['study', '--index', '^NDX'], 1, 'There are no closes of ^NDX to study.'],
    [['study', '--as-of', '1970-01-01'], 1, 'There are no closes of ^RUT to study up to 1 Jan 1970.'],
    [['replay', '--to', '1970-01-01'], 1, 'There are no closes of ^RUT to replay to 1 Jan 1970.'],
    [['study', '--years', '0'], 2, 'Allowed: a whole number of years from 1 to 20.'],
    [['study', '--bogus'], 2, "unknown option '--bogus'"],
  ])('%j with --json prints the error as one document', async (args, code, words) => {
    const ended = await runCli([...args, '--json'], await csvSettings());
    expect(ended.code).toBe(code);
    expect(JSON.parse(ended.out).error).toContain(words);
  });

  test('says which closes it does not believe, and of an index without events that there is none', async () => {
    const settings = await csvSettings('2025-12-31');
    const folder = settings.MARKET_CSV_DIR ?? '';
    const rows = ['2024-01-02,100', '2024-01-03,100', '2024-01-04,200', '2024-01-05,99', '2024-01-08,98'];
    writeFileSync(join(folder, 'ODD.csv'), `session,close\n${rows.join('\n')}\n`);
    const { code, out, err } = await runCli(['study', '--index', 'ODD'], settings);
    expect(code).toBe(0);
    expect(err).toContain(
      'ODD: held, so left out: 200.00 on 4 Jan 2024 (a move of +100.0% from the close of 3 Jan 2024)',
    );
    expect(out).toBe(
      'ODD: no record close after more than a year without one.\n' +
        'Closes from 2 Jan 2024 to 31 Dec 2025. Record: 100.00 on 2 Jan 2024.\n',
    );
    const replayed = await runCli(['replay', '--index', 'ODD'], settings);
    expect(replayed.out).toContain('Replayed 4 sessions, 2 Jan 2024 to 8 Jan 2024: 0 events, 0 messages.');
  });

  test('says that an index is not there', async () => {
    const { code, err } = await runCli(['study', '--index', '^NDX'], await csvSettings());
    expect(code).toBe(1);
    expect(err).toContain('^NDX: there is no ');
    expect(err).toContain('There are no closes of ^NDX to study.');
  });

  test('prints its seed, and another one gives other intervals', async () => {
    const settings = await csvSettings('2025-12-31');
    const intervals = async (...args: string[]) => {
      const { out } = await runCli(['study', '--json', ...args], settings);
      return JSON.parse(out).horizons[12].difference.meanInterval;
    };
    expect(await intervals('--seed', '7')).not.toEqual(await intervals());
    const { out } = await runCli(['study', '--seed', '7'], settings);
    expect(out.replaceAll('\n', ' ')).toContain('which keep the spacing of events; seed 7.');
    const { code, err } = await runCli(['study', '--seed', 'x'], settings);
    expect(code).toBe(2);
    expect(err).toContain("argument 'x' is invalid. Allowed: a whole number from 0 to 999999999.");
  });

  test('leads with what happened, what followed beside any day, and how far to trust it', async () => {
    const { code, out } = await runCli(['study', '--as-of', '2020-12-31'], await csvSettings());
    expect(code).toBe(0);
    const [what, followed, doubt, blank] = out.split('\n');
    expect(what).toBe(
      'Russell 2000 (^RUT): a record close after more than a year without one, 11 times since 29 Dec 1978.',
    );
    expect(followed).toMatch(/^The S&P 500 was higher a year later in 9 of 10 \(any day: 7\d%\); mean \+/);
    expect(doubt).toMatch(/^Favourable but thin, and proves nothing: chance does this well \d+% of the time\.$/);
    expect(blank).toBe('');
  });

  test('prints tables that fit a terminal of 100 columns', async () => {
    const settings = await csvSettings('2025-12-31');
    const folder = settings.MARKET_CSV_DIR ?? '';
    writeFileSync(join(folder, '^SP500TR.csv'), readFileSync(join(folder, '^GSPC.csv')));
    for (const option of ['--seed=1', '--sensitivity']) {
      const { out } = await runCli(['study', option], settings);
      expect(out.split('\n').filter((line) => line.length > 100)).toEqual([]);
    }
    const { out } = await runCli(['study', '--as-of', '2020-12-31'], settings);
    expect(out).toMatch(/^13 Nov 2020 +1,744\.04 +1,740\.75 on 31 Aug 2018 +805 +555$/m);
    expect(out).toMatch(/^13 Nov 2020 +3,585\.15 .*pending/m);
    expect(out).toMatch(/^12 months +9 of 10 /m);
  });
});
