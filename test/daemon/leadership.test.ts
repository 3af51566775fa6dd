import { pino } from 'pino';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { thisProcess } from '../../src/app/this-process.ts';
import { createLeadership, type Leadership } from '../../src/daemon/leadership.ts';
import type { Daemon } from '../../src/store/runs.ts';
import { NOW } from '../store/example-ledger.ts';
import { newLedger } from '../store/sqlite/example-ledger.ts';
import { startGateway } from '../support/discord-gateway.ts';
import { startDiscord } from '../support/discord-server.ts';
import { BOT } from '../support/discord-stand-in.ts';
import { csvWorld, Running } from '../support/running-daemon.ts';
import { useStandIn } from '../support/temporary.ts';

const SETTINGS = { source: { name: 'csv', folder: '' }, signals: [], symbols: {} } as const;

describe('several daemons on one ledger', () => {
  /** Daemons of one ledger in this process, each with a clock of its own. */
  async function daemons(count: number) {
    const { ledger } = newLedger();
    const clock = { ms: 0 };
    const changes: string[] = [];
    const all: Leadership[] = [];
    for (let nth = 0; nth < count; nth++) {
      const change = {
        gained: () => void changes.push(`${nth} gained`),
        lost: () => void changes.push(`${nth} lost`),
      };
      const now = () => Date.parse(NOW) + clock.ms;
      const daemon = createLeadership(
        { ledger, settings: SETTINGS, now },
        pino({ level: 'silent' }),
        () => clock.ms,
        change,
      );
      await daemon.begin();
      all.push(daemon);
    }
    const roles = () => all.map((daemon) => daemon.role());
    const end = () => Promise.all(all.map((daemon) => daemon.end()));
    return { ledger, clock, changes, all, roles, end };
  }

  test('one with other rules says so while another leads, and does not take over once that one is silent', async () => {
    const { ledger } = newLedger();
    const clock = { ms: 0 };
    const begin = async (source: 'csv' | 'yahoo') => {
      const daemon = createLeadership(
        {
          ledger,
          settings: { ...SETTINGS, source: { ...SETTINGS.source, name: source } as typeof SETTINGS.source },
          now: () => Date.parse(NOW) + clock.ms,
        },
        pino({ level: 'silent' }),
        () => clock.ms,
        { gained: () => {}, lost: () => {} },
      );
      await daemon.begin();
      return daemon;
    };
    const first = await begin('csv');
    const second = await begin('yahoo');
    clock.ms = 15_000;
    await first.say();
    await second.say();
    expect([second.role(), second.refusal()]).toEqual(['standby', 'MARKET_SOURCE: yahoo here, csv there']);
    clock.ms = 61_000;
    await second.say();
    expect([second.role(), second.refusal()]).toEqual(['standby', 'MARKET_SOURCE: yahoo here, csv there']);
    // A clean stop leaves the rules to the one that is left.
    await first.end();
    await second.say();
    expect([second.role(), second.refusal()]).toEqual(['leader', undefined]);
    await second.end();
  });

  test('the first leads, the others stand by; after its clean stop the next that looks leads at once', async () => {
    const { all, changes, roles, end } = await daemons(3);
    expect(roles()).toEqual(['leader', 'standby', 'standby']);
    await all[0]?.end();
    await all[1]?.say();
    await all[2]?.say();
    expect(roles().slice(1)).toEqual(['leader', 'standby']);
    expect(changes).toEqual(['1 gained']);
    await end();
  });

  test('one that has been stopped is silent, and another leads after 45 s; it finds that out when it wakes', async () => {
    const { all, clock, changes, roles, end } = await daemons(2);
    for (const ms of [15_000, 30_000, 44_000]) {
      clock.ms = ms;
      await all[1]?.say();
      expect(roles()).toEqual(['leader', 'standby']);
    }
    clock.ms = 46_000;
    await all[1]?.say();
    expect(roles()).toEqual(['leader', 'leader']);
    await all[0]?.say();
    expect(roles()).toEqual(['standby', 'leader']);
    expect(changes).toEqual(['1 gained', '0 lost']);
    await end();
  });

  test('one that goes on says so where others have to know, and leads on', async () => {
    const { all, clock, roles, end } = await daemons(2);
    for (clock.ms = 0; clock.ms < 300_000; clock.ms += 20_000) {
      await all[0]?.say();
      await all[1]?.say();
    }
    expect(roles()).toEqual(['leader', 'standby']);
    await end();
  });

  test('each says by itself that it lives, and nobody takes over from a leader that goes on', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { clock, changes, roles, end } = await daemons(2);
    for (clock.ms = 0; clock.ms < 300_000; clock.ms += 5_000) {
      await vi.advanceTimersByTimeAsync(5_000);
      expect(roles()).toEqual(['leader', 'standby']);
    }
    expect(changes).toEqual([]);
    await end();
  });

  test('a process that is gone is followed at once, however lately it was heard of', async () => {
    const { ledger } = newLedger();
    // Beyond what Linux numbers.
    const dead: Daemon = { ...ownDaemon(), id: 'dead', pid: 4_194_305 };
    await ledger.lead(dead, () => false);
    const change = { gained: () => {}, lost: () => {} };
    const next = createLeadership(
      { ledger, settings: SETTINGS, now: () => Date.parse(NOW) },
      pino({ level: 'silent' }),
      () => 0,
      change,
    );
    expect(await next.begin()).toBe('leader');
    await next.end();
  });

  test('a ledger that cannot be asked changes no role', async () => {
    const { all, ledger, roles, end } = await daemons(2);
    const { daemon, lead } = ledger;
    ledger.daemon = () => Promise.reject(new Error('the disk is gone'));
    ledger.lead = () => Promise.reject(new Error('the disk is gone'));
    for (const one of all) await one.say();
    expect(roles()).toEqual(['leader', 'standby']);
    Object.assign(ledger, { daemon, lead });
    await end();
  });
});

describe('npm start', () => {
  test('a second daemon on one database stands by, says so, and takes over from one that is killed', async () => {
    const discord = await useStandIn(startDiscord());
    const gateway = await useStandIn(startGateway(discord));
    const connections = () => gateway.events.filter((event) => event === 'identify').length;
    const env = { ...(await csvWorld()), ...BOT, DISCORD_API_URL: discord.url };
    const first = new Running(env);
    await first.says(/^check done/);
    await gateway.happened('identify');
    const second = new Running(env);
    const { role, page } = await second.says('watching');
    expect(role).toBe('standby');
    const asked = async () => (await (await fetch(`${page}/healthz`)).json()) as Record<string, unknown>;
    expect(await asked()).toMatchObject({ role: 'standby', leader: { pid: first.child.pid } });
    expect(await (await fetch(`${page}/metrics`)).text()).toMatch(/^breakout_bell_leader 0$/m);
    expect(second.lines.some(({ msg }) => msg.startsWith('check'))).toBe(false);

    first.child.kill('SIGKILL');
    await second.says('this daemon leads now');
    expect(connections()).toBe(1);
    await gateway.happened('identify', 2);
    expect((await second.says(/^check done/)).why).toBe('takeover');
    expect(await asked()).toMatchObject({ role: 'leader', leader: { pid: second.child.pid } });
    second.child.kill('SIGTERM');
    expect(await second.exit).toEqual([0, null]);
  });
});

/** This process, as a ledger knows a daemon. */
function ownDaemon(): Daemon {
  return { ...thisProcess(), startedAt: NOW, seenAt: NOW };
}
