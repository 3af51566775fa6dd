import { pino } from 'pino';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createLeadership, type Leadership } from '../../src/daemon/leadership.ts';
import type { Ledger } from '../../src/store/ledger.ts';
import { createPostgresLedger } from '../../src/store/postgres/ledger.ts';
import { openServer } from '../store/postgres-store.ts';
import { NO_POSTGRES, NO_POSTGRES_OF_ITS_OWN, newDatabase } from '../support/postgres.ts';
import { startServer } from '../support/postgres-server.ts';
import { csvWorld, Running } from '../support/running-daemon.ts';
import { useStandIn } from '../support/temporary.ts';

const NOW = Date.parse('2025-09-18T20:46:00Z');

/** What a daemon watches. */
const watching = (quietYears: number) => ({
  source: { name: 'csv', folder: '' } as const,
  signals: [{ id: 'r2k', title: '', index: '^RUT', benchmark: '^GSPC', quietYears, horizons: [12] }],
  symbols: {},
});

describe.skipIf(NO_POSTGRES !== undefined)('hosts of one PostgreSQL', () => {
  /** Two daemons, each with a ledger and a clock of its own; the first one leads. */
  async function twoHosts(rules: readonly [number, number] = [1, 1]) {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { url } = await newDatabase();
    const server = await openServer(url);
    const changes: string[] = [];
    const told: string[] = [];
    const clock = { ms: 0 };
    const hosts: { readonly ledger: Ledger; readonly daemon: Leadership }[] = [];
    for (const [nth, name] of ['alpha', 'beta'].entries()) {
      const { ledger } = await createPostgresLedger(await openServer(url));
      const log = pino({ level: 'warn' }, { write: (line: string) => void told.push(`${name}: ${line}`) });
      const change = {
        gained: () => void changes.push(`${name} gained`),
        lost: () => void changes.push(`${name} lost`),
      };
      // An hour and a half apart: the clocks of the hosts decide nothing.
      const now = () => NOW + nth * 5_400_000;
      const settings = watching(rules[nth] ?? 1);
      const daemon = createLeadership({ ledger, settings, now }, log, () => clock.ms, change);
      await daemon.begin();
      hosts.push({ ledger, daemon });
    }
    const [alpha, beta] = hosts;
    if (alpha === undefined || beta === undefined) throw new Error('there are two');
    onTestFinished(() => Promise.all(hosts.map(({ daemon }) => daemon.end())).then(() => {}));
    const roles = () => [alpha.daemon.role(), beta.daemon.role()];
    const expire = () => server.changes("update lease set expires_at = '-infinity' where name = 'leader'");
    return { alpha, beta, clock, changes, told, roles, expire, server };
  }

  test('one takes over once the lease of the other has ended by the clock of the database, and not before', async () => {
    const { alpha, beta, changes, clock, expire, roles } = await twoHosts();
    expect(roles()).toEqual(['leader', 'standby']);
    // However long it is silent by the clock of who looks.
    clock.ms = 44_000;
    await beta.daemon.say();
    expect(roles()).toEqual(['leader', 'standby']);
    await expire();
    await beta.daemon.say();
    expect(roles()).toEqual(['leader', 'leader']);
    await alpha.daemon.say();
    expect(roles()).toEqual(['standby', 'leader']);
    expect(changes).toEqual(['beta gained', 'alpha lost']);
  });

  test('a leader that cannot tell the database that it lives leads no more before another one may', async () => {
    const { alpha, clock, changes, roles } = await twoHosts();
    const { ledger, daemon } = alpha;
    const { daemon: asked, lead, instanceLives } = ledger;
    let answer = () => {};
    // Half open: no answer comes.
    const never = () => new Promise<never>((_, reject) => (answer = () => reject(new Error('no answer'))));
    Object.assign(ledger, { daemon: never, lead: never, instanceLives: never });
    for (clock.ms = 0; clock.ms < 25_000; clock.ms += 5_000) vi.advanceTimersByTime(5_000);
    expect(roles()).toEqual(['leader', 'standby']);
    vi.advanceTimersByTime(5_000);
    expect(roles()).toEqual(['standby', 'standby']);
    expect(changes).toEqual(['alpha lost']);
    answer();
    await vi.waitFor(() => expect(daemon.cutOffFor()).toBe(25_000));
    // It is back before anybody missed it, and leads on.
    Object.assign(ledger, { daemon: asked, lead, instanceLives });
    await daemon.say();
    expect(daemon.cutOffFor()).toBe(0);
    expect(roles()).toEqual(['leader', 'standby']);
    expect(changes).toEqual(['alpha lost', 'alpha gained']);
  });

  test('a leader that is alone says every ten seconds that it lives', async () => {
    const { alpha, clock, server } = await twoHosts();
    const end = async () =>
      (await server.row<{ at: Date }>("select expires_at as at from lease where name = 'leader'"))?.at.getTime() ?? 0;
    const before = await end();
    clock.ms = 9_000;
    await alpha.daemon.say();
    const after = await end();
    expect(after).toBeGreaterThan(before);
  });

  test('one with other rules does not take over from one that died beside it, and says what differs', async () => {
    const { alpha, beta, told, expire, roles } = await twoHosts([1, 2]);
    await alpha.daemon.say();
    await expire();
    await beta.daemon.say();
    await beta.daemon.say();
    expect(roles()).toEqual(['leader', 'standby']);
    const why = 'signal r2k, quietYears: 2 here, 1 there';
    expect(beta.daemon.refusal()).toBe(why);
    const lines = told.filter((line) => line.startsWith('beta')).map((line) => JSON.parse(line.slice(6)));
    expect(lines).toMatchObject([{ why, msg: expect.stringMatching(/^this daemon does not take over/) }]);
  });

  test('it does once the other one was stopped by a person', async () => {
    const { alpha, beta, roles } = await twoHosts([1, 2]);
    await alpha.daemon.end();
    await beta.daemon.say();
    expect(roles()[1]).toBe('leader');
    expect(beta.daemon.refusal()).toBeUndefined();
  });
});

describe.skipIf(NO_POSTGRES_OF_ITS_OWN !== undefined)('npm start with DATABASE_URL', () => {
  test('waits for a database that is away, and takes over from a daemon that is killed', async () => {
    const server = await useStandIn(startServer());
    await server.stop();
    const world = { ...(await csvWorld()), DATABASE_URL: server.url };
    const first = new Running(world);
    const { reason } = await first.says('waiting for the database');
    expect(reason).toMatch(/^the database bell on 127\.0\.0\.1:\d+ cannot be reached \(connect ECONNREFUSED/);
    await server.start();
    expect((await first.says('watching')).role).toBe('leader');
    await first.says(/^check done/);
    const second = new Running(world);
    const { role, page } = await second.says('watching');
    expect(role).toBe('standby');
    first.child.kill('SIGKILL');
    await first.exit;
    // What half a minute does, by the clock of the database.
    const postgres = await openServer(server.url);
    await postgres.changes("update lease set expires_at = '-infinity'");
    await second.says('this daemon leads now');
    expect((await second.says(/^check done/)).why).toBe('takeover');
    expect(await (await fetch(`${page}/healthz`)).json()).toMatchObject({ role: 'leader' });
    second.child.kill('SIGTERM');
    expect(await second.exit).toEqual([0, null]);
    expect(await postgres.rows('select * from instances where id in (select holder from lease)')).toEqual([]);
  });
});
