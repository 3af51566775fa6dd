import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { csvSettings } from '../../support/csv-settings.ts';
import { temporaryFolder } from '../../support/temporary.ts';

describe('import', () => {
  test('fills gaps, keeps what is stored and reports differences', async () => {
    const env = await csvSettings();
    await runCli(['check'], env);
    const file = join(temporaryFolder(), 'more.csv');
    writeFileSync(file, 'Date,Close\n1987-09-09,168.5\n2025-09-17,2400.00\n2025-09-18,2467.70\n');
    const { code, out } = await runCli(['import', '^RUT', file], env);
    expect(code).toBe(0);
    expect(out).toContain('^RUT: 3 closes in the file, 1 added.');
    expect(out).toContain(
      '1 close in the file differs from the stored one; the stored value stays:\n  17 Sep 2025  stored 2,407.34  file 2,400.00\n',
    );
    const { out: status } = await runCli(['status', '--json'], env);
    expect(JSON.parse(status).signals[0]).toMatchObject({ close: 2467.7, change: expect.closeTo(0.0251, 4) });
  });

  test('refuses a file that it cannot read, naming the line', async () => {
    const env = await csvSettings();
    const file = join(temporaryFolder(), 'bad.csv');
    writeFileSync(file, 'session,close\n2025-09-17,many\n');
    const { code, err } = await runCli(['import', '^RUT', file], env);
    expect(code).toBe(1);
    expect(err).toContain("line 2 '2025-09-17,many': 'many' is not a number");
  });

  test('refuses sessions that the exchange did not have, and stores nothing of the file', async () => {
    const env = await csvSettings();
    await runCli(['check'], env);
    const file = join(temporaryFolder(), 'weekend.csv');
    writeFileSync(file, 'Date,Close\n1987-09-09,168.5\n2025-07-04,2249.04\n2025-09-20,2467.70\n');
    const { code, err } = await runCli(['import', '^RUT', file], env);
    expect(code).toBe(1);
    expect(err).toContain(
      "line 3 '2025-07-04,2249.04': New York did not trade on Friday, 4 Jul 2025 (1 more up to line 4)",
    );
    const { out } = await runCli(['import', '^RUT', join(env.MARKET_CSV_DIR ?? '', '^RUT.csv')], env);
    expect(out).toContain(' closes in the file, 0 added.');
  });

  test('takes a file of Investing.com as it is', async () => {
    const env = await csvSettings('2025-09-17');
    await runCli(['check'], env);
    const file = join(temporaryFolder(), 'Russell 2000 Historical Data.csv');
    writeFileSync(
      file,
      '\uFEFF"Date","Price","Open","High","Low","Vol.","Change %"\n"09/18/2025","2,467.70","2,410.00","2,468.92","2,408.10","","2.51%"\n' +
        '"09/17/2025","2,407.34","2,403.00","2,450.10","2,390.20","","0.18%"\n',
    );
    const { code, out } = await runCli(['import', '^RUT', file], env);
    expect({ code, out }).toEqual({ code: 0, out: '^RUT: 2 closes in the file, 1 added.\n' });
  });

  test('says with --dry-run what it would do, and stores nothing', async () => {
    const env = await csvSettings('2025-09-17');
    await runCli(['check'], env);
    const file = join(temporaryFolder(), 'more.csv');
    writeFileSync(file, 'session,close\n2025-09-18,2467.70\n');
    const said = '^RUT: 1 close in the file, 1 would be added. Nothing was stored (--dry-run).\n';
    expect((await runCli(['import', '^RUT', file, '--dry-run'], env)).out).toBe(said);
    expect((await runCli(['import', '--list'], env)).out).toBe('Nothing has been imported.\n');
    expect((await runCli(['import', '^RUT', file], env)).out).toBe('^RUT: 1 close in the file, 1 added.\n');
  });

  test('refuses a file whole that mostly differs from what is stored, and says what it looks like', async () => {
    const env = await csvSettings();
    await runCli(['check'], env);
    const rows = readFileSync(join(env.MARKET_CSV_DIR ?? '', '^RUT.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(-30);
    const write = (lines: readonly string[]) => {
      const file = join(temporaryFolder(), 'other.csv');
      // A session that is missing: it would be added.
      writeFileSync(file, ['session,close', '1987-09-09,168.5', ...lines, ''].join('\n'));
      return file;
    };
    const values = rows.map((row) => row.split(',')[1] ?? '');
    const dated = (close: (at: number) => string) => rows.map((row, at) => `${row.slice(0, 10)},${close(at)}`);
    const others = readFileSync(join(env.MARKET_CSV_DIR ?? '', '^GSPC.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(-30);
    for (const [lines, looksLike] of [
      [dated((at) => values[at - 1] ?? '').slice(1), 'these are the stored closes with dates one session later'],
      [dated((at) => String(Number(values[at]) / 100)), 'these are about 1/100 of the stored closes'],
      [others, 'these are the stored closes of ^GSPC'],
    ] as const) {
      const { code, err } = await runCli(['import', '^RUT', write(lines)], env);
      expect(code).toBe(1);
      expect(err).toContain(`${looksLike}; none of it was stored`);
    }
    expect((await runCli(['import', '--list'], env)).out).toBe('Nothing has been imported.\n');
  });

  test('is taken back by --undo, the newest first, with a list of all', async () => {
    const env = await csvSettings('2025-09-16');
    await runCli(['check'], env);
    const file = join(temporaryFolder(), 'more.csv');
    for (const row of ['2025-09-17,2407.34', '2025-09-18,2467.70']) {
      writeFileSync(file, `session,close\n${row}\n`);
      expect((await runCli(['import', '^RUT', file], env)).code).toBe(0);
    }
    const dry = await runCli(['import', '--undo', '--dry-run'], env);
    expect(dry.out).toMatch(
      /^\^RUT: the import of .* from .*more\.csv would be undone, 1 close\. Nothing was changed \(--dry-run\)\.\n/,
    );
    const { code, out } = await runCli(['import', '--undo', '^RUT'], env);
    expect(code).toBe(0);
    const [said, title, newest, first] = out.split('\n');
    expect(said).toMatch(/^\^RUT: the import of .*more\.csv is undone, 1 close\. The next check asks the source/);
    expect(title).toBe('Imports, newest first:');
    expect(newest).toMatch(/^ {2}\d+ \w+ \d{4}, .* \^RUT {2}1 close \(18 Sep 2025\), from .*more\.csv; undone on /);
    expect(first).toMatch(/\^RUT {2}1 close \(17 Sep 2025\), from .*more\.csv$/);
    const status = JSON.parse((await runCli(['status', '--json'], env)).out);
    expect(status.signals[0]).toMatchObject({ session: '2025-09-17', close: 2407.34 });
    expect((await runCli(['import', '--undo'], env)).out).toContain('is undone, 1 close.');
    const none = await runCli(['import', '--undo'], env);
    expect([none.code, none.err]).toEqual([1, expect.stringContaining('there is no import to undo')]);
  });

  test.each([
    [['import'], 'import needs a symbol and a file'],
    [['import', '^RUT'], 'import needs a symbol and a file'],
    [['import', '^RUT', 'file.csv', '--undo'], '--undo takes no file'],
    [['import', '--undo', '--list'], '--undo and --list cannot be combined; use one'],
  ])('refuses %j', async (args, why) => {
    const { code, err } = await runCli(args, await csvSettings());
    expect([code, err]).toEqual([2, expect.stringContaining(why)]);
  });

  test('of a folder of files refuses such a session by its line too, and goes on with the others', async () => {
    const env = await csvSettings();
    const path = join(env.MARKET_CSV_DIR ?? '', '^RUT.csv');
    const good = readFileSync(path, 'utf8');
    writeFileSync(path, `${good}2025-09-20,2467.70\n`);
    const lines = good.split('\n').length;
    const { code, out, err } = await runCli(['check'], env);
    expect(code).toBe(1);
    expect(out + err).toContain(
      `^RUT.csv, line ${lines} '2025-09-20,2467.70': New York did not trade on Saturday, 20 Sep 2025`,
    );
    writeFileSync(path, good);
    expect((await runCli(['check'], env)).code).toBe(0);
  });
});
