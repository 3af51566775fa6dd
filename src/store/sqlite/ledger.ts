import type { Claim } from '../deliveries.ts';
import { LeaseLostError } from '../errors.ts';
import type { Decision } from '../events.ts';
import { LEASE_MS } from '../lease-owner.ts';
import type { Ledger } from '../ledger.ts';
import { acknowledge, acknowledgementsOf } from './acknowledgements.ts';
import { abandonSending, claimDelivery, endAttempt, isClaimed, updateDelivery } from './attempts.ts';
import { forgetDaemon, instances, knownDaemon, lead, putInstance } from './daemon.ts';
import type { Database } from './database.ts';
import { fileFault } from './database-file.ts';
import {
  deliveriesOf,
  lastTried,
  postedChannels,
  provenDeliveries,
  REACHED,
  reachedChannels,
  receiptOf,
  unsent,
} from './deliveries.ts';
import { putEvent } from './events.ts';
import { channelsBefore, countTold, factOf, keepFact, noteChannels, noteFact } from './facts.ts';
import { voidFutureStamps } from './future-stamps.ts';
import { groupedWrites } from './grouped-writes.ts';
import {
  requireContent,
  requireContentStill,
  requireFile,
  requireLease,
  requireOwnContent,
  transaction,
  write,
  writeAs,
} from './guards.ts';
import { noteKnownLedger } from './known-ledger.ts';
import { giveBackLease, isFresh, prolongLease, takeLease } from './lease.ts';
import {
  arrivedMessages,
  findMessage,
  messagesSince,
  newestMessages,
  post,
  postOnce,
  rewrite,
  withdraw,
} from './messages.ts';
import { pause, pauses, resume } from './pauses.ts';
import { noteProbe, probes } from './probes.ts';
import { beginRun, endRun, firstRunAt, lastRun, newestRuns, runsSince } from './runs.ts';
import { newestEvaluated, putSignal, signalRecord } from './signals.ts';
import { unsoundness } from './soundness.ts';
import { tellAlone, toldAs, toldIn } from './told-together.ts';
import { clearTrouble, openTroubles, raiseTrouble } from './troubles.ts';

/** The ledger in a SQLite file. What each write requires stands here: the file, its content, the lease. */
export function createSqliteLedger(database: Database): Ledger {
  return {
    ...reads(database),
    ...decisions(database),
    ...attempts(database),
    ...runs(database),
    ...notes(database),
    runLeaseMs: LEASE_MS,
    leaderLeaseMs: undefined,
  };
}

/** What is read requires nothing. */
function reads(database: Database) {
  return {
    signal: async (signal) => signalRecord(database, signal),
    message: async (id) => findMessage(database, id),
    newestMessages: async (limit) => newestMessages(database, limit),
    arrived: async (kinds, limit) => arrivedMessages(database, kinds, limit),
    messagesSince: async (kind, since) => messagesSince(database, kind, since),
    unsent: async () => unsent(database),
    deliveriesOf: async (messages) => deliveriesOf(database, messages),
    receipt: async (message, channel) => receiptOf(database, message, channel),
    toldIn: async (together, channel) => toldIn(database, together, channel),
    toldAs: async (message, channel) => toldAs(database, message, channel),
    reached: async (event) => reachedChannels(database, event),
    posted: async (event) => postedChannels(database, event),
    proven: async () => provenDeliveries(database),
    lastTried: async (kind, until) => lastTried(database, kind, until),
    runs: async (since) => runsSince(database, since),
    newestRuns: async (limit) => newestRuns(database, limit),
    lastRun: async () => lastRun(database),
    watchingSince: async () => firstRunAt(database),
    openTroubles: async () => openTroubles(database),
    channelsBefore: async () => channelsBefore(database),
    fact: async (name) => factOf(database, name),
    newestEvaluated: async () => newestEvaluated(database),
    fault: () => fileFault(database),
    requireContent: async () => requireContent(database),
    unsoundness: async () => unsoundness(database),
    // A file is where it is: there is no way to it, no other clock, and no other machine.
    inspect: async () => [],
    probes: async () => probes(database),
    acknowledgements: async (messages) => acknowledgementsOf(database, messages),
    pauses: async () => pauses(database),
    daemon: async () => knownDaemon(database),
    instances: async () => instances(database),
  } satisfies Partial<Ledger>;
}

/** What a run decides, posts, raises and clears requires that it has the lease. */
function decisions(database: Database) {
  return {
    decide: async (...decisions) => {
      requireContent(database);
      write(database, () => decisions.forEach((decision) => void decide(database, decision)));
      // Before anything is told: a copy of earlier that takes its place is known for one, also after a crash.
      noteKnownLedger(database);
    },
    post: async (...postings) => {
      requireFile(database);
      write(database, () => postings.forEach((posting) => void postOnce(database, posting)));
    },
    raise: async (trouble, warning) => {
      requireFile(database);
      write(database, () => raiseTrouble(database, trouble, warning));
    },
    clear: async (trouble, allClear, now) => {
      requireFile(database);
      write(database, () => clearTrouble(database, trouble, allClear, now));
    },
  } satisfies Partial<Ledger>;
}

function decide(database: Database, decision: Decision): void {
  putSignal(database, decision);
  for (const event of decision.events) {
    putEvent(database, decision.signal, event);
    // What is in doubt must not hold up the others that are told with it.
    if (event.goneSince !== null) tellAlone(database, event.id, `not ${REACHED}`);
  }
  for (const event of decision.withdrawn) withdraw(database, event);
  for (const message of decision.rewritten) rewrite(database, message);
  for (const posting of decision.messages) post(database, posting);
  if (decision.messages.length > 0) countTold(database);
}

/** An attempt is begun only by who has the lease; how it ended is noted by who has the claim. Many go on side by side. */
function attempts(database: Database) {
  const grouped = groupedWrites(database);
  return {
    abandonSending: async (owner) => writeAs(database, owner, () => abandonSending(database, owner)),
    claim: (delivery, owner, fingerprint, now) =>
      grouped({
        requires: requireContent,
        owner,
        act: () => {
          const claim = claimDelivery(database, delivery, owner, fingerprint, now);
          if (claim !== undefined) countTold(database);
          return claim;
        },
        tells: (claim) => claim !== undefined,
      }),
    mayWrite: async (claim, now) => {
      requireContentStill(database);
      const lease = requireLease(database, claim.owner);
      requireClaim(database, claim);
      if (isFresh(lease, now)) return;
      writeAs(database, claim.owner, () => {
        requireClaim(database, claim);
        prolongLease(database, now);
      });
    },
    recordResult: (claim, update, now) =>
      grouped({ requires: requireOwnContent, act: () => endAttempt(database, claim, update, now) }),
    note: (delivery, owner, update, now) =>
      grouped({ requires: requireFile, owner, act: () => updateDelivery(database, delivery, update, now) }),
  } satisfies Partial<Ledger>;
}

function requireClaim(database: Database, claim: Claim): void {
  if (isClaimed(database, claim)) return;
  const what = `the delivery of ${claim.message} to ${claim.channel}`;
  throw new LeaseLostError(`another run took over ${what}; it goes on`);
}

/** A run takes the lease, keeps it, and gives it back with its end. */
function runs(database: Database) {
  return {
    takeLease: async (owner, now, isDead) => {
      requireFile(database);
      return transaction(database, () => takeLease(database, owner, now, isDead));
    },
    keepLease: async (owner, now) => {
      requireFile(database);
      writeAs(database, owner, () => prolongLease(database, now));
    },
    beginRun: async (command, startedAt) => transaction(database, () => beginRun(database, command, startedAt)),
    endRun: async (run, result, endedAt, owner) => {
      requireOwnContent(database);
      transaction(database, () => {
        endRun(database, run, result, endedAt);
        giveBackLease(database, owner);
      });
      noteKnownLedger(database);
    },
  } satisfies Partial<Ledger>;
}

/** What anybody may note, with the lease or without. */
function notes(database: Database) {
  return {
    noteFact: async (name, value) => noteFact(database, name, value),
    keepFact: async (name, value) => keepFact(database, name, value),
    voidFutureStamps: async (now, longestPutOff) => voidFutureStamps(database, now, longestPutOff),
    noteChannels: async (ids) => {
      requireFile(database);
      noteChannels(database, ids);
    },
    probe: async (part, failure, now) => {
      requireFile(database);
      noteProbe(database, part, failure, now);
    },
    acknowledge: async (acknowledgement) => {
      requireFile(database);
      return transaction(database, () => acknowledge(database, acknowledgement));
    },
    pause: async (channel, until, now) => {
      requireFile(database);
      pause(database, channel, until, now);
    },
    resume: async (channel, now) => {
      requireFile(database);
      return resume(database, channel, now);
    },
    lead: async (daemon, isGone) => {
      requireFile(database);
      return transaction(database, () => lead(database, daemon, isGone));
    },
    instanceLives: async (daemon) => {
      requireFile(database);
      transaction(database, () => putInstance(database, daemon));
    },
    daemonStopped: async (id) => {
      if (fileFault(database) === undefined) transaction(database, () => forgetDaemon(database, id));
    },
  } satisfies Partial<Ledger>;
}
