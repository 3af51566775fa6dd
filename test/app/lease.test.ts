import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { runningDaemon, withLease } from '../../src/app/lease.ts';
import { isDead, thisProcess } from '../../src/app/this-process.ts';
import { drill } from '../../src/jobs/drill.ts';
import type { Outgoing } from '../../src/message/message.ts';
import { LEASE_MS, type LeaseOwner } from '../../src/store/lease-owner.ts';
import type { Daemon } from '../../src/store/runs.ts';
import { SEP_17, SEP_18, startStory } from '../support/story.ts';

const THIS_PROCESS = join(import.meta.dirname, '../../src/app/this-process.ts');
const [TICKS = '', BOOT = '', NAMESPACE = ''] = thisProcess().processStarted?.split(' ') ?? [];
const self = (change: Partial<LeaseOwner> = {}): LeaseOwner => ({ ...thisProcess(), ...change });

/** What another process says of itself. */
function holderFrom(command: string, ...args: string[]): LeaseOwner {
  const code = `import { thisProcess } from ${JSON.stringify(THIS_PROCESS)}; console.log(JSON.stringify(thisProcess()));`;
  const all = [...args, '--input-type=module', '--eval', code];
  return JSON.parse(
    execFileSync(command, all, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  ) as LeaseOwner;
}

/** A process in a pid namespace of its own, as in another container of one hostname; undefined where none can be made. */
function holderElsewhere(): LeaseOwner | undefined {
  try {
    return holderFrom('unshare', '--pid', '--fork', '--mount-proc', process.execPath);
  } catch {
    return undefined;
  }
}
const ELSEWHERE = holderElsewhere();

describe.skipIf(TICKS === '')('a process', () => {
  test('says where its pid is one: boot, and pid namespace', () => {
    expect(BOOT).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
    expect(NAMESPACE).toMatch(/^pid:\[\d+\]$/);
    expect(TICKS).toMatch(/^\d+$/);
  });

  test('that lives, or whose pid another one has, is told from one that has ended', async () => {
    expect(isDead(self())).toBe(false);
    expect(isDead(self({ processStarted: `${Number(TICKS) - 1} ${BOOT} ${NAMESPACE}` }))).toBe(true);
    const child = spawn('true');
    await once(child, 'exit');
    expect(isDead(self({ pid: child.pid ?? 0 }))).toBe(true);
    expect(isDead(holderFrom(process.execPath))).toBe(true);
  });

  // Neither says whether it lives: all are pids that are free here, or another process's.
  test.each([
    ['of another boot', { processStarted: `1 00000000-0000-0000-0000-000000000000 ${NAMESPACE}` }],
    ['of another pid namespace', { processStarted: `1 ${BOOT} pid:[1]` }],
    ['of an unknown one, as earlier versions noted it', { processStarted: '1' }],
    ['of a system that tells nothing', { processStarted: null }],
    ['of another host', { host: 'elsewhere' }],
  ])('%s is dead for nobody', (_, change) => {
    expect(isDead(self(change))).toBe(false);
    expect(isDead(self({ pid: 999_999_999, ...change }))).toBe(false);
  });

  test.skipIf(ELSEWHERE === undefined)('in another container of the same hostname is dead for nobody', () => {
    const owner = ELSEWHERE as LeaseOwner;
    expect([owner.host, owner.processStarted?.split(' ')[1]]).toEqual([hostname(), BOOT]);
    // Its pid is 1 or 2, and here another process's.
    expect(owner.pid).toBeLessThan(10);
    expect(isDead(owner)).toBe(false);
  });
});

test('of a daemon whose process cannot be seen only how long ago it was heard of counts', async () => {
  const now = Date.parse(SEP_17);
  const daemonSeen = (change: Partial<Daemon>, hoursAgo: number) => {
    const seenAt = new Date(now - hoursAgo * 3_600_000).toISOString();
    const daemon = { ...self(), startedAt: seenAt, seenAt, ...change };
    return runningDaemon({ ledger: { daemon: async () => daemon } as never, now: () => now });
  };
  const elsewhere = { processStarted: `1 ${BOOT} pid:[1]` };
  expect(await daemonSeen({}, 300)).toBeDefined();
  expect(await daemonSeen({ pid: 999_999_999 }, 0)).toBeUndefined();
  expect(await daemonSeen({ pid: 999_999_999, ...elsewhere }, 1)).toBeDefined();
  expect(await daemonSeen(elsewhere, 3)).toBeUndefined();
  expect(await daemonSeen(elsewhere, -3)).toBeUndefined();
});

describe('a run whose lease another one took', () => {
  test('keeps its lease however late it is, and loses it to who took it, even one that has ended', async () => {
    const story = await startStory();
    await story.at(SEP_17, async (app) => {
      let now = app.now();
      const clocked = { ...app, now: () => now };
      const act = withLease(clocked, 'sleeper', async (_holder, confirm) => {
        now += 10 * LEASE_MS;
        await confirm();
        now += 10 * LEASE_MS;
        await withLease(clocked, 'another', async () => ({}));
        await confirm();
        return {};
      });
      expect(await act).toEqual({ skipped: 'another run took over while this one slept, and has ended' });
      expect(await app.ledger.newestRuns(2)).toMatchObject([
        { command: 'another', problems: [] },
        { command: 'sleeper', problems: [expect.stringContaining('took over')] },
      ]);
    });
  });

  test('does not end the lease of the other, and is skipped', async () => {
    const story = await startStory();
    await story.at(SEP_17, async (app) => {
      let now = app.now();
      const clocked = { ...app, now: () => now };
      const other = { id: 'other', host: 'elsewhere', pid: 1, processStarted: null };
      const done = await withLease(clocked, 'sleeper', async () => {
        now += LEASE_MS;
        await app.ledger.takeLease(other, now, () => false);
        await app.ledger.noteChannels([]);
        const message = { id: 'x', createdAt: new Date(now).toISOString() } as never;
        await app.ledger.post({ message, event: null, channels: [] });
        return {};
      });
      expect(done).toEqual({ skipped: 'process 1 on elsewhere took over while this one slept; it goes on' });
      await expect(app.ledger.keepLease('other', now)).resolves.toBeUndefined();
      await expect(
        withLease(app, 'another', async () => {
          throw new TypeError('a fault of its own');
        }),
      ).rejects.toThrow(TypeError);
    });
  });

  test('proves nothing by its drill', async () => {
    const story = await startStory({ OUTBOX_DIR: '', EMAIL_TO: 'ann@example.com' });
    await story.check(SEP_17);
    await story.at(SEP_18, async (app) => {
      let now = app.now();
      const other = { id: 'other', host: 'elsewhere', pid: 1, processStarted: null };
      const channels = app.channels.map((channel) => ({
        ...channel,
        send: async (outgoing: Outgoing) => {
          const outcome = await channel.send(outgoing);
          now += LEASE_MS;
          await app.ledger.takeLease(other, now, () => true);
          await app.ledger.abandonSending('other');
          return outcome;
        },
      }));
      const done = await drill({ ...app, channels, now: () => now });
      expect(done).toEqual({ skipped: expect.stringContaining('took over while this one slept') });
      expect((await app.ledger.probes()).filter(({ part }) => part.startsWith('drill-'))).toEqual([]);
    });
  });
});

test('a run reads what others have stored before it begins, and gives its lease back where it cannot', async () => {
  const story = await startStory();
  await story.at(SEP_17, async (app) => {
    const steps: string[] = [];
    const work = async () => ({ steps: steps.push('work') });
    const refresh = vi.spyOn(app.closes, 'refresh').mockImplementation(async () => void steps.push('refresh'));
    await withLease(app, 'first', work);
    expect(steps).toEqual(['refresh', 'work']);
    refresh.mockRejectedValueOnce(new Error('nobody answers'));
    await expect(withLease(app, 'second', work)).rejects.toThrow('nobody answers');
    expect(await app.ledger.takeLease(self({ id: 'another', host: 'elsewhere' }), app.now(), isDead)).toBeUndefined();
    expect(steps).toEqual(['refresh', 'work']);
  });
});
