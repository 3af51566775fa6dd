import { describe, expect, test } from 'vitest';
import { LeaseLostError } from '../../../src/store/errors.ts';
import { asOwner } from '../../../src/store/lease-owner.ts';
import type { Ledger } from '../../../src/store/ledger.ts';
import { takeLease } from '../../../src/store/postgres/lease.ts';
import { markRestored } from '../../../src/store/postgres/restored.ts';
import { decision, EVENT } from '../../support/examples.ts';
import { NO_POSTGRES, newDatabase } from '../../support/postgres.ts';
import { inDatabase } from '../../support/postgres-server.ts';
import { changing, settled } from '../example-closes.ts';
import { ALERT, CORRECTION, deliveryOf, NOW, ownerOf, update } from '../example-ledger.ts';
import { expire, one, openProcess, type Process, untilWaiting } from './processes.ts';

const START = Date.parse(NOW);
const TROUBLE = { name: 'backup', since: NOW };
const CHANNELS = ['discord', 'folder', 'email:a', 'email:b', 'email:c'];

/** @returns who is in the way */
const take = async ({ ledger }: { readonly ledger: Ledger }, id: string) =>
  (await ledger.takeLease(ownerOf(id), START, () => false))?.id;

const end = async ({ ledger }: Process, id: string) => ledger.endRun(await ledger.beginRun('check', NOW), {}, NOW, id);

/** A run of 'me' that has decided on an alert and claimed its first delivery. */
async function running() {
  const { url } = await newDatabase();
  const process = await openProcess(url);
  const { ledger } = process;
  await take(process, 'me');
  const message = { message: ALERT, event: EVENT.id, channels: CHANNELS };
  await asOwner('me', () => ledger.decide(decision({ events: [EVENT], messages: [message] })));
  const claim = await ledger.claim(await deliveryOf(ledger, 'discord'), 'me', 'mark', NOW);
  if (claim === undefined) throw new Error('nobody else is there');
  return { url, process, ledger, claim };
}

/** All that a run writes, each by its name. */
function writes({ ledger, closes }: Process, claim: Awaited<ReturnType<typeof running>>['claim']) {
  const posting = { message: CORRECTION, event: null, channels: ['folder'] };
  const acts: Readonly<Record<string, () => Promise<unknown>>> = {
    decide: () => ledger.decide(decision({ evaluatedSession: '2025-09-19' })),
    post: () => ledger.post(posting),
    raise: () => ledger.raise(TROUBLE, posting),
    clear: () => ledger.clear(TROUBLE, undefined, NOW),
    claim: async () => ledger.claim(await deliveryOf(ledger, 'folder'), 'me', 'mark', NOW),
    mayWrite: () => ledger.mayWrite(claim, START, 60_000),
    note: async () => ledger.note(await deliveryOf(ledger, 'email:a'), 'me', update({ state: 'failed' }), NOW),
    keepLease: () => ledger.keepLease('me', START),
    'closes.store': () => closes.store('^RUT', changing(settled('2025-09-17', 2400))),
    'closes.note': () => closes.note('asked ^RUT', '2025-09-18'),
    'closes.noteLook': () => closes.noteLook({ symbol: '^RUT', bars: [] }, START),
  };
  return Object.entries(acts).map(([name, act]) => [name, () => asOwner('me', act)] as const);
}

/** All rows, as one text. */
function contentOf(url: string): Promise<string> {
  return inDatabase(url, async (client) => {
    const tables = await client.query("select tablename from pg_tables where schemaname = 'public' order by tablename");
    const all: unknown[] = [];
    for (const { tablename } of tables.rows) {
      const { rows } = await client.query(`select t::text from ${tablename} t order by 1`);
      all.push(tablename, rows);
    }
    return JSON.stringify(all);
  });
}

describe.skipIf(NO_POSTGRES !== undefined)('the lease of a run', () => {
  test('has a token that only ever grows', async () => {
    const { url } = await newDatabase();
    const [one_, other] = [await openProcess(url), await openProcess(url)];
    const token = () => one(url, "select token::int from lease where name = 'writer'");
    const tokens = [await token()];
    const after = async (act: Promise<unknown>) => {
      await act;
      tokens.push(await token());
    };
    await after(take(one_, 'me'));
    await end(one_, 'me');
    await after(take(one_, 'me'));
    await expire(url);
    await after(take(other, 'you'));
    await end(other, 'you');
    await one_.postgres.transaction((queries) => markRestored(queries, NOW));
    await after(take(other, 'you'));
    expect(tokens).toEqual([0, 1, 2, 3, 4]);
    await end(other, 'you');
    expect(await token()).toBe(4);
  });

  test('that expired and was taken by another one lets nothing be written', async () => {
    const { url, process, claim } = await running();
    const other = await openProcess(url);
    await expire(url);
    expect(await take(other, 'you')).toBeUndefined();
    const before = await contentOf(url);
    for (const [name, act] of writes(process, claim)) {
      await expect(act(), name).rejects.toThrow('process 42 on here took over while this one slept; it goes on');
    }
    await end(process, 'me');
    expect(await take(process, 'me')).toBe('you');
    // Neither in what is read from the copy.
    expect([process.closes.known('^RUT'), process.closes.looks().size]).toEqual([[], 0]);
    await one(url, 'delete from runs');
    expect(await contentOf(url)).toBe(before);
  });

  test('that was taken by the same one again is not the earlier process any more', async () => {
    const { url, process, claim } = await running();
    const woken = await openProcess(url);
    await take(woken, 'me');
    for (const [name, act] of writes(process, claim)) await expect(act(), name).rejects.toThrow(LeaseLostError);
  });

  test('that expired, and that nobody took, is still the one of its run', async () => {
    const { url, process, claim } = await running();
    for (const [name, act] of writes(process, claim)) {
      await expire(url);
      await expect(act(), name).resolves.not.toThrow();
    }
    expect(process.closes.known('^RUT')).toHaveLength(1);
  });

  test('cannot be taken in the middle of a write, and is there for who waits', async () => {
    const { url, process, ledger } = await running();
    const other = await openProcess(url);
    await expire(url);
    await inDatabase(url, async (client) => {
      // What the run wants to write next is locked by somebody else.
      await client.query('begin; lock table troubles');
      const write = asOwner('me', () => ledger.raise(TROUBLE, { message: CORRECTION, event: null, channels: [] }));
      await untilWaiting(url);
      const taken = take(other, 'you');
      await untilWaiting(url, 2);
      await client.query('commit');
      await write;
      expect(await taken).toBeUndefined();
    });
    expect(await ledger.openTroubles()).toEqual([TROUBLE]);
    await expect(asOwner('me', () => ledger.clear(TROUBLE, undefined, NOW))).rejects.toThrow(LeaseLostError);
    expect(process.opened.tokens.get('me')).toBe(1);
  });

  test('goes to exactly one of two that ask at once, fifty times', async () => {
    const { url } = await newDatabase();
    const [a, b] = [await openProcess(url), await openProcess(url)];
    for (let time = 0; time < 50; time++) {
      const answers = await Promise.all([take(a, 'a'), take(b, 'b')]);
      expect([
        [undefined, 'a'],
        ['b', undefined],
      ]).toContainEqual(answers);
      await (answers[0] === undefined ? end(a, 'a') : end(b, 'b'));
    }
  });

  test('that is given back between two looks is taken', async () => {
    const { process } = await running();
    const { postgres } = process;
    let looks = 0;
    const taken = await takeLease(
      {
        ...postgres,
        row: async (sql, ...values) => {
          if (++looks === 2) await end(process, 'me');
          return postgres.row(sql, ...values);
        },
      },
      ownerOf('you'),
    );
    expect(taken).toBe(2);
  });

  test('is prolonged by several deliveries at once without one of them waiting for another one for ever', async () => {
    const { url, process, ledger, claim } = await running();
    const claims = [claim];
    for (const channel of CHANNELS.slice(1)) {
      const next = await ledger.claim(await deliveryOf(ledger, channel), 'me', 'mark', NOW);
      if (next !== undefined) claims.push(next);
    }
    for (let time = 0; time < 10; time++) {
      await Promise.all([...claims.map((each) => ledger.mayWrite(each, START, 60_000)), ledger.keepLease('me', START)]);
    }
    expect(claims).toHaveLength(CHANNELS.length);
    expect(await one(url, 'select deadlocks::int from pg_stat_database where datname = current_database()')).toBe(0);
    await end(process, 'me');
  });

  test('is not lost to an answer that was asked for before others of its run', async () => {
    const { url, ledger, claim } = await running();
    await inDatabase(url, async (client) => {
      await client.query("begin; select 1 from lease where name = 'writer' for share");
      const late = ledger.mayWrite(claim, START, 60_000);
      await untilWaiting(url);
      // Each of them is counted, and sees the count.
      for (const channel of ['folder', 'email:a']) {
        await ledger.claim(await deliveryOf(ledger, channel), 'me', 'mark', NOW);
      }
      await client.query('commit');
      await late;
    });
    await ledger.keepLease('me', START);
  });
});
