import { describe, expect, test } from 'vitest';
import type { ClosesStore } from '../../../src/store/closes.ts';
import { asOwner } from '../../../src/store/lease-owner.ts';
import type { Ledger } from '../../../src/store/ledger.ts';
import { createClosesStore } from '../../../src/store/sqlite/closes.ts';
import { createSqliteLedger } from '../../../src/store/sqlite/ledger.ts';
import { decision, EVENT } from '../../support/examples.ts';
import { NO_POSTGRES, newDatabase } from '../../support/postgres.ts';
import { allBetween, heldAt, settled } from '../example-closes.ts';
import { ALERT, CORRECTION, deliveryOf, NOW, ownerOf, update } from '../example-ledger.ts';
import { openFile } from '../stores.ts';
import { openProcess } from './processes.ts';

const START = Date.parse(NOW);
const WEEK = 7 * 86_400_000;
/** By clocks that were a year and two ahead, had not started, or were four minutes ahead, which is not told from a true one. */
const [AHEAD, FURTHER, BEFORE, ALMOST] = [
  '2026-09-18T20:46:00.000Z',
  '2027-09-18T20:46:00.000Z',
  '1970-01-01T00:00:07.000Z',
  '2025-09-18T20:50:00.000Z',
];

interface Stores {
  readonly ledger: Ledger;
  readonly closes: ClosesStore;
}

/** The same wrong stamps, each where it can come from. */
async function writeWrong({ ledger, closes }: Stores): Promise<void> {
  await writeCloses(closes);
  const message = { ...ALERT, createdAt: AHEAD };
  const others = [BEFORE, ALMOST].map((createdAt, nth) => ({ ...CORRECTION, id: `drill/${nth}`, createdAt }));
  const change = { to: 'gone', since: FURTHER };
  await ledger.decide(
    decision({
      evaluatedAt: AHEAD,
      events: [
        { ...EVENT, goneSince: AHEAD, change },
        { ...EVENT, id: 'russell-2000/1999-01-04', session: '1999-01-04', goneSince: NOW },
      ],
      messages: [{ message, event: EVENT.id, channels: ['discord', 'folder', 'email:a'] }],
    }),
    decision({ signal: 'another', evaluatedAt: NOW }),
  );
  for (const each of others) await ledger.post({ message: each, event: null, channels: ['folder'] });
  await ledger.takeLease(ownerOf('me'), START, () => false);
  await asOwner('me', async () => {
    const ends = [
      ['discord', update({ state: 'pending', notBefore: FURTHER }), AHEAD],
      ['folder', update({}), BEFORE],
      ['email:a', update({ state: 'pending', notBefore: '2025-09-20T00:00:00.000Z' }), ALMOST],
    ] as const;
    for (const [channel, end, at] of ends) {
      const claim = await ledger.claim(await deliveryOf(ledger, channel), 'me', 'mark', at);
      if (claim !== undefined) await ledger.recordResult(claim, end, at);
    }
  });
  for (const [began, ended] of [
    [BEFORE, BEFORE],
    [NOW, AHEAD],
    [NOW, NOW],
    [FURTHER, FURTHER],
    [AHEAD, ALMOST],
  ] as const) {
    await ledger.endRun(await ledger.beginRun('check', began), { fired: [] }, ended, 'me');
  }
  await ledger.noteFact('restored', FURTHER);
  await ledger.pause('discord', null, AHEAD);
  await ledger.pause('folder', '2026-09-18T04:00:00.000Z', NOW);
  await ledger.pause('email:a', null, NOW);
  await ledger.resume('email:a', AHEAD);
}

async function writeCloses(closes: ClosesStore): Promise<void> {
  const by = (readAt: string) => ({ firstReadAt: readAt, readAt });
  const revision = (fromReadAt: string, toReadAt: string, close: number, believed = true) => ({
    session: '2025-09-16',
    from: { close: 1, readAt: fromReadAt, believed },
    to: { close, readAt: toReadAt, believed: true },
  });
  await closes.store('^RUT', {
    changed: [
      ...allBetween('2023-01-03', '2023-12-29').map((close) => ({ ...close, ...by(AHEAD) })),
      ...allBetween('2024-01-02', '2024-12-31'),
    ],
    revisions: [],
  });
  await closes.store('^RUT', {
    changed: [
      { ...settled('2025-09-15', 10), ...by(BEFORE) },
      { ...settled('2025-09-16', 11), firstReadAt: NOW, readAt: AHEAD },
      { ...heldAt('2025-09-17', 12), held: { close: 12, reason: 'a big move', since: FURTHER } },
    ],
    // The first three become one, as do the last two; and one is right.
    revisions: [
      revision(NOW, BEFORE, 5),
      revision(AHEAD, AHEAD, 2),
      revision(BEFORE, FURTHER, 3),
      revision(NOW, FURTHER, 6, false),
      revision(NOW, AHEAD, 7, false),
      { ...revision(NOW, ALMOST, 4), session: '2025-09-15' },
    ],
  });
  await closes.store('^GSPC', { changed: [settled('2025-09-17', 6000)], revisions: [revision(AHEAD, NOW, 9)] });
  await closes.store('^GSPC', { changed: [], revisions: [revision(NOW, FURTHER, 8)] });
  await closes.noteLook({ symbol: '^RUT', bars: [] }, Date.parse(AHEAD));
  await closes.noteLook({ symbol: '^GSPC', bars: [] }, Date.parse(ALMOST));
}

/** All that both tell of it. */
async function answers({ ledger, closes }: Stores) {
  const ids = (await ledger.newestMessages(9)).map(({ id }) => id);
  return {
    signals: [await ledger.signal('russell-2000'), await ledger.signal('another')],
    messages: await ledger.newestMessages(9),
    deliveries: await ledger.deliveriesOf(ids),
    unsent: await ledger.unsent(),
    proven: await ledger.proven(),
    runs: [await ledger.runs(''), await ledger.newestRuns(9), await ledger.lastRun(), await ledger.watchingSince()],
    restored: await ledger.fact('restored'),
    pauses: await ledger.pauses(),
    closes: ['^RUT', '^GSPC'].map((symbol) => ({
      known: closes.known(symbol),
      held: closes.held(symbol),
      revised: closes.revisedSince(symbol, ''),
      missing: closes.missing(symbol, START),
      readFrom: closes.readFrom(symbol, START),
    })),
    looks: [...closes.looks()].sort(),
  };
}

describe.skipIf(NO_POSTGRES !== undefined)('what a wrong clock has left', () => {
  test('is taken out of PostgreSQL as out of a file, and no host keeps it in its copy', async () => {
    const { database } = openFile();
    const file = { ledger: createSqliteLedger(database), closes: createClosesStore(database) };
    const { url } = await newDatabase();
    const [server, other] = [await openProcess(url), await openProcess(url)];
    for (const stores of [file, server]) await writeWrong(stores);
    await other.closes.refresh();
    expect(await answers(server)).toEqual(await answers(file));
    for (let time = 1; time <= 2; time++) {
      for (const { ledger } of [file, server]) await ledger.voidFutureStamps(START, WEEK);
      await server.closes.refresh();
      await other.closes.refresh();
      const mended = await answers(file);
      expect(await answers(server)).toEqual(mended);
      expect(await answers(other)).toEqual(mended);
      expect(JSON.stringify(mended)).not.toMatch(/2026-09-18T20|2027|1970/);
    }
    // It goes on from what is there.
    await other.closes.store('^RUT', { changed: [settled('2024-06-03', 55)], revisions: [] });
  });

  test('is nothing where all clocks were right: nobody reads anything again', async () => {
    const { url } = await newDatabase();
    const { ledger, closes, postgres } = await openProcess(url);
    await closes.store('^RUT', { changed: allBetween('2023-01-03', '2025-09-17'), revisions: [] });
    const versions = () => postgres.rows('select symbol, version from symbols');
    const before = await versions();
    await ledger.voidFutureStamps(START, WEEK);
    expect(await versions()).toEqual(before);
  });
});
