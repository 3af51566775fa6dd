import { hostname } from 'node:os';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createPulse } from '../../src/daemon/pulse.ts';
import { createRounds } from '../../src/daemon/rounds.ts';
import type { Ledger } from '../../src/store/ledger.ts';
import { titles } from '../support/posted.ts';
import { SEP_17, startStory } from '../support/story.ts';

/** What rounds touch beside the app; its role and how long it is cut off are the test's. */
function beside(leading: { role: 'leader' | 'standby'; cutOff: number }) {
  const life = {
    log: pino({ level: 'silent' }),
    stopping: new AbortController(),
    during: 'waiting',
    die: (error: unknown) => {
      throw error;
    },
    atEnd: () => {},
    end: async () => {},
  };
  const page = { open: async () => {}, url: () => undefined, close: async () => {} };
  const leadership = {
    id: 'this',
    role: () => leading.role,
    refusal: () => undefined,
    cutOffFor: () => leading.cutOff,
    begin: async () => leading.role,
    say: async () => {},
    end: async () => {},
  };
  return { life, page, leadership };
}

const ROUND = { why: 'test', check: 'always' } as const;

test('a daemon that stands by makes no round; as the leader it does', async () => {
  const story = await startStory();
  await story.at(SEP_17, async (app) => {
    const leading: Parameters<typeof beside>[0] = { role: 'standby', cutOff: 0 };
    const { run } = createRounds(app, { ...beside(leading), pulse: createPulse(app.now, () => 0) });
    await run(ROUND);
    expect(await app.ledger.lastRun()).toBeUndefined();
    leading.role = 'leader';
    await run(ROUND);
    expect(await app.ledger.lastRun()).toMatchObject({ command: expect.stringContaining('test') });
  });
});

test('a standby that cannot reach the database says so after ten minutes, once a day, and looks again within a minute', async () => {
  const story = await startStory();
  await story.at(SEP_17, async (app) => {
    const leading = { role: 'standby' as const, cutOff: 600_000 };
    let now = app.now();
    const pulse = createPulse(
      () => now,
      () => now,
    );
    const { run } = createRounds(app, { ...beside(leading), pulse });
    await run(ROUND);
    expect(titles(story)).toEqual([]);
    now += 60_000;
    expect(pulse.due()).toBe('again');
    leading.cutOff = 601_000;
    await run(ROUND);
    await run(ROUND);
    expect(titles(story)).toEqual([`The database cannot be reached from ${hostname()}`]);
  });
});

test('who takes over asks again for the lease of a run that has just died', async () => {
  const story = await startStory();
  await story.at(SEP_17, async (app) => {
    let busy = 2;
    const slept: number[] = [];
    const dead = { id: 'dead', host: 'alpha', pid: 7, processStarted: null };
    const takeLease: Ledger['takeLease'] = (...asked) =>
      asked[0].id !== 'dead' && busy-- > 0 ? Promise.resolve(dead) : app.ledger.takeLease(...asked);
    const host = { ...app.host, sleep: async (ms: number) => void slept.push(ms) };
    const patient = { ...app, ledger: { ...app.ledger, takeLease }, host };
    const rounds = createRounds(patient, {
      ...beside({ role: 'leader', cutOff: 0 }),
      pulse: createPulse(app.now, () => 0),
    });
    await rounds.run({ ...ROUND, why: 'takeover' });
    expect(slept.filter((ms) => ms === 5_000)).toHaveLength(2);
    expect(await app.ledger.newestEvaluated()).toBe('2025-09-17');
  });
});
