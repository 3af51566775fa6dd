import { describe, expect, test } from 'vitest';
import { lead } from '../../../src/store/postgres/daemon.ts';
import type { Daemon } from '../../../src/store/runs.ts';
import { NO_POSTGRES, newDatabase } from '../../support/postgres.ts';
import { NOW, ownerOf } from '../example-ledger.ts';
import { expire, one, openProcess } from './processes.ts';

const HOUR_MS = 3_600_000;

/** A daemon by its own clock, which may be wrong by so many hours. */
const daemon = (id: string, hoursOff = 0): Daemon => {
  const stamp = new Date(Date.parse(NOW) + hoursOff * HOUR_MS).toISOString();
  return { ...ownerOf(id), startedAt: stamp, seenAt: stamp, rules: 'the same' };
};

const never = () => false;

/** Two hosts on one ledger. */
async function hosts() {
  const { url } = await newDatabase();
  const [{ ledger: a }, { ledger: b }] = [await openProcess(url), await openProcess(url)];
  return { url, a, b };
}

describe.skipIf(NO_POSTGRES !== undefined)('who leads', () => {
  test('leads until its lease ends by the clock of the database', async () => {
    const { url, a, b } = await hosts();
    expect(await a.lead(daemon('a'), never)).toBeUndefined();
    // Nobody can see that a process on another host is gone.
    expect((await b.lead(daemon('b'), () => true))?.id).toBe('a');
    expect(await b.daemon()).not.toHaveProperty('gone');
    await expire(url, 'leader');
    expect(await b.daemon()).toMatchObject({ id: 'a', gone: true });
    expect(await b.lead(daemon('b'), never)).toBeUndefined();
    expect((await a.lead(daemon('a'), never))?.id).toBe('b');
  });

  test('keeps its lead by saying that it lives, also late where nobody has asked', async () => {
    const { url, a, b } = await hosts();
    await a.lead(daemon('a'), never);
    await expire(url, 'leader');
    expect(await a.lead(daemon('a'), never)).toBeUndefined();
    expect((await b.lead(daemon('b'), never))?.id).toBe('a');
  });

  test.each([1, -1, 24 * 365])('is not decided by a clock that is %i hours off', async (hoursOff) => {
    const { url, a, b } = await hosts();
    const server = Number(await one(url, 'select extract(epoch from clock_timestamp())::float8')) * 1000;
    await a.lead(daemon('a', hoursOff), never);
    expect((await b.lead(daemon('b'), never))?.id).toBe('a');
    await b.instanceLives(daemon('b'));
    await a.instanceLives(daemon('a', hoursOff));
    const all = await b.instances();
    expect(all.map(({ id, gone }) => [id, gone])).toEqual([
      ['a', undefined],
      ['b', undefined],
    ]);
    for (const { firstSeenAt, seenAt } of [...all, await b.daemon()].filter((one_) => one_ !== undefined)) {
      for (const stamp of [firstSeenAt, seenAt]) {
        expect(stamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        expect(Math.abs(Date.parse(stamp ?? '') - server)).toBeLessThan(60_000);
      }
    }
    await expire(url, 'leader');
    expect(await b.lead(daemon('b'), never)).toBeUndefined();
  });

  test('is one of two that ask at once, fifty times', async () => {
    const { url, a, b } = await hosts();
    for (let time = 0; time < 50; time++) {
      const leaders = (await Promise.all([a.lead(daemon('a'), never), b.lead(daemon('b'), never)])).map(
        (other) => other?.id,
      );
      expect([
        [undefined, 'a'],
        ['b', undefined],
      ]).toContainEqual(leaders);
      await (time % 2 === 0 ? expire(url, 'leader') : a.daemonStopped(leaders[0] ?? 'a'));
    }
  });

  test('stops at once, and one that stands by changes nothing with its stop', async () => {
    const { a, b } = await hosts();
    await a.lead(daemon('a'), never);
    await b.lead(daemon('b'), never);
    await b.daemonStopped('b');
    expect((await b.daemon())?.id).toBe('a');
    expect((await a.instances()).map(({ id }) => id)).toEqual(['a']);
    await a.daemonStopped('a');
    expect([await b.daemon(), await b.instances()]).toEqual([undefined, []]);
    expect(await b.lead(daemon('b'), never)).toBeUndefined();
  });

  test('is told even where it is not among the instances any more', async () => {
    const { url, a, b } = await hosts();
    await a.lead(daemon('a'), never);
    await one(url, "update instances set seen_at = seen_at - interval '25 hours'");
    await b.instanceLives(daemon('b'));
    expect((await b.instances()).map(({ id }) => id)).toEqual(['b']);
    expect((await b.lead(daemon('b'), never))?.id).toBe('a');
    expect(await b.daemon()).toMatchObject({ id: 'a', host: 'here', pid: 42 });
  });

  test('that stops between two looks of who asks is followed', async () => {
    const { url, a, b } = await hosts();
    await a.lead(daemon('a'), never);
    const { postgres } = await openProcess(url);
    let isStopped = false;
    const other = await lead(
      {
        ...postgres,
        row: async (sql, ...values) => {
          if (!isStopped) await a.daemonStopped('a');
          isStopped = true;
          return postgres.row(sql, ...values);
        },
      },
      daemon('b'),
    );
    expect([other, (await b.daemon())?.id]).toEqual([undefined, 'b']);
  });

  test('of the instances those are gone that were silent for long', async () => {
    const { url, a } = await hosts();
    await a.instanceLives(daemon('a'));
    await one(url, "update instances set seen_at = seen_at - interval '1 minute'");
    await a.instanceLives(daemon('b'));
    expect((await a.instances()).map(({ id, gone }) => [id, gone])).toEqual([
      ['a', true],
      ['b', undefined],
    ]);
  });
});
