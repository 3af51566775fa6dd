import type { Message, Receipt } from '../../message/message.ts';
import type { Claim, Delivery, Pause, Posting, ProvenDelivery } from '../deliveries.ts';
import { DatabaseGoneError, LeaseLostError } from '../errors.ts';
import type { Decision, EventRecord, LedgerEvent } from '../events.ts';
import { currentOwner, LEASE_MS, type LeaseOwner } from '../lease-owner.ts';
import type { Ledger } from '../ledger.ts';
import type { Daemon, Run } from '../runs.ts';
import type { OpenTrouble, Probe } from '../troubles.ts';
import type { Database } from './database.ts';
import { contentFault, fileFault } from './database-file.ts';
import { noteKnownLedger } from './known-ledger.ts';
import { prepared } from './prepared.ts';
import { restoredAt } from './restored.ts';

const DELIVERIES = `
  select d.message, m.kind, d.channel, d.state, d.attempts, d.unknown_attempts as unknownAttempts, d.reason, d.settings as fingerprint,
    d.not_before as notBefore, m.created_at as decidedAt, d.changed_at as changedAt,
    e.gone_since is not null or (e.status = 'retracted' and m.kind <> 'retraction') as inDoubt,
    exists (select 1 from deliveries o where o.message = d.message and o.channel not in (d.channel, 'folder') and o.state = 'sent')
      as elsewhere,
    exists (select 1 from facts where name = 'restored' and value >= d.changed_at) as restored,
    p.since as pausedSince, p.until as pausedUntil
  from deliveries d join messages m using (message) left join events e using (event) left join pauses p using (channel)`;
/** It arrived, or may have: also when a later attempt was refused. */
const REACHED = "(state in ('sent', 'sending', 'unknown') or unknown_attempts > 0)";
/** One attempt of one holder, as long as nobody has ended it. */
const CLAIMED =
  "message = :message and channel = :channel and state = 'sending' and claimed_by = :holder and attempts = :attempt";
const OLDEST_FIRST = 'order by m.created_at, m.rowid, d.channel';

/** Who looks for a run of longer ago finds a message instead. In milliseconds. */
const KEEP_RUNS = 400 * 86_400_000;
const KEEP_AT_LEAST = 1000;

/** How far the clocks of two machines may be apart for their leases, in milliseconds. */
const LEASE_SKEW = 60_000;

interface LeaseRow {
  holder: string;
  host: string;
  pid: number;
  process_started: string | null;
  expires_at: string;
}

export function createSqliteLedger(database: Database): Ledger {
  const post = ({ message, event, channels, dueAt = message.createdAt }: Posting) => {
    prepared(database, 'insert into messages (message, event, kind, created_at, body) values (?, ?, ?, ?, ?)').run(
      message.id,
      event,
      message.kind,
      message.createdAt,
      JSON.stringify(message),
    );
    const restored = restoredAt(database);
    const insert = prepared(
      database,
      restored !== undefined && dueAt <= restored
        ? `insert into deliveries (message, channel, state, unknown_attempts, reason, changed_at)
           values (?, ?, 'unknown', 1, 'it may have been sent before the database was restored', ?)`
        : "insert into deliveries (message, channel, state, changed_at) values (?, ?, 'pending', ?)",
    );
    for (const channel of channels === 'reached' ? reachedChannels(database, event) : channels) {
      insert.run(message.id, channel, message.createdAt);
    }
  };
  const postOnce = (posting: Posting) => {
    const there = prepared(database, 'select 1 from messages where message = ?').get(posting.message.id);
    if (there === undefined) post(posting);
  };
  const raise = ({ name, since }: OpenTrouble, warning: Posting) => {
    prepared(
      database,
      `insert into troubles (trouble, since) values (?, ?)
         on conflict (trouble, since) do update set cleared_at = null`,
    ).run(name, since);
    postOnce(warning);
  };
  const clear = ({ name, since }: OpenTrouble, allClear: Omit<Posting, 'channels'> | undefined, now: string) => {
    prepared(database, 'update troubles set cleared_at = ? where trouble = ? and since = ?').run(now, name, since);
    const warning = `warning/${name}/${since}`;
    // With /again, /again-2, /again-3 …: what comes before `/agaio` in the order of bytes.
    const warnings = "message = :warning or (message >= :warning || '/again' and message < :warning || '/agaio')";
    prepared(database, `delete from deliveries where (${warnings}) and not ${REACHED}`).run({ warning });
    const reached = prepared(database, `select distinct channel from deliveries where (${warnings}) order by channel`)
      .pluck()
      .all({ warning }) as string[];
    // What nobody was ever sent leaves its id free for the day the trouble returns.
    prepared(
      database,
      `delete from messages where (${warnings}) and message not in (select message from deliveries)`,
    ).run({ warning });
    if (allClear !== undefined && reached.length > 0) postOnce({ ...allClear, channels: reached });
  };

  const withdraw = (event: string) => {
    prepared(
      database,
      `delete from deliveries where not ${REACHED} and message in (select message from messages where event = ?)`,
    ).run(event);
    // What nobody was ever sent leaves its id free for the day the event returns.
    prepared(database, 'delete from messages where event = ? and message not in (select message from deliveries)').run(
      event,
    );
  };

  /** Nothing is decided or sent by a file that nobody else will open, */
  const requireFile = () => {
    const fault = fileFault(database);
    if (fault !== undefined) throw new DatabaseGoneError(fault.why);
  };
  /** nor by an older copy that was written over it. */
  const requireContent = () => {
    const fault = contentFault(database);
    if (fault !== undefined) throw new DatabaseGoneError(fault.why);
  };
  /**
   * What has ended is noted where it was begun, also in a file that was moved away; but into one that was written over it
   * would bring pages that do not belong together.
   */
  const requireOwnContent = () => {
    if (fileFault(database) === undefined) requireContent();
  };
  /** One write of a run: whole or not at all, and only while the run has the lease. */
  const write = <T>(holder: string | undefined, act: () => T): T =>
    database
      .transaction(() => {
        if (holder !== undefined) requireLease(database, holder);
        return act();
      })
      .immediate();
  const countTold = () =>
    prepared(
      database,
      "insert into facts (name, value) values ('told', '1') on conflict (name) do update set value = cast(value as integer) + 1",
    ).run();
  const claim = (
    { message, channel, state, attempts }: Delivery,
    holder: string,
    fingerprint: string,
    now: string,
  ): Claim | undefined => {
    const { changes } = prepared(
      database,
      `update deliveries set state = 'sending', attempts = attempts + 1, claimed_by = ?, settings = ?, reason = null,
           not_before = null, changed_at = ?
         where message = ? and channel = ? and state = ? and state <> 'sending' and attempts = ?`,
    ).run(holder, fingerprint, now, message, channel, state, attempts);
    if (changes !== 1) return undefined;
    countTold();
    return { message, channel, owner: holder, attempt: attempts + 1 };
  };

  const decide = (decision: Decision) => {
    const { signal, fingerprint, baselineSession, evaluatedSession, evaluatedAt } = decision;
    prepared(
      database,
      'insert or replace into signals (signal, settings, baseline_session, evaluated_session, evaluated_at) values (?, ?, ?, ?, ?)',
    ).run(signal, fingerprint, baselineSession, evaluatedSession, evaluatedAt);
    for (const { id, session, status, goneSince, change } of decision.events) {
      prepared(
        database,
        `insert into events (event, signal, session, status, gone_since, change_to, changed_since) values (?, ?, ?, ?, ?, ?, ?)
           on conflict (event) do update set status = excluded.status, gone_since = excluded.gone_since,
             change_to = excluded.change_to, changed_since = excluded.changed_since`,
      ).run(id, signal, session, status, goneSince, change?.to, change?.since);
    }
    decision.withdrawn.forEach(withdraw);
    for (const message of decision.rewritten) {
      prepared(database, 'update messages set body = ? where message = ?').run(JSON.stringify(message), message.id);
    }
    decision.messages.forEach(post);
    if (decision.messages.length > 0) countTold();
  };

  const takeLease = (
    holder: LeaseOwner,
    now: number,
    isDead: (other: LeaseOwner) => boolean,
  ): LeaseOwner | undefined => {
    const row = leaseOf(database);
    if (row !== undefined && row.holder !== holder.id) {
      const left = Date.parse(row.expires_at) - now;
      const other = { id: row.holder, host: row.host, pid: row.pid, processStarted: row.process_started };
      // One that holds for longer than any was taken by a clock that was wrong. Should its process live all the same, it
      // sees that it has lost it before it decides or writes anything.
      if (left > 0 && left <= LEASE_MS + LEASE_SKEW && !isDead(other)) return other;
    }
    prepared(
      database,
      "insert or replace into lease (name, holder, host, pid, process_started, expires_at) values ('writer', ?, ?, ?, ?, ?)",
    ).run(holder.id, holder.host, holder.pid, holder.processStarted, leaseEnd(now));
    return undefined;
  };
  const prolong = (now: number) => prepared(database, 'update lease set expires_at = ?').run(leaseEnd(now));

  return {
    signal: async (signal) => {
      const row = prepared(
        database,
        `select settings as fingerprint, baseline_session as baselineSession, evaluated_session as evaluatedSession, evaluated_at as evaluatedAt
           from signals where signal = ?`,
      ).get(signal) as
        | { fingerprint: string; baselineSession: string; evaluatedSession: string; evaluatedAt: string }
        | undefined;
      return row && { ...row, events: eventsOf(database, signal) };
    },
    decide: async (...decisions) => {
      requireContent();
      write(currentOwner(), () => decisions.forEach(decide));
      // Before anything is told: a copy of earlier that takes its place is known for one, also after a crash.
      noteKnownLedger(database);
    },
    post: async (posting) => {
      requireFile();
      write(currentOwner(), () => postOnce(posting));
    },
    message: async (id) => {
      const body = prepared(database, 'select body from messages where message = ?').pluck().get(id) as
        | string
        | undefined;
      return body === undefined ? undefined : (JSON.parse(body) as Message);
    },
    abandonSending: async (holder) => {
      const abandon = prepared(
        database,
        `update deliveries set state = 'unknown', unknown_attempts = unknown_attempts + 1, claimed_by = null,
             reason = 'the process ended, or slept, while it was being sent'
           where state = 'sending' and claimed_by <> ?`,
      );
      write(holder, () => abandon.run(holder));
    },
    unsent: async () =>
      prepared(database, `${DELIVERIES} where d.state <> 'sent' ${OLDEST_FIRST}`).all().map(toDelivery),
    deliveriesOf: async (messages) =>
      prepared(database, `${DELIVERIES} where d.message in (select value from json_each(?)) ${OLDEST_FIRST}`)
        .all(JSON.stringify(messages))
        .map(toDelivery),
    newestMessages: async (limit) =>
      (
        prepared(database, 'select body from messages order by created_at desc, rowid desc limit ?')
          .pluck()
          .all(limit) as string[]
      ).map((body) => JSON.parse(body) as Message),
    receipt: async (message, channel) => {
      const text = prepared(database, 'select receipt from deliveries where message = ? and channel = ?')
        .pluck()
        .get(message, channel);
      return typeof text === 'string' ? (JSON.parse(text) as Receipt) : null;
    },
    claim: async (delivery, holder, fingerprint, now) => {
      requireContent();
      const claimed = write(holder, () => claim(delivery, holder, fingerprint, now));
      if (claimed !== undefined) noteKnownLedger(database);
      return claimed;
    },
    mayWrite: async ({ message, channel, owner: holder, attempt }, now) => {
      requireContent();
      write(holder, () => {
        const mine = prepared(database, `select 1 from deliveries where ${CLAIMED}`);
        if (mine.get({ message, channel, holder, attempt }) === undefined)
          throw new LeaseLostError(`another run took over the delivery of ${message} to ${channel}; it goes on`);
        prolong(now);
      });
    },
    recordResult: async ({ message, channel, owner: holder, attempt }, { state, reason, notBefore, receipt }, now) => {
      requireOwnContent();
      const update = prepared(
        database,
        `update deliveries set state = :state, reason = :reason, not_before = :notBefore, receipt = :receipt, claimed_by = null,
             changed_at = :now, unknown_attempts = unknown_attempts + (:state = 'unknown')
           where ${CLAIMED}`,
      );
      const end = { state, reason, notBefore, receipt: receipt && JSON.stringify(receipt), now };
      return update.run({ ...end, message, channel, holder, attempt }).changes === 1;
    },
    note: async (read, holder, { state, reason, notBefore, receipt }, now) => {
      requireFile();
      const { message, channel, attempts } = read;
      const update = prepared(
        database,
        `update deliveries set state = :state, reason = :reason, not_before = :notBefore, receipt = :receipt, changed_at = :now
           where message = :message and channel = :channel and state = :read and state <> 'sending' and attempts = :attempts`,
      );
      const known = { message, channel, attempts, read: read.state };
      const noted = { state, reason, notBefore, receipt: receipt && JSON.stringify(receipt), now };
      return write(holder, () => update.run({ ...known, ...noted }).changes === 1);
    },
    takeLease: async (holder, now, isDead) => {
      requireFile();
      return database.transaction(takeLease).immediate(holder, now, isDead);
    },
    keepLease: async (holder, now) => {
      requireFile();
      write(holder, () => prolong(now));
    },
    beginRun: async (command, startedAt) =>
      database
        .transaction(() => {
          const forgotten = new Date(Date.parse(startedAt) - KEEP_RUNS).toISOString();
          // A clock that is years ahead must not forget the runs of today.
          prepared(
            database,
            `delete from runs where started_at < ? and run <= (select max(run) from runs) - ${KEEP_AT_LEAST}`,
          ).run(forgotten);
          const begun = prepared(database, 'insert into runs (command, started_at) values (?, ?)').run(
            command,
            startedAt,
          );
          return Number(begun.lastInsertRowid);
        })
        .immediate(),
    endRun: async (run, result, endedAt, holder) => {
      requireOwnContent();
      database
        .transaction(() => {
          prepared(database, 'update runs set ended_at = ?, result = ? where run = ?').run(
            endedAt,
            JSON.stringify(result),
            run,
          );
          prepared(database, 'delete from lease where holder = ?').run(holder);
        })
        .immediate();
    },
    runs: async (since) =>
      prepared(
        database,
        'select command, started_at as startedAt, ended_at as endedAt from runs where started_at >= ? order by run',
      ).all(since) as Run[],
    newestRuns: async (limit) =>
      (
        prepared(
          database,
          `select command, started_at as startedAt, ended_at as endedAt, coalesce(result ->> 'fired', '[]') as fired,
               coalesce(result ->> 'problems', '[]') as problems
             from runs order by run desc limit ?`,
        ).all(limit) as (Run & { fired: string; problems: string })[]
      ).map(({ fired, problems, ...run }) => ({ ...run, fired: JSON.parse(fired), problems: JSON.parse(problems) })),
    lastRun: async () =>
      prepared(
        database,
        'select command, started_at as startedAt, ended_at as endedAt from runs order by run desc limit 1',
      ).get() as Run | undefined,
    watchingSince: async () =>
      orUndefined<string>(prepared(database, 'select min(started_at) from runs').pluck().get()),
    lastTried: async (kind, until) =>
      orUndefined<string>(
        prepared(
          database,
          'select max(created_at) from messages join deliveries using (message) where kind = ? and attempts > 0 and created_at <= ?',
        )
          .pluck()
          .get(kind, until),
      ),
    channelsBefore: async () => {
      const text = prepared(database, "select value from facts where name = 'channels'").pluck().get();
      return typeof text === 'string' ? (JSON.parse(text) as string[]) : [];
    },
    noteChannels: async (ids) => {
      requireFile();
      const note = prepared(database, "insert or replace into facts (name, value) values ('channels', ?)");
      note.run(JSON.stringify(ids));
    },
    reached: async (event) => reachedChannels(database, event),
    proven: async () =>
      prepared(
        database,
        // SQLite takes the other columns from the row that has the maximum.
        `select channel, message, max(changed_at) as at from deliveries where state = 'sent' group by channel order by channel`,
      ).all() as ProvenDelivery[],

    openTroubles: async () =>
      prepared(
        database,
        'select trouble as name, since from troubles where cleared_at is null order by since, trouble',
      ).all() as OpenTrouble[],
    raise: async (trouble, warning) => {
      requireFile();
      write(currentOwner(), () => raise(trouble, warning));
    },
    clear: async (trouble, allClear, now) => {
      requireFile();
      write(currentOwner(), () => clear(trouble, allClear, now));
    },

    probes: async () =>
      prepared(
        database,
        'select part, tried_at as triedAt, failing_since as failingSince, failure from probes order by part',
      ).all() as Probe[],
    probe: async (part, failure, now) => {
      requireFile();
      prepared(
        database,
        `insert into probes (part, tried_at, failing_since, failure)
           values (:part, :now, iif(:failure is null, null, :now), :failure)
           on conflict (part) do update set tried_at = :now, failure = :failure,
             failing_since = iif(:failure is null, null, coalesce(failing_since, :now))`,
      ).run({ part, failure, now });
    },

    pauses: async () =>
      prepared(database, 'select channel, since, until from pauses order by channel').all() as Pause[],
    pause: async (channel, until, now) => {
      requireFile();
      prepared(
        database,
        `insert into pauses (channel, since, until) values (:channel, :now, :until)
           on conflict (channel) do update set until = :until,
             since = iif(until is null or until > :now, since, :now)`,
      ).run({ channel, until, now });
    },
    resume: async (channel, now) => {
      requireFile();
      const end = prepared(database, 'update pauses set until = ? where channel = ? and (until is null or until > ?)');
      return end.run(now, channel, now).changes === 1;
    },

    daemon: async () =>
      prepared(
        database,
        `select holder as id, host, pid, process_started as processStarted, started_at as startedAt, seen_at as seenAt from daemon`,
      ).get() as Daemon | undefined,
    daemonLives: async ({ id, host, pid, processStarted, startedAt, seenAt }) => {
      requireFile();
      prepared(database, "insert or replace into daemon values ('daemon', ?, ?, ?, ?, ?, ?)").run(
        id,
        host,
        pid,
        processStarted,
        startedAt,
        seenAt,
      );
    },
    daemonStopped: async (holder) => {
      if (fileFault(database) !== undefined) return;
      prepared(database, 'delete from daemon where holder = ?').run(holder);
    },
  };
}

function leaseOf(database: Database): LeaseRow | undefined {
  return prepared(database, "select * from lease where name = 'writer'").get() as LeaseRow | undefined;
}

function leaseEnd(now: number): string {
  return new Date(now + LEASE_MS).toISOString();
}

/** However late it is: as long as nobody else took it, it is the holder's. */
function requireLease(database: Database, holder: string): void {
  const row = leaseOf(database);
  if (row?.holder === holder) return;
  throw new LeaseLostError(
    row === undefined
      ? 'another run took over while this one slept, and has ended'
      : `process ${row.pid} on ${row.host} took over while this one slept; it goes on`,
  );
}

function reachedChannels(database: Database, event: string | null): string[] {
  return prepared(
    database,
    `select distinct channel from deliveries join messages using (message)
       where event = ? and ${REACHED} order by channel`,
  )
    .pluck()
    .all(event) as string[];
}

interface DeliveryRow extends Omit<Delivery, 'inDoubt' | 'elsewhere' | 'restored' | 'pause'> {
  readonly inDoubt: 0 | 1 | null;
  readonly elsewhere: 0 | 1;
  readonly restored: 0 | 1;
  readonly pausedSince: string | null;
  readonly pausedUntil: string | null;
}

function toDelivery(row: unknown): Delivery {
  const { inDoubt, elsewhere, restored, pausedSince, pausedUntil, ...delivery } = row as DeliveryRow;
  const { channel } = delivery;
  const pause = pausedSince === null ? null : { channel, since: pausedSince, until: pausedUntil };
  return { ...delivery, inDoubt: inDoubt === 1, elsewhere: elsewhere === 1, restored: restored === 1, pause };
}

function orUndefined<T>(value: unknown): T | undefined {
  return value === null ? undefined : (value as T | undefined);
}

interface EventRow extends Omit<LedgerEvent, 'change'> {
  readonly changeTo: string | null;
  readonly changedSince: string | null;
}

function eventsOf(database: Database, signal: string): EventRecord[] {
  const events = prepared(
    database,
    `select event as id, session, status, gone_since as goneSince, change_to as changeTo, changed_since as changedSince
       from events where signal = ? order by session`,
  ).all(signal) as EventRow[];
  const bodies = prepared(database, 'select body from messages where event = ? order by created_at, rowid').pluck();
  const reached = prepared(
    database,
    `select 1 from deliveries join messages using (message) where event = ? and ${REACHED}`,
  );
  return events.map(({ changeTo, changedSince, ...event }) => ({
    ...event,
    change: changeTo === null || changedSince === null ? null : { to: changeTo, since: changedSince },
    messages: (bodies.all(event.id) as string[]).map((body) => JSON.parse(body) as Message),
    reached: reached.get(event.id) !== undefined,
  }));
}
