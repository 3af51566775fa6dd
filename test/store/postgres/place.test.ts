import { describe, expect, test } from 'vitest';
import type { Claim } from '../../../src/store/deliveries.ts';
import { asOwner } from '../../../src/store/lease-owner.ts';
import { decision, EVENT } from '../../support/examples.ts';
import { NO_POSTGRES, NO_POSTGRES_OF_ITS_OWN, newDatabase } from '../../support/postgres.ts';
import { startReplica } from '../../support/postgres-replica.ts';
import { inDatabase, startServer } from '../../support/postgres-server.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { useStandIn } from '../../support/temporary.ts';
import { changing, settled } from '../example-closes.ts';
import { ALERT, CORRECTION, deliveryOf, NOW, ownerOf, states, update } from '../example-ledger.ts';
import { expire, one, openProcess, type Process, until } from './processes.ts';

const START = Date.parse(NOW);
const LATER = Date.parse('2025-09-19T20:46:00.000Z');
const OTHER_SERVER = /another server has taken over, or the database was put back from a copy/;
const REPEAT = /What may have been told since says that it may be a repeat\.$/;

const take = ({ ledger }: Process, id: string, now = START) => ledger.takeLease(ownerOf(id), now, () => false);

const end = async ({ ledger }: Process, id: string) => ledger.endRun(await ledger.beginRun('check', NOW), {}, NOW, id);

/** A run has decided on an alert, and has sent it to one of two channels. */
async function alert(process: Process, id = 'me') {
  const { ledger } = process;
  if (!process.opened.tokens.has(id)) await take(process, id);
  const posting = { message: ALERT, event: EVENT.id, channels: ['discord', 'folder'] };
  await asOwner(id, () => ledger.decide(decision({ events: [EVENT], messages: [posting] })));
  const claim = await ledger.claim(await deliveryOf(ledger, 'discord'), id, 'mark', NOW);
  if (claim === undefined) throw new Error('nobody else is there');
  await ledger.mayWrite(claim, START, 30_000);
  expect(await ledger.recordResult(claim, update({}), NOW)).toBe(true);
  return claim;
}

/** What becomes of the alert where nothing of it is known, and what follows it. */
async function postAgain(process: Process, id: string) {
  const { ledger } = process;
  const channels = ['discord'];
  await asOwner(id, async () => {
    await ledger.post({ message: ALERT, event: null, channels, dueAt: NOW });
    await ledger.post({ message: { ...CORRECTION, createdAt: '2025-09-20T20:45:00.000Z' }, event: null, channels });
  });
  const both = await Promise.all([ALERT, CORRECTION].map((message) => deliveryOf(ledger, 'discord', message.id)));
  return both.map(({ state, unknownAttempts, reason }) => [state, unknownAttempts, reason]);
}

const RESTORED = ['unknown', 1, 'it may have been sent before the database was restored'];
const NEW = ['pending', 0, null];

/** What happens while a run has the lease that its replica has not got any more; then the replica takes over. */
async function failOver(written: (process: Process) => Promise<unknown>) {
  const server = await useStandIn(startServer());
  const proxy = await useStandIn(startTcpProxy(server.port));
  const url = proxy.before(server.url);
  const process = await openProcess(url);
  await process.closes.store('^RUT', changing(settled('2025-09-16', 2300)));
  await take(process, 'me');
  const replica = await useStandIn(startReplica(server));
  await replica.caughtUp();
  await replica.stop();
  await written(process);
  await server.kill();
  await replica.start();
  await replica.promote();
  await proxy.cut();
  proxy.leadTo(replica.port);
  await proxy.mend();
  return { url, proxy, process };
}

describe.skipIf(NO_POSTGRES_OF_ITS_OWN !== undefined)('a fail-over to a replica that has lost the end', () => {
  test('stops the run in progress, marks what was due, and says so', async () => {
    const claims: Claim[] = [];
    const { process, url } = await failOver(async (before) => {
      claims.push(await alert(before));
      await asOwner('me', () => before.closes.store('^RUT', changing(settled('2025-09-17', 2400))));
    });
    const { ledger, closes, told } = process;
    const claim = claims[0] as Claim;
    // Its lease is there, under the same token.
    expect(await one(url, "select holder from lease where name = 'writer'")).toBe('me');
    const posting = { message: ALERT, event: null, channels: ['discord'] };
    const acts: (() => Promise<unknown>)[] = [
      () => ledger.decide(decision({ events: [EVENT] })),
      () => ledger.post(posting),
      () => ledger.raise({ name: 'backup', since: NOW }, posting),
      () => ledger.mayWrite(claim, START, 30_000),
      () => closes.store('^RUT', changing(settled('2025-09-18', 2467))),
      () => closes.note('asked ^RUT', NOW),
    ];
    for (const act of acts) {
      await expect(asOwner('me', act)).rejects.toThrow(OTHER_SERVER);
    }
    expect(await ledger.recordResult(claim, update({}), NOW)).toBe(false);
    expect([await ledger.newestMessages(9), await ledger.openTroubles()]).toEqual([[], []]);
    await end(process, 'me');
    expect(told).toEqual([]);

    expect(await take(process, 'next', LATER)).toBeUndefined();
    expect(told).toEqual([expect.stringMatching(REPEAT)]);
    expect(await postAgain(process, 'next')).toEqual([RESTORED, NEW]);
    // The version that was lost is given again, to another close.
    await closes.refresh();
    expect(closes.accepted('^RUT')).toEqual([{ session: '2025-09-16', close: 2300 }]);
    await asOwner('next', () => closes.store('^RUT', changing(settled('2025-09-17', 2401))));
    expect(closes.accepted('^RUT').at(-1)).toEqual({ session: '2025-09-17', close: 2401 });
    await end(process, 'next');
    await take(process, 'after', LATER);
    expect(told).toHaveLength(1);
  });

  test('is noticed by a host that starts only then', async () => {
    const { url } = await failOver(alert);
    const started = await openProcess(url);
    await expire(url);
    expect(await take(started, 'next', LATER)).toBeUndefined();
    expect(started.told).toEqual([expect.stringMatching(REPEAT)]);
    expect(await postAgain(started, 'next')).toEqual([RESTORED, NEW]);
  });

  test('is said even where the answer to noting it was lost', async () => {
    const { process, proxy, url } = await failOver(alert);
    await expire(url);
    proxy.loseAnswerToCommit(1);
    expect(await take(process, 'next', LATER)).toBeUndefined();
    expect([proxy.lostAnswers, process.told]).toEqual([1, [expect.stringMatching(REPEAT)]]);
  });

  test('is waited for while the replica does not lead yet', async () => {
    const server = await useStandIn(startServer());
    const proxy = await useStandIn(startTcpProxy(server.port));
    const process = await openProcess(proxy.before(server.url));
    await take(process, 'me');
    await end(process, 'me');
    const replica = await useStandIn(startReplica(server));
    await replica.caughtUp();
    await server.kill();
    await proxy.cut();
    proxy.leadTo(replica.port);
    await proxy.mend();
    const waits = [take(process, 'next', LATER), process.closes.refresh()];
    // Both have been refused once.
    await until(() => proxy.connections > 3);
    await replica.promote();
    expect(await Promise.all(waits)).toEqual([undefined, undefined]);
    expect(process.told).toEqual([expect.stringMatching(OTHER_SERVER)]);
  });

  test('is none where the same server was killed and started again', async () => {
    const server = await useStandIn(startServer());
    const process = await openProcess(server.url);
    await alert(process);
    for (const stop of [server.kill, server.stop]) {
      await stop();
      await server.start();
    }
    await process.ledger.keepLease('me', START);
    await end(process, 'me');
    expect(await take(process, 'next', LATER)).toBeUndefined();
    expect(process.told).toEqual([]);
    expect(await postAgain(process, 'next')).toEqual([['sent', 0, null], NEW]);
  });
});

describe.skipIf(NO_POSTGRES !== undefined)('a database that was put back from a copy', () => {
  test('is noticed by its number, where all it holds is the same', async () => {
    const { url } = await newDatabase();
    const process = await openProcess(url);
    const claim = await alert(process);
    const name = new URL(url).pathname.slice(1);
    const elsewhere = Object.assign(new URL(url), { pathname: 'postgres', username: 'postgres', password: 'super' });
    await inDatabase(elsewhere.href, async (client) => {
      const alone = () =>
        client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
      await alone();
      await client.query(`create database ${name}_copy template ${name} owner bell`);
      await client.query(`drop database ${name} with (force)`);
      await client.query(`alter database ${name}_copy rename to ${name}`);
    });
    await expect(process.ledger.mayWrite(claim, START, 30_000)).rejects.toThrow(OTHER_SERVER);
    await end(process, 'me');
    expect(await take(process, 'next', LATER)).toBeUndefined();
    expect(process.told).toEqual([expect.stringMatching(OTHER_SERVER)]);
    expect(await states(process.ledger)).toEqual({ discord: 'sent', folder: 'unknown' });
  });

  test('in place is noticed by who has seen more of it', async () => {
    const { url } = await newDatabase();
    const process = await openProcess(url);
    await process.closes.store('^RUT', changing(settled('2025-09-16', 2300)));
    await take(process, 'me');
    // What is put back below.
    await one(url, "create table copied as select * from facts; insert into copied values ('told', '0')");
    const claim = await alert(process);
    await process.closes.store('^RUT', changing(settled('2025-09-17', 2400)));
    await one(
      url,
      `delete from deliveries; delete from messages; delete from events; delete from closes where session = '2025-09-17';
       update symbols set version = 1; delete from facts; insert into facts select * from copied`,
    );
    await expect(process.ledger.mayWrite(claim, START, 30_000)).rejects.toThrow(
      'the database was put back to an older state; the next run goes on from what is there',
    );
    await end(process, 'me');
    expect(await take(process, 'next', LATER)).toBeUndefined();
    expect(process.told).toEqual([expect.stringMatching(/put back to an older state\. What may/)]);
    expect(await postAgain(process, 'next')).toEqual([RESTORED, NEW]);
    await process.closes.refresh();
    expect(process.closes.accepted('^RUT')).toEqual([{ session: '2025-09-16', close: 2300 }]);
    await process.closes.store('^RUT', changing(settled('2025-09-17', 2401)));
  });

  test('is none where nothing was there before, nor what another host goes on with', async () => {
    const { url } = await newDatabase();
    const [process, other] = [await openProcess(url), await openProcess(url)];
    await alert(process);
    await end(process, 'me');
    await take(other, 'you', LATER);
    await end(other, 'you');
    await take(process, 'next', LATER);
    expect([process.told, other.told]).toEqual([[], []]);
  });
});
