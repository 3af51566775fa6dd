import type { Message, Receipt } from '../message/message.ts';
import type { Database } from './database.ts';
import {
  type Decision,
  type Delivery,
  type Holder,
  LEASE_MS,
  type Ledger,
  type LedgerEvent,
  type Posting,
  type ToldEvent,
} from './ledger.ts';

const DELIVERIES = `
  select d.message, m.kind, d.channel, d.state, d.attempts, d.unknown_attempts as unknownAttempts, d.reason, d.settings,
    d.not_before as notBefore, m.created_at as decidedAt, d.changed_at as changedAt,
    e.gone_since is not null or (e.status = 'retracted' and m.kind <> 'retraction') as inDoubt
  from deliveries d join messages m using (message) left join events e using (event)`;
/** It arrived, or may have: also when a later attempt was refused. */
const REACHED = "(state in ('sent', 'sending', 'unknown') or unknown_attempts > 0)";
const OLDEST_FIRST = 'order by m.created_at, m.rowid, d.channel';

interface LeaseRow {
  holder: string;
  host: string;
  pid: number;
  process_started: string | null;
  expires_at: string;
}

export function createSqliteLedger(database: Database): Ledger {
  const post = ({ message, event, channels }: Posting) => {
    database
      .prepare('insert into messages (message, event, kind, created_at, body) values (?, ?, ?, ?, ?)')
      .run(message.id, event, message.kind, message.createdAt, JSON.stringify(message));
    const insert = database.prepare(
      "insert into deliveries (message, channel, state, changed_at) values (?, ?, 'pending', ?)",
    );
    for (const channel of channels === 'reached' ? reachedChannels(database, event) : channels) {
      insert.run(message.id, channel, message.createdAt);
    }
  };

  const withdraw = (event: string) => {
    database
      .prepare(
        `delete from deliveries where not ${REACHED} and message in (select message from messages where event = ?)`,
      )
      .run(event);
    // What nobody was ever sent leaves its id free for the day the event returns.
    database
      .prepare('delete from messages where event = ? and message not in (select message from deliveries)')
      .run(event);
  };

  const decide = (decision: Decision) => {
    const { signal, settings, baselineSession, evaluatedSession, evaluatedAt } = decision;
    database
      .prepare(
        'insert or replace into signals (signal, settings, baseline_session, evaluated_session, evaluated_at) values (?, ?, ?, ?, ?)',
      )
      .run(signal, settings, baselineSession, evaluatedSession, evaluatedAt);
    for (const { id, session, status, goneSince } of decision.events) {
      database
        .prepare(
          `insert into events (event, signal, session, status, gone_since) values (?, ?, ?, ?, ?)
           on conflict (event) do update set status = excluded.status, gone_since = excluded.gone_since`,
        )
        .run(id, signal, session, status, goneSince);
    }
    decision.withdrawn.forEach(withdraw);
    for (const message of decision.rewritten) {
      database.prepare('update messages set body = ? where message = ?').run(JSON.stringify(message), message.id);
    }
    decision.messages.forEach(post);
  };

  const takeLease = (holder: Holder, now: number, isDead: (other: Holder) => boolean): Holder | undefined => {
    const row = database.prepare("select * from lease where name = 'writer'").get() as LeaseRow | undefined;
    if (row !== undefined && row.holder !== holder.id && Date.parse(row.expires_at) > now) {
      const other = { id: row.holder, host: row.host, pid: row.pid, processStarted: row.process_started };
      if (!isDead(other)) return other;
    }
    database
      .prepare(
        "insert or replace into lease (name, holder, host, pid, process_started, expires_at) values ('writer', ?, ?, ?, ?, ?)",
      )
      .run(holder.id, holder.host, holder.pid, holder.processStarted, new Date(now + LEASE_MS).toISOString());
    return undefined;
  };

  return {
    signal: async (signal) => {
      const row = database
        .prepare(
          `select settings, baseline_session as baselineSession, evaluated_session as evaluatedSession, evaluated_at as evaluatedAt
           from signals where signal = ?`,
        )
        .get(signal) as
        | { settings: string; baselineSession: string; evaluatedSession: string; evaluatedAt: string }
        | undefined;
      return row && { ...row, events: eventsOf(database, signal) };
    },
    decide: async (decision) => database.transaction(decide).immediate(decision),
    post: async (posting) =>
      database
        .transaction(() => {
          const there = database.prepare('select 1 from messages where message = ?').get(posting.message.id);
          if (there === undefined) post(posting);
        })
        .immediate(),
    message: async (id) => {
      const body = database.prepare('select body from messages where message = ?').pluck().get(id) as
        | string
        | undefined;
      return body === undefined ? undefined : (JSON.parse(body) as Message);
    },
    abandonSending: async (holder, now) => {
      database
        .prepare(
          `update deliveries set state = 'unknown', unknown_attempts = unknown_attempts + 1, claimed_by = null, changed_at = ?,
             reason = 'the process ended while it was being sent'
           where state = 'sending' and claimed_by <> ?`,
        )
        .run(now, holder);
    },
    unsent: async () => database.prepare(`${DELIVERIES} where d.state <> 'sent' ${OLDEST_FIRST}`).all().map(toDelivery),
    deliveriesOf: async (messages) =>
      database
        .prepare(`${DELIVERIES} where d.message in (select value from json_each(?)) ${OLDEST_FIRST}`)
        .all(JSON.stringify(messages))
        .map(toDelivery),
    receipt: async (message, channel) => {
      const text = database
        .prepare('select receipt from deliveries where message = ? and channel = ?')
        .pluck()
        .get(message, channel);
      return typeof text === 'string' ? (JSON.parse(text) as Receipt) : null;
    },
    claim: async ({ message, channel, state, attempts }, holder, settings, now) =>
      database
        .prepare(
          `update deliveries set state = 'sending', attempts = attempts + 1, claimed_by = ?, settings = ?, reason = null,
             not_before = null, changed_at = ?
           where message = ? and channel = ? and state = ? and attempts = ?`,
        )
        .run(holder, settings, now, message, channel, state, attempts).changes === 1,
    settle: async ({ message, channel }, holder, { state, reason, notBefore, receipt }, now) =>
      database
        .prepare(
          `update deliveries set state = :state, reason = :reason, not_before = :notBefore, receipt = :receipt, claimed_by = null,
             changed_at = :now, unknown_attempts = unknown_attempts + (:state = 'unknown' and state = 'sending')
           where message = :message and channel = :channel and (claimed_by is null or claimed_by = :holder)`,
        )
        .run({ state, reason, notBefore, receipt: receipt && JSON.stringify(receipt), now, message, channel, holder })
        .changes === 1,
    takeLease: async (holder, now, isDead) => database.transaction(takeLease).immediate(holder, now, isDead),
    endRun: async ({ command, startedAt, endedAt, result }, holder) =>
      database
        .transaction(() => {
          database
            .prepare('insert into runs (command, started_at, ended_at, result) values (?, ?, ?, ?)')
            .run(command, startedAt, endedAt, JSON.stringify(result));
          database.prepare('delete from lease where holder = ?').run(holder);
        })
        .immediate(),
  };
}

function reachedChannels(database: Database, event: string | null): string[] {
  return database
    .prepare(
      `select distinct channel from deliveries join messages using (message)
       where event = ? and ${REACHED} order by channel`,
    )
    .pluck()
    .all(event) as string[];
}

function toDelivery(row: unknown): Delivery {
  const delivery = row as Omit<Delivery, 'inDoubt'> & { inDoubt: 0 | 1 | null };
  return { ...delivery, inDoubt: delivery.inDoubt === 1 };
}

function eventsOf(database: Database, signal: string): ToldEvent[] {
  const events = database
    .prepare(
      'select event as id, session, status, gone_since as goneSince from events where signal = ? order by session',
    )
    .all(signal) as LedgerEvent[];
  const bodies = database.prepare('select body from messages where event = ? order by created_at, rowid').pluck();
  const reached = database.prepare(
    `select 1 from deliveries join messages using (message) where event = ? and ${REACHED}`,
  );
  return events.map((event) => ({
    ...event,
    messages: (bodies.all(event.id) as string[]).map((body) => JSON.parse(body) as Message),
    reached: reached.get(event.id) !== undefined,
  }));
}
