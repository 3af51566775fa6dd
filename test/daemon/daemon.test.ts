import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startGateway } from '../support/discord-gateway.ts';
import { startDiscord } from '../support/discord-server.ts';
import { BOT } from '../support/discord-stand-in.ts';
import { startHeartbeat } from '../support/heartbeat-server.ts';
import { csvWorld, Running } from '../support/running-daemon.ts';
import { useStandIn } from '../support/temporary.ts';

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
    const { content } = await gateway.command('status');
    expect(content).toMatch(/^Needs attention: No close of \^RUT or \^GSPC/);
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

  test('a database that cannot be opened ends it with 1 and one line, and who watches the watcher is told', async () => {
    const heartbeat = await useStandIn(startHeartbeat());
    const env = await csvWorld();
    writeFileSync(env.DATABASE_PATH ?? '', 'no database at all, '.repeat(100));
    const daemon = new Running({ ...env, HEARTBEAT_URL: heartbeat.url });
    expect(await daemon.exit).toEqual([1, null]);
    expect(daemon.lines).toEqual([
      {
        msg: expect.stringMatching(
          /is damaged or not a database \(file is not a database\)\. .*npm run restore FILE\.$/,
        ),
      },
    ]);
    expect(heartbeat.calls).toEqual([expect.stringMatching(/^fail: .*is damaged or not a database/)]);
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
