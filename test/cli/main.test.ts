import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { createDemoSource } from '../../src/demo/source.ts';
import { runCli } from '../support/cli.ts';
import { startDiscord } from '../support/discord-server.ts';
import { startHeartbeat } from '../support/heartbeat-server.ts';
import { startSmtp } from '../support/smtp-server.ts';
import { temporaryFolder, useStandIn } from '../support/temporary.ts';
import { startYahoo } from '../support/yahoo-server.ts';

/** A folder of CSV files that end with `to`, and the settings to use it. */
async function csvSettings(to = '2025-09-18'): Promise<Record<string, string>> {
  const folder = temporaryFolder();
  for (const symbol of ['^RUT', '^GSPC']) {
    const { bars } = await createDemoSource().read(symbol, undefined, Date.parse(`${to}T23:00:00Z`));
    const rows = bars.map(({ session, close }) => `${session},${close}`);
    writeFileSync(join(folder, `${symbol}.csv`), ['session,close', ...rows, ''].join('\n'));
  }
  return {
    MARKET_SOURCE: 'csv',
    MARKET_CSV_DIR: folder,
    DATABASE_PATH: join(folder, 'market.db'),
    OUTBOX_DIR: join(folder, 'outbox'),
  };
}

describe('check', () => {
  test('prints one JSON document and nothing else with --json', async () => {
    const { code, out } = await runCli(['check', '--json'], await csvSettings());
    const report = JSON.parse(out);
    expect(code).toBe(0);
    expect(Object.keys(report)).toEqual(['asOf', 'signals', 'fired', 'deliveries', 'held', 'missing', 'paused']);
    expect(report).toMatchObject({ asOf: '2025-09-18', fired: [], deliveries: [], held: [] });
    expect(report.signals).toEqual([
      {
        signal: 'russell-2000',
        session: '2025-09-18',
        close: 2467.7,
        change: expect.closeTo(0.0251, 4),
        record: { session: '2025-09-18', close: 2467.7 },
        quietSessions: 0,
        state: 'recent record',
        toRecord: 0,
      },
    ]);
  });

  test('prints a summary that people read', async () => {
    const { code, out } = await runCli(['check'], await csvSettings('2025-09-17'));
    expect(code).toBe(0);
    expect(out).toContain('Russell 2000 (^RUT)\nClose       2,407.34 on Wednesday, 17 Sep 2025, +0.18% on the day\n');
    expect(out).toContain('State       armed: the next record close is an event\nTo record   +1.47%\n');
    expect(out).toContain('Fired       nothing\n');
    expect(out).toMatch(/Missing {5}\^RUT: [\d,]+ sessions from 18 Sep 2025 to /);
  });

  test('fires once when the next close arrives, and the folder has it', async () => {
    const env = await csvSettings('2025-09-17');
    await runCli(['check'], env);
    writeFileSync(
      join(env.MARKET_CSV_DIR ?? '', '^RUT.csv'),
      'session,close\n2025-09-17,2407.34\n2025-09-18,2467.70\n',
    );
    const { code, out } = await runCli(['check', '--offline', '--json'], env);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      fired: ['russell-2000/2025-09-18'],
      deliveries: [{ message: 'russell-2000/2025-09-18/alert', channel: 'folder', state: 'sent', attempts: 1 }],
    });
    expect(readdirSync(env.OUTBOX_DIR ?? '').toSorted()).toEqual([
      '2025-09-18-russell-2000-alert-outcomes.png',
      '2025-09-18-russell-2000-alert-record.png',
      '2025-09-18-russell-2000-alert.html',
      '2025-09-18-russell-2000-alert.json',
      '2025-09-18-russell-2000-alert.txt',
    ]);
    expect(JSON.parse((await runCli(['check', '--json'], env)).out)).toMatchObject({ fired: [], deliveries: [] });
  });

  test('ends with 1 and one line when the source cannot be reached, and leaves no secret anywhere', async () => {
    const yahoo = await useStandIn(startYahoo());
    const discord = await useStandIn(startDiscord());
    const smtp = await useStandIn(startSmtp());
    yahoo.fault = () => ({ status: 404, body: '<html>blocked</html>' });
    const { code, out, err } = await runCli(['check'], {
      DATABASE_PATH: join(temporaryFolder(), 'market.db'),
      YAHOO_FINANCE_URL: yahoo.url,
      DISCORD_WEBHOOK_URL: discord.webhookUrl,
      DISCORD_API_URL: discord.url,
      SMTP_URL: smtp.url,
      EMAIL_FROM: 'bell@example.com',
      EMAIL_TO: 'ann@example.com',
    });
    expect(code).toBe(1);
    expect(out).toMatch(/^Problem {5}\^RUT: /m);
    expect(out + err).not.toContain(discord.token);
    expect(out + err).not.toContain('secret');
    expect(err).not.toContain('    at ');
  });
});

describe('study', () => {
  test('reads the closes of an empty database first', async () => {
    const { code, out } = await runCli(['study', '--json'], await csvSettings('2025-12-31'));
    const study = JSON.parse(out);
    expect(code).toBe(0);
    expect(Object.keys(study)).toEqual(
      ['signal', 'asOf', 'span', 'record', 'events', 'horizons'].concat(['path', 'index', 'totalReturn', 'resampling']),
    );
    expect(study).toMatchObject({
      signal: 'russell-2000',
      asOf: '2025-12-31',
      span: { from: '1978-12-29', to: '2025-12-31' },
    });
    expect(study.events).toHaveLength(12);
    // The demo meets the published closes, so the real figures of DESIGN 6.
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
    expect(without.out).toContain('With dividends: no such series is stored');
    const folder = settings.MARKET_CSV_DIR ?? '';
    const closes = readFileSync(join(folder, '^GSPC.csv'), 'utf8').split('\n');
    const since = closes.filter((line) => line.startsWith('session') || line >= '1999-12-29');
    writeFileSync(join(folder, '^SP500TR.csv'), since.join('\n'));
    await runCli(['check'], settings);
    const { code, out } = await runCli(['study'], settings);
    expect(code).toBe(0);
    expect(out).toContain('The S&P 500 with dividends (^SP500TR, closes from 29 Dec 1999 to 31 Dec 2025');
    expect(JSON.parse((await runCli(['study', '--json'], settings)).out).totalReturn).toMatchObject({
      symbol: '^SP500TR',
      from: '1999-12-29',
      horizons: { 12: { n: 6, up: 5 } },
    });
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
    [['study', '--as-of', '1970-01-01'], 1, 'There are no closes of ^RUT to study up to 1970-01-01.'],
    [['replay', '--from', '2030-01-01'], 1, 'There are no closes of ^RUT to live through from 2030-01-01.'],
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
      'ODD: not believed, and left out: 200.00 of 4 Jan 2024 (a move of +100.0% from the close of 2024-01-03)',
    );
    expect(out).toContain(
      'There is no such event in the closes from 2 Jan 2024 to 31 Dec 2025; record 100.00 on 2 Jan 2024.',
    );
    const replayed = await runCli(['replay', '--index', 'ODD'], settings);
    expect(replayed.out).toContain('Lived 4 sessions from 2 Jan 2024 to 8 Jan 2024: 0 events told, 0 messages.');
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
    expect((await runCli(['study', '--seed', '7'], settings)).out).toContain(
      'which keep the spacing of events; seed 7.',
    );
    const { code, err } = await runCli(['study', '--seed', 'x'], settings);
    expect(code).toBe(2);
    expect(err).toContain("argument 'x' is invalid. Allowed: a whole number from 0 to 999999999.");
  });

  test('prints the table', async () => {
    const { code, out } = await runCli(['study', '--as-of', '2020-12-31'], await csvSettings());
    expect(code).toBe(0);
    expect(out).toMatch(/^13 Nov 2020 +1,740.75 of 31 Aug 2018 +805 +555 +3,585.15 .*pending/m);
    expect(out).toMatch(/^12 months +9 of 10 /m);
  });
});

describe('import', () => {
  test('fills gaps, keeps what is stored and reports differences', async () => {
    const env = await csvSettings();
    await runCli(['check'], env);
    const file = join(temporaryFolder(), 'more.csv');
    writeFileSync(file, 'Date,Close\n1987-09-09,168.5\n2025-09-17,2400.00\n2025-09-18,2467.70\n');
    const { code, out } = await runCli(['import', '^RUT', file], env);
    expect(code).toBe(0);
    expect(out).toContain('^RUT: 3 closes in the file, 1 added.');
    expect(out).toContain('1 difference; what is stored stays:\n  2025-09-17  stored 2,407.34  file 2,400.00\n');
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
      "line 3 '2025-07-04,2249.04': New York did not trade on 2025-07-04, a Friday, and 1 more such line",
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

  test('of a folder of files refuses such a session by its line too, and goes on with the others', async () => {
    const env = await csvSettings();
    const path = join(env.MARKET_CSV_DIR ?? '', '^RUT.csv');
    const good = readFileSync(path, 'utf8');
    writeFileSync(path, `${good}2025-09-20,2467.70\n`);
    const lines = good.split('\n').length;
    const { code, out, err } = await runCli(['check'], env);
    expect(code).toBe(1);
    expect(out + err).toContain(
      `^RUT.csv, line ${lines} '2025-09-20,2467.70': New York did not trade on 2025-09-20, a Saturday`,
    );
    writeFileSync(path, good);
    expect((await runCli(['check'], env)).code).toBe(0);
  });
});

describe('drill and doctor', () => {
  async function online() {
    const discord = await useStandIn(startDiscord());
    const smtp = await useStandIn(startSmtp());
    const env = {
      ...(await csvSettings()),
      DISCORD_WEBHOOK_URL: discord.webhookUrl,
      DISCORD_API_URL: discord.url,
      DISCORD_MENTION: '<@&123>',
      SMTP_URL: smtp.url,
      EMAIL_FROM: 'bell@example.com',
      EMAIL_TO: 'ann@example.com,bob@example.com',
    };
    await runCli(['check'], env);
    return { discord, smtp, env };
  }

  test('a drill reaches every channel, labelled as one', async () => {
    const { discord, smtp, env } = await online();
    const { code, out } = await runCli(['drill'], env);
    expect(out.match(/: sent /g)).toHaveLength(4);
    expect(code).toBe(0);
    expect(discord.messages[0]?.payload).toMatchObject({
      content: '<@&123>',
      allowed_mentions: { parse: [], roles: ['123'] },
      embeds: [
        { title: 'Drill, not an alert: Russell 2000', image: { url: 'attachment://record.png' } },
        { image: { url: 'attachment://outcomes.png' } },
      ],
    });
    expect(smtp.messages.map(({ subject }) => subject)).toEqual(Array(2).fill('Drill, not an alert: Russell 2000'));
  });

  test('a drill that fails ends with 1, says where, and is not sent by a later check', async () => {
    const { discord, smtp, env } = await online();
    discord.fault = () => ({ status: 503 });
    const { code, out } = await runCli(['drill'], env);
    expect(code).toBe(1);
    expect(out).toContain('discord-webhook: failed (Discord answered HTTP 503)');
    discord.fault = undefined;
    await runCli(['check'], env);
    expect(discord.messages).toEqual([]);
    expect(smtp.messages).toHaveLength(2);
  });

  test('the doctor looks at everything, sends nothing and hides secrets', async () => {
    const { discord, smtp, env } = await online();
    const heartbeat = await useStandIn(startHeartbeat());
    const good = await runCli(['doctor'], { ...env, HEARTBEAT_URL: heartbeat.url });
    expect(good.out).toMatch(/^ok {4}heartbeat: answers as a heartbeat service does; \/start was sent/m);
    expect(heartbeat.calls).toEqual(['start']);
    expect(good.out).toMatch(/^ok {4}database: .* 9,579 closes of \^RUT to 18 Sep 2025/m);
    expect(good.out).toMatch(/^ok {4}csv: \^RUT: newest close 2,467.70 of 18 Sep 2025, [\d,]+ sessions behind$/m);
    expect(good.out).toMatch(/^ok {4}discord-webhook: webhook /m);
    expect(good.out).toMatch(/^ok {4}email:ann@example.com: .* accepts the login, and mail to ann@example.com/m);
    expect(good.code).toBe(0);
    const bad = await runCli(['doctor'], {
      ...env,
      SMTP_URL: smtp.url.replace('secret', 'wrongpass'),
      DISCORD_WEBHOOK_URL: discord.webhookUrl.replace(discord.token, 'wrongtoken'),
      HEARTBEAT_URL: `${heartbeat.url}/elsewhere`,
    });
    expect(bad.out).toMatch(/^FAIL {2}heartbeat: HEARTBEAT_URL answers 'OK \(not found\)'; copy the address/m);
    expect(bad.out).toMatch(/^FAIL {2}discord-webhook: Discord does not know this webhook/m);
    expect(bad.out).toMatch(/^FAIL {2}email:ann@example.com: the mail server refused the login/m);
    expect(bad.out + bad.err).not.toMatch(/wrongpass|wrongtoken/);
    expect(discord.messages).toEqual([]);
    expect(smtp.messages).toEqual([]);
  });
});

test('the doctor looks at the rest when the database cannot be used', async () => {
  const env = await csvSettings();
  writeFileSync(
    env.DATABASE_PATH ?? '',
    'this is no database, but a text that is long enough to look like one '.repeat(20),
  );
  const { code, out } = await runCli(['doctor'], env);
  expect(out).toMatch(/^FAIL {2}database: .* is damaged or no database \(file is not a database\)\. .*$/m);
  expect(out).toMatch(/^ok {4}csv: \^GSPC: newest close/m);
  expect(out).toMatch(/^ok {4}folder: /m);
  expect(code).toBe(1);
});

describe('the digest', () => {
  test('is printed as text, or as one JSON document, and sends nothing', async () => {
    const env = await csvSettings('2025-09-17');
    await runCli(['check'], env);
    const { code, out } = await runCli(['digest'], env);
    expect(code).toBe(0);
    expect(out).toMatch(/^(All is|Not) well: Russell 2000 armed, \+1\.47% to the record\n=+\n/);
    expect(out).toContain('A close above 2,442.74 (+1.47%) is an event');
    expect(out).toMatch(/^Id: digest\/\d{4}-\d{2}-\d{2}$/m);
    const json = JSON.parse((await runCli(['digest', '--json'], env)).out);
    expect(json).toMatchObject({
      id: expect.stringMatching(/^digest\//),
      ok: false,
      signals: [{ signal: 'russell-2000', state: { state: 'armed', close: 2407.34 } }],
      channels: [{ channel: 'folder', paused: null }],
      watching: false,
    });
    expect(existsSync(env.OUTBOX_DIR ?? '')).toBe(false);
  });

  test('is sent with --send, once', async () => {
    const env = await csvSettings('2025-09-17');
    await runCli(['check'], env);
    const first = await runCli(['digest', '--send'], env);
    expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/^folder: sent {2}digest\/[\d-]+\n$/) });
    const again = await runCli(['digest', '--send'], env);
    expect(again.out).toMatch(/^digest\/[\d-]+ was written before; what arrived then is not sent again\.\n/);
    expect(again.code).toBe(0);
    expect(readdirSync(env.OUTBOX_DIR ?? '').filter((name) => name.endsWith('.txt'))).toHaveLength(1);
  });

  test('with nobody to take it ends with 1 and says what to set', async () => {
    const discord = await useStandIn(startDiscord());
    const { OUTBOX_DIR: _, ...env } = await csvSettings('2025-09-17');
    const online = { ...env, DISCORD_WEBHOOK_URL: discord.webhookUrl, DISCORD_API_URL: discord.url };
    const { code, out } = await runCli(['digest', '--send'], online);
    expect(code).toBe(1);
    expect(out).toContain('digest.channels in config/schedule.json');
    expect(discord.messages).toEqual([]);
  });
});

test('a paused channel is in status, keeps its alert, and gets it when it is resumed', async () => {
  const env = await csvSettings('2025-09-17');
  await runCli(['check'], env);
  const paused = await runCli(['pause', 'folder', '--until', '2099-01-01'], env);
  expect(paused).toMatchObject({ code: 0, out: 'folder: paused until 2099-01-01; alerts are kept.\n' });
  writeFileSync(join(env.MARKET_CSV_DIR ?? '', '^RUT.csv'), 'session,close\n2025-09-17,2407.34\n2025-09-18,2467.70\n');
  const check = JSON.parse((await runCli(['check', '--json'], env)).out);
  expect(check).toMatchObject({
    fired: ['russell-2000/2025-09-18'],
    deliveries: [{ channel: 'folder', state: 'pending', attempts: 0 }],
    paused: [{ channel: 'folder', until: '2099-01-01T05:00:00.000Z' }],
  });
  expect((await runCli(['status'], env)).out).toContain(
    'Paused      folder: paused until 1 Jan 2099, 00:00 New York; alerts are kept\n',
  );
  expect((await runCli(['drill'], env)).code).toBe(1);
  const resumed = await runCli(['resume'], env);
  expect(resumed).toMatchObject({
    code: 0,
    out: 'folder: resumed.\nfolder: sent  russell-2000/2025-09-18/alert\n',
  });
  expect(await runCli(['resume'], env)).toMatchObject({ code: 0, out: 'Nothing was paused.\n' });
  expect(readdirSync(env.OUTBOX_DIR ?? '')).toContain('2025-09-18-russell-2000-alert.txt');
});

test('an option that npm took for its own, and a bare date, end a pause all the same', async () => {
  const env = await csvSettings('2025-09-17');
  const npm = await runCli(['pause', 'folder'], { ...env, npm_config_until: '2099-01-01' });
  expect(npm.out).toBe('folder: paused until 2099-01-01; alerts are kept.\n');
  const bare = await runCli(['pause', 'folder', '2099-02-01'], { ...env, npm_config_until: 'true' });
  expect(bare.out).toBe('folder: paused until 2099-02-01; alerts are kept.\n');
  const wrong = await runCli(['pause', 'folder'], { ...env, npm_config_until: 'true' });
  expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining("'true' is not a date") });
});

test('a backup is written where it says, and a restore puts it back and says what next', async () => {
  const env = await csvSettings('2025-09-17');
  await runCli(['check'], env);
  const made = await runCli(['backup'], env);
  const [path = ''] = made.out.split(' is written');
  expect(made.code).toBe(0);
  expect(existsSync(path)).toBe(true);
  const { code, out } = await runCli(['restore', path], env);
  expect(code).toBe(0);
  expect(out).toMatch(
    /market\.db is restored; the newest thing it knows of is from \d{4}-.*Z\.\nWhat was there before is kept: /,
  );
  expect((await runCli(['status', '--json'], env)).code).toBe(0);
  const missing = await runCli(['restore', '/nowhere.db'], env);
  expect(missing).toMatchObject({ code: 1, err: '/nowhere.db is not there; name a copy from the folder backups/\n' });
});

test('status says whether a daemon watches, when it looks next, and what is wrong', async () => {
  const env = await csvSettings('2025-09-17');
  await runCli(['check'], env);
  const { out } = await runCli(['status'], env);
  expect(out).toContain('Daemon      not running: npm run daemon, or npm start in the foreground\n');
  expect(out).toMatch(/^Last run {4}check, .* New York$/m);
  expect(out).toMatch(/^Trouble {5}No close of \^RUT and \^GSPC for /m);
  expect(JSON.parse((await runCli(['status', '--json'], env)).out)).toMatchObject({
    daemon: null,
    lastRun: { command: 'check' },
    nextRun: expect.stringMatching(/Z$/),
    troubles: [expect.stringMatching(/^No close/)],
  });
});

describe('demo', () => {
  test('tells the story without any setting, and leaves the messages to look at', async () => {
    const { code, out, err } = await runCli(['demo'], { DATABASE_PATH: '/nowhere/x.db', MARKET_SOURCE: 'nonsense' });
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toMatch(/17 Sep 2025, 16:45[\s\S]*armed[\s\S]*To record {3}\+1\.47%\n\nFired {7}nothing/);
    expect(out).toMatch(/18 Sep 2025, 16:45[\s\S]*2,467\.70[\s\S]*Fired {7}russell-2000\/2025-09-18/);
    expect(out).toMatch(/18 Sep 2025, 17:30[\s\S]*Fired {7}nothing/);
    for (const step of ['.env', 'doctor', 'drill', 'start'])
      expect(out.slice(out.indexOf('Next steps'))).toContain(step);
    const files = out.match(/^ {2}\/.*russell-2000-alert\.(?:txt|html|json)$/gm)?.map((line) => line.trim()) ?? [];
    expect(files).toHaveLength(3);
    expect(files.every((file) => existsSync(file))).toBe(true);
  });
});

test('a reader that closes the pipe early, as head does, is no error', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../src/cli.ts'), 'demo'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect([err, code]).toEqual(['', 0]);
});

describe('a call that cannot be carried out', () => {
  test.each([
    [['chekc'], {}, "unknown command 'chekc'"],
    [['check', '--dryrun'], {}, "unknown option '--dryrun'"],
    [['check', '--as-of', '2025-02-30'], {}, "'2025-02-30' is not a date"],
    [['study', '--signal', 'dax'], {}, "--signal is 'dax'; allowed: russell-2000"],
    [['import', '^RUT'], {}, "missing required argument 'file'"],
    [['pause', 'telegram'], {}, "there is no channel 'telegram'; allowed: folder"],
    [['pause', 'folder', '--until', '2020-01-01'], {}, "--until is '2020-01-01'; allowed: a date after today"],
    [['pause', 'folder', '--until', 'friday'], {}, "'friday' is not a date"],
    [['resume', 'telegram'], {}, "there is no channel 'telegram'"],
    [['check'], { MARKET_SOURCE: 'bloomberg' }, "MARKET_SOURCE is 'bloomberg'; allowed: yahoo, csv"],
  ])('%j ends with 2 and says why', async (args, env, message) => {
    const { code, out, err } = await runCli(args, { DATABASE_PATH: join(temporaryFolder(), 'market.db'), ...env });
    expect(err).toContain(message);
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  test('a database of another source is refused with the cure', async () => {
    const env = await csvSettings();
    await runCli(['check'], env);
    const { code, err } = await runCli(['check'], { ...env, MARKET_SOURCE: 'yahoo' });
    expect(code).toBe(2);
    expect(err).toContain(
      "holds closes of the source 'csv', but MARKET_SOURCE is 'yahoo'; set MARKET_SOURCE=csv, or DATABASE_PATH",
    );
  });
});
