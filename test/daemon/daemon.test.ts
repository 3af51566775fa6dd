import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isEcho } from '../../src/daemon/daemon.ts';
import { isBehind } from '../../src/daemon/round.ts';
import { VARIABLES } from '../../src/settings/environment.ts';
import { openDatabase } from '../../src/store/sqlite/database.ts';
import { createSqliteLedger } from '../../src/store/sqlite/ledger.ts';
import { writeCloses } from '../support/closes-folder.ts';
import { startGateway } from '../support/discord-gateway.ts';
import { BOT, startDiscord } from '../support/discord-server.ts';
import { startHeartbeat } from '../support/heartbeat-server.ts';
import { SEP_17, SEP_18, startStory } from '../support/story.ts';
import { temporaryFolder, useStandIn } from '../support/temporary.ts';
import { startYahoo } from '../support/yahoo-server.ts';

describe('the question that is asked every hour', () => {
  test('is answered yes before the first run, no after it, and yes when the next session is over', async () => {
    const story = await startStory();
    expect(await story.at(SEP_17, isBehind)).toBe(true);
    await story.check(SEP_17);
    expect(await story.at(SEP_17, isBehind)).toBe(false);
    expect(await story.at('2025-09-18T20:34:00Z', isBehind)).toBe(false);
    expect(await story.at('2025-09-18T20:35:00Z', isBehind)).toBe(true);
  });

  test('is answered yes while a message has not arrived', async () => {
    const story = await startStory();
    await story.check(SEP_17);
    story.discord.fault = () => ({ status: 502 });
    await story.check(SEP_18);
    expect(await story.at(SEP_18, isBehind)).toBe(true);
    story.discord.fault = undefined;
    await story.check(SEP_18);
    expect(await story.at(SEP_18, isBehind)).toBe(false);
  });
});

interface Line {
  readonly msg: string;
  readonly why?: string;
  readonly asOf?: string;
  readonly page?: string;
  readonly [field: string]: unknown;
}

/** A real daemon in a process of its own. */
class Running {
  readonly lines: Line[] = [];
  readonly child: ChildProcess;
  readonly exit: Promise<unknown[]>;
  readonly #waiting = new Set<() => void>();

  constructor(env: Readonly<Record<string, string>>) {
    const blank = Object.fromEntries(VARIABLES.map((name) => [name, '']));
    this.child = spawn(process.execPath, [join(import.meta.dirname, '../../src/launch.js'), 'start'], {
      env: { PATH: process.env.PATH, ...blank, DASHBOARD_PORT: '0', ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.exit = once(this.child, 'close');
    onTestFinished(() => void this.child.kill('SIGKILL'));
    if (this.child.stderr === null) throw new Error('no standard error');
    createInterface({ input: this.child.stderr }).on('line', (line) => {
      this.lines.push(line.startsWith('{') ? JSON.parse(line) : { msg: line });
      for (const look of this.#waiting) look();
    });
  }

  /** The first line that says so, when it comes. */
  says(words: string | RegExp): Promise<Line> {
    return new Promise((resolve) => {
      const look = () => {
        const line = this.lines.find(({ msg }) => (typeof words === 'string' ? msg === words : words.test(msg)));
        if (line !== undefined) resolve(line);
      };
      this.#waiting.add(look);
      look();
    });
  }
}

async function csvWorld(): Promise<Record<string, string>> {
  const folder = temporaryFolder();
  await writeCloses(folder, '2025-09-17', '2020-01-01');
  return {
    DATABASE_PATH: join(folder, 'market.db'),
    MARKET_SOURCE: 'csv',
    MARKET_CSV_DIR: folder,
    OUTBOX_DIR: join(folder, 'outbox'),
  };
}

/** Tells at the end whether discord.js's gateway was loaded. */
const TELLS_GATEWAY = `--import=data:text/javascript,${encodeURIComponent(
  "import { Module } from 'node:module'; process.on('exit', () => process.stderr.write('gateway ' + Object.keys(Module._cache).some((path) => path.includes('@discordjs/ws'))));",
)}`;

describe('a daemon with a bot', () => {
  test('answers commands while it runs, and is gone when it stops', async () => {
    const discord = await useStandIn(startDiscord());
    const gateway = await startGateway(discord);
    onTestFinished(() => gateway.close());
    const daemon = new Running({ ...(await csvWorld()), ...BOT, DISCORD_API_URL: discord.url });
    await daemon.says(/^check done/);
    await gateway.happened('commands put');
    const { embeds } = await gateway.command('status');
    expect(embeds[0]?.title).toContain('Russell 2000 armed');
    expect(daemon.lines.some(({ msg }) => msg === 'the bot is connected')).toBe(true);
    daemon.child.kill('SIGTERM');
    expect(await daemon.exit).toEqual([0, null]);
    expect(JSON.stringify(daemon.lines)).not.toContain(BOT.DISCORD_BOT_TOKEN);
  });

  test('that cannot connect watches and posts all the same', async () => {
    const discord = await useStandIn(startDiscord());
    const gateway = await startGateway(discord);
    onTestFinished(() => gateway.close());
    gateway.up = false;
    const daemon = new Running({ ...(await csvWorld()), ...BOT, DISCORD_API_URL: discord.url });
    expect(await daemon.says(/^check done/)).toMatchObject({ why: 'start' });
    daemon.child.kill('SIGTERM');
    expect(await daemon.exit).toEqual([0, null]);
  });

  test('loads no gateway without a token', async () => {
    const daemon = new Running({ ...(await csvWorld()), NODE_OPTIONS: TELLS_GATEWAY });
    await daemon.says(/^check done/);
    daemon.child.kill('SIGTERM');
    await daemon.exit;
    expect(daemon.lines.at(-1)?.msg).toBe('gateway false');
  });
});

describe('npm start', () => {
  test('says that it is ready, checks at once, says so as one line of JSON, and stops cleanly when it is told to', async () => {
    const daemon = new Running(await csvWorld());
    const ready = once(daemon.child, 'message');
    // The closes end a year ago, which is told as what it is; the check itself is done.
    const done = await daemon.says(/^check done/);
    daemon.child.kill('SIGTERM');
    expect(await ready).toEqual(['ready', undefined]);
    expect(done).toMatchObject({ why: 'start', asOf: '2025-09-17', fired: [] });
    expect(await daemon.exit).toEqual([0, null]);
    expect(daemon.lines.at(-1)?.msg).toBe('stopped');
  });

  test('answers /healthz and /metrics, and is in status, until it stops', async () => {
    const env = await csvWorld();
    const daemon = new Running(env);
    const { page } = await daemon.says('watching');
    await daemon.says(/^check done/);
    const health = await fetch(`${page}/healthz`);
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({
      ok: false,
      evaluated: '2025-09-17',
      reasons: [expect.stringMatching(/^No close of \^RUT and \^GSPC for \d+ sessions from 18 Sep 2025 to /)],
    });
    const metrics = await (await fetch(`${page}/metrics`)).text();
    expect(metrics).toMatch(/^breakout_bell_armed\{signal="russell-2000"\} 1$/m);
    const database = openDatabase(env.DATABASE_PATH ?? '');
    const ledger = createSqliteLedger(database);
    expect(await ledger.daemon()).toMatchObject({ pid: daemon.child.pid });
    daemon.child.kill('SIGINT');
    await daemon.exit;
    expect(await ledger.daemon()).toBeUndefined();
    database.close();
  });

  test('watches on where its page is closed for want of a token, says so, and tells its health check ok or not', async () => {
    const daemon = new Running({ ...(await csvWorld()), DASHBOARD_HOST: '0.0.0.0' });
    const { page = '' } = await daemon.says('watching');
    await daemon.says(/^check done/);
    expect(daemon.lines.map(({ msg }) => msg)).toContainEqual(
      expect.stringMatching(/^the page is closed: 0\.0\.0\.0 is not this machine alone, .*set DASHBOARD_TOKEN/),
    );
    const own = page.replace('0.0.0.0', '127.0.0.1');
    // As the image's health check asks.
    const health = await fetch(`${own}/healthz`);
    expect([health.status, await health.text()]).toEqual([503, '{"ok":false}']);
    const closed = await fetch(`${own}/metrics`);
    expect([closed.status, await closed.text()]).toEqual([403, expect.stringMatching(/^The page is closed: /)]);
    daemon.child.kill('SIGTERM');
    expect(await daemon.exit).toEqual([0, null]);
  });

  test('told to stop while it reads ends soon, and the next start does what was left', async () => {
    const yahoo = await useStandIn(startYahoo());
    const asked = new Promise<void>((resolve) => {
      yahoo.fault = () => {
        resolve();
        return 'hang';
      };
    });
    const daemon = new Running({ DATABASE_PATH: join(temporaryFolder(), 'market.db'), YAHOO_FINANCE_URL: yahoo.url });
    await asked;
    daemon.child.kill('SIGINT');
    expect(await daemon.exit).toEqual([0, null]);
    expect(daemon.lines.some(({ problems }) => String(problems).includes('the reading was stopped'))).toBe(true);
  });

  test('a second signal ends it at once', async () => {
    const env = await csvWorld();
    const server = createServer(() => {}); // A heartbeat that never answers keeps the round from ending.
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.closeAllConnections());
    const { port } = server.address() as AddressInfo;
    const daemon = new Running({ ...env, HEARTBEAT_URL: `http://127.0.0.1:${port}/secret` });
    await once(server, 'request');
    daemon.child.kill('SIGTERM');
    await daemon.says('stopping');
    daemon.child.kill('SIGINT');
    expect(await daemon.exit).toEqual([1, null]);
    expect(daemon.lines.at(-1)?.msg).toBe('told twice: ending at once');
    server.close();
  });

  test('one keystroke that arrives twice is one: npm passes on what the terminal has sent already', () => {
    const told = { signal: 'SIGINT', at: 1000 };
    expect(isEcho(told, 'SIGINT', 1020)).toBe(true);
    expect(isEcho(told, 'SIGTERM', 1020)).toBe(false);
    expect(isEcho(told, 'SIGINT', 1500)).toBe(false);
  });

  test('watches on where the port of its page is taken, and says what to set', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const daemon = new Running({ ...(await csvWorld()), DASHBOARD_PORT: String(port) });
    await daemon.says(/^check done/);
    expect(daemon.lines[0]?.msg).toMatch(/EADDRINUSE.*; set DASHBOARD_HOST and DASHBOARD_PORT to what is free$/);
    daemon.child.kill('SIGTERM');
    expect(await daemon.exit).toEqual([0, null]);
  });

  test('a database that cannot be opened ends it with 1 and one line, and who watches the watcher is told', async () => {
    const heartbeat = await useStandIn(startHeartbeat());
    const env = await csvWorld();
    writeFileSync(env.DATABASE_PATH ?? '', 'no database at all, '.repeat(100));
    const daemon = new Running({ ...env, HEARTBEAT_URL: heartbeat.url });
    expect(await daemon.exit).toEqual([1, null]);
    expect(daemon.lines).toEqual([
      {
        msg: expect.stringMatching(/is damaged or no database \(file is not a database\)\. .*npm run restore FILE\.$/),
      },
    ]);
    expect(heartbeat.calls).toEqual([expect.stringMatching(/^fail: .*is damaged or no database/)]);
  });

  test('killed again and again it waits for the schedule, and floods nobody', async () => {
    const env = await csvWorld();
    for (let start = 1; start <= 5; start++) {
      const daemon = new Running(env);
      await daemon.says(/^check done/);
      daemon.child.kill('SIGKILL');
      await daemon.exit;
    }
    const daemon = new Running(env);
    await daemon.says(/^started again and again/);
    daemon.child.kill('SIGTERM');
    await daemon.exit;
    expect(daemon.lines.some(({ msg }) => msg.startsWith('check'))).toBe(false);
    expect(readdirSync(env.OUTBOX_DIR ?? '').filter((name) => name.endsWith('.txt'))).toHaveLength(1);
    // A clean stop is a new beginning.
    const again = new Running(env);
    await again.says(/^check done/);
    again.child.kill('SIGTERM');
    await again.exit;
  });

  test('an error that nobody expected is logged with what went on, and ends it with 1', async () => {
    const env = await csvWorld();
    const bad = `data:text/javascript,setTimeout(() => { throw new Error('out of the blue') }, 1500)`;
    const daemon = new Running({ ...env, NODE_OPTIONS: `--import=${JSON.stringify(bad)}` });
    expect(await daemon.exit).toEqual([1, null]);
    expect(daemon.lines.at(-1)).toMatchObject({
      level: 60,
      msg: 'ended by an error that nobody expected',
      during: expect.any(String),
      err: { message: 'out of the blue', stack: expect.any(String) },
    });
    expect(existsSync(env.DATABASE_PATH ?? '')).toBe(true);
  });
});
