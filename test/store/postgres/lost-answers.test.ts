import { describe, expect, test } from 'vitest';
import { asOwner } from '../../../src/store/lease-owner.ts';
import type { Postgres } from '../../../src/store/postgres/postgres.ts';
import { decision, EVENT } from '../../support/examples.ts';
import { NO_POSTGRES_OF_ITS_OWN, newDatabase } from '../../support/postgres.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { useStandIn } from '../../support/temporary.ts';
import { changing, READ_AT, settled } from '../example-closes.ts';
import { ALERT, CORRECTION, deliveryOf, NOW, ownerOf, update } from '../example-ledger.ts';
import { openProcess, type Process } from './processes.ts';

const START = Date.parse(NOW);
const TROUBLE = { name: 'backup', since: NOW };
const WARNING = { message: { ...ALERT, id: `warning/backup/${NOW}` }, event: null, channels: ['folder', 'discord'] };
const DAEMON = { ...ownerOf('me'), startedAt: NOW, seenAt: NOW, rules: 'r' };
const POSTING = { message: ALERT, event: EVENT.id, channels: ['folder', 'discord'] };

type Act = (process: Process) => Promise<unknown>;

const taken: Act = ({ ledger }) => ledger.takeLease(ownerOf('me'), START, () => false);
const decided: Act = async (process) => {
  await taken(process);
  await process.ledger.decide(decision({ events: [EVENT], messages: [POSTING] }));
};
const claimed = async (process: Process) => {
  await decided(process);
  const claim = await process.ledger.claim(await deliveryOf(process.ledger, 'discord'), 'me', 'mark', NOW);
  if (claim === undefined) throw new Error('nobody else is there');
  return claim;
};
const SEEN = { message: ALERT.id, channel: 'discord-bot', who: '1', name: 'Anna', at: NOW };
const CLAIM = { message: ALERT.id, channel: 'discord', owner: 'me', attempt: 1 };
const raised: Act = ({ ledger }) => ledger.raise(TROUBLE, WARNING);
const stored: Act = ({ closes }) => closes.store('^RUT', changing(settled('2025-09-17', 2400)));

/** Each writing method, what is there before it, and what it answers. */
const METHODS: readonly (readonly [name: string, before: Act | undefined, act: Act, answer: unknown])[] = [
  ['decide', taken, ({ ledger }) => ledger.decide(decision({ events: [EVENT], messages: [POSTING] })), undefined],
  [
    'decide again with another message',
    decided,
    ({ ledger }) =>
      ledger.decide(
        decision({
          withdrawn: [EVENT.id],
          rewritten: [{ ...ALERT, title: 'new' }],
          messages: [{ ...POSTING, message: CORRECTION }],
        }),
      ),
    undefined,
  ],
  ['post', taken, ({ ledger }) => ledger.post({ ...POSTING, event: null }), undefined],
  ['raise', taken, raised, undefined],
  [
    'clear',
    async (process) => {
      await raised(process);
      await taken(process);
      const claim = await process.ledger.claim(
        await deliveryOf(process.ledger, 'discord', WARNING.message.id),
        'me',
        'mark',
        NOW,
      );
      if (claim !== undefined) await process.ledger.recordResult(claim, update({ state: 'sent' }), NOW);
    },
    ({ ledger }) => ledger.clear(TROUBLE, { message: CORRECTION, event: null }, NOW),
    undefined,
  ],
  ['claim', decided, async ({ ledger }) => ledger.claim(await deliveryOf(ledger, 'discord'), 'me', 'mark', NOW), CLAIM],
  ['mayWrite', claimed, ({ ledger }) => ledger.mayWrite(CLAIM, START, 60_000), undefined],
  ['recordResult', claimed, ({ ledger }) => ledger.recordResult(CLAIM, update({ state: 'unknown' }), NOW), true],
  [
    'note',
    decided,
    async ({ ledger }) =>
      ledger.note(await deliveryOf(ledger, 'discord'), 'me', update({ state: 'failed', reason: 'too late' }), NOW),
    true,
  ],
  [
    'abandonSending',
    async (process) => {
      await claimed(process);
      await process.ledger.endRun(1, {}, NOW, 'me');
      await process.ledger.takeLease(ownerOf('you'), START, () => false);
    },
    ({ ledger }) => ledger.abandonSending('you'),
    undefined,
  ],
  ['takeLease', undefined, taken, undefined],
  ['keepLease', taken, ({ ledger }) => ledger.keepLease('me', START), undefined],
  ['beginRun', taken, async ({ ledger }) => (await ledger.beginRun('check', NOW)) > 0, true],
  [
    'endRun',
    async (process) => {
      await taken(process);
      await process.ledger.beginRun('check', NOW);
    },
    ({ ledger }) => ledger.endRun(1, { fired: [] }, NOW, 'me'),
    undefined,
  ],
  ['lead', undefined, ({ ledger }) => ledger.lead(DAEMON, () => false), undefined],
  ['instanceLives', undefined, ({ ledger }) => ledger.instanceLives(DAEMON), undefined],
  [
    'daemonStopped',
    ({ ledger }) => ledger.lead(DAEMON, () => false),
    ({ ledger }) => ledger.daemonStopped('me'),
    undefined,
  ],
  ['noteFact', undefined, ({ ledger }) => ledger.noteFact('one', 'a'), true],
  [
    'noteFact of the same',
    ({ ledger }) => ledger.noteFact('one', 'a'),
    ({ ledger }) => ledger.noteFact('one', 'a'),
    false,
  ],
  ['noteFact of none', ({ ledger }) => ledger.noteFact('one', 'a'), ({ ledger }) => ledger.noteFact('one', null), true],
  ['resume', ({ ledger }) => ledger.pause('discord', null, NOW), ({ ledger }) => ledger.resume('discord', NOW), true],
  ['keepFact', undefined, ({ ledger }) => ledger.keepFact('one', 'a'), 'a'],
  ['acknowledge', undefined, ({ ledger }) => ledger.acknowledge(SEEN), SEEN],
  ['closes.store', undefined, stored, undefined],
  [
    'closes.store of a revision',
    stored,
    ({ closes }) =>
      closes.store('^RUT', {
        changed: [{ ...settled('2025-09-17', 2401), state: 'revised' }],
        revisions: [
          {
            session: '2025-09-17',
            from: { close: 2400, readAt: READ_AT, believed: true },
            to: { close: 2401, readAt: NOW, believed: true },
          },
        ],
      }),
    undefined,
  ],
  ['closes.note', undefined, ({ closes }) => closes.note('asked ^RUT', '2025-09-18'), true],
  ['closes.noteLook', undefined, ({ closes }) => closes.noteLook({ symbol: '^RUT', bars: [] }, START), undefined],
];

/** What is written where it counts: all but what only the clock of the server says, and how often something was counted. */
const TABLES = {
  facts: "select * from facts where name not in ('told', 'place') order by name",
  symbols: 'select symbol, version, read_at, last_trade from symbols order by symbol',
  closes: 'select * from closes order by symbol, session',
  packs: 'select * from packed_closes order by symbol, first',
  revisions: 'select * from revisions order by symbol, session, to_read_at',
  signals: 'select * from signals order by signal',
  events: 'select * from events order by event',
  messages: 'select message, event, kind, created_at, body from messages order by created_at, message',
  deliveries: `select message, channel, state, attempts, unknown_attempts, reason, settings, claimed_by,
    may_arrive_until is not null as may_arrive, not_before, receipt, changed_at from deliveries order by message, channel`,
  runs: 'select command, started_at, ended_at, result from runs order by run',
  lease: 'select name, holder, host, pid, expires_at > clock_timestamp() as holds from lease order by name',
  troubles: 'select * from troubles order by trouble, since',
  pauses: 'select * from pauses order by channel',
  acknowledgements: 'select * from acknowledgements order by message, channel, who',
  instances: 'select id, host, pid, rules from instances order by id',
};

async function contentOf({ postgres }: Process): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const [table, sql] of Object.entries(TABLES)) found[table] = await postgres.rows(sql);
  return found;
}

/** Loses the next connection just before the commit, once `armed`. */
class Losing {
  armed = false;

  readonly by = (postgres: Postgres): Postgres => ({
    ...postgres,
    transaction: (act) =>
      postgres.transaction(async (queries, isAgain) => {
        const result = await act(queries, isAgain);
        if (!this.armed) return result;
        this.armed = false;
        throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
      }),
  });
}

/** Does the same in two databases, in one of which the connection fails. */
async function compare(
  [undisturbed, process]: readonly [Process, Process],
  [before, act, answer]: readonly [Act | undefined, Act, unknown],
  fail: () => void,
): Promise<void> {
  for (const each of [undisturbed, process]) await before?.(each);
  fail();
  for (const each of [undisturbed, process]) {
    const holds = each.opened.tokens.has('me');
    expect(await (holds ? asOwner('me', () => act(each)) : act(each))).toEqual(answer);
  }
  expect(await contentOf(process)).toEqual(await contentOf(undisturbed));
  const copies = [undisturbed, process].map(({ closes }) => [
    closes.known('^RUT'),
    [...closes.looks()],
    closes.noted('asked ^RUT'),
  ]);
  expect(copies[1]).toEqual(copies[0]);
  // It goes on from what it has written.
  await stored(process);
}

describe.skipIf(NO_POSTGRES_OF_ITS_OWN !== undefined)('a write is as if made once', () => {
  test.each(METHODS)('where the answer to its commit was lost: %s', async (_, ...method) => {
    const [{ url }, beside] = [await newDatabase(), await newDatabase()];
    const proxy = await useStandIn(startTcpProxy(Number(new URL(url).port)));
    const processes = [await openProcess(beside.url), await openProcess(proxy.before(url))] as const;
    await compare(processes, method, () => proxy.loseAnswerToCommit(1));
    expect(proxy.lostAnswers).toBe(1);
  });

  test.each(METHODS)('where the connection was lost before its commit: %s', async (_, ...method) => {
    const losing = new Losing();
    const [{ url }, beside] = [await newDatabase(), await newDatabase()];
    const processes = [await openProcess(beside.url), await openProcess(url, losing.by)] as const;
    await compare(processes, method, () => {
      losing.armed = true;
    });
    expect(losing.armed).toBe(false);
  });
});
