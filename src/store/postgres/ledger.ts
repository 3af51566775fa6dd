import { LeaseLostError } from '../errors.ts';
import type { Decision } from '../events.ts';
import type { Ledger } from '../ledger.ts';
import { acknowledge, acknowledgementsOf } from './acknowledgements.ts';
import { abandonSending, beginWriting, claimDelivery, endAttempt, updateDelivery } from './attempts.ts';
import { forgetDaemon, instances, knownDaemon, lead, putInstance } from './daemon.ts';
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
import { countTold, factOf, keepFact, nameHere, noteFact } from './facts.ts';
import { voidFutureStamps } from './future-stamps.ts';
import { type Opened, saidOnce, write, writeAs } from './guards.ts';
import { inspect } from './inspect.ts';
import { giveBackLease, LEASE_MS, prolongLease, takeLease } from './lease.ts';
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
import { acknowledgePlace, placesOf, SeenSoFar } from './place.ts';
import type { Postgres, Queries } from './postgres.ts';
import { noteProbe, probes } from './probes.ts';
import { beginRun, endRun, firstRunAt, lastRun, newestRuns, runsSince } from './runs.ts';
import { newestEvaluated, putSignals, signalRecord } from './signals.ts';
import { tellAlone, toldAs, toldIn } from './told-together.ts';
import { clearTrouble, openTroubles, raiseTrouble } from './troubles.ts';

/** Opens the ledger of several hosts. What each write requires stands here: the lease, by its token, and the place. */
export async function createPostgresLedger(
  postgres: Postgres,
  tell: (line: string) => void = () => {},
): Promise<{ readonly ledger: Ledger; readonly opened: Opened }> {
  const opened = { postgres, places: await placesOf(postgres), seen: new SeenSoFar(), tokens: new Map() };
  const ledger = {
    ...reads(postgres),
    inspect: (now: () => number) => inspect(postgres, opened.places, now),
    ...decisions(opened),
    ...attempts(opened),
    ...runs(opened, tell),
    ...notes(postgres),
    ...daemons(postgres),
    runLeaseMs: LEASE_MS,
    leaderLeaseMs: LEASE_MS,
  };
  return { ledger, opened };
}

/** What is read requires nothing. */
function reads(postgres: Postgres) {
  return {
    signal: (signal) => signalRecord(postgres, signal),
    message: (id) => findMessage(postgres, id),
    arrived: (kinds, limit) => arrivedMessages(postgres, kinds, limit),
    newestMessages: (limit) => newestMessages(postgres, limit),
    messagesSince: (kind, since) => messagesSince(postgres, kind, since),
    unsent: () => unsent(postgres),
    deliveriesOf: (messages) => deliveriesOf(postgres, messages),
    receipt: (message, channel) => receiptOf(postgres, message, channel),
    toldIn: (together, channel) => toldIn(postgres, together, channel),
    toldAs: (message, channel) => toldAs(postgres, message, channel),
    reached: (event) => reachedChannels(postgres, event),
    posted: (event) => postedChannels(postgres, event),
    proven: () => provenDeliveries(postgres),
    lastTried: (kind, until) => lastTried(postgres, kind, until),
    runs: (since) => runsSince(postgres, since),
    newestRuns: (limit) => newestRuns(postgres, limit),
    lastRun: () => lastRun(postgres),
    watchingSince: () => firstRunAt(postgres),
    openTroubles: () => openTroubles(postgres),
    channelsBefore: async () => JSON.parse((await factOf(postgres, 'channels')) ?? '[]') as string[],
    fact: (name) => factOf(postgres, nameHere(name)),
    newestEvaluated: () => newestEvaluated(postgres),
    // There is no file that could be taken away; what is wrong is seen where it is asked.
    fault: () => undefined,
    requireContent: () => postgres.ping(),
    unsoundness: async () => null,
    probes: () => probes(postgres),
    acknowledgements: (messages) => acknowledgementsOf(postgres, messages),
    pauses: () => pauses(postgres),
  } satisfies Partial<Ledger>;
}

/** What a run decides, posts, raises and clears requires that it has the lease. */
function decisions(opened: Opened) {
  return {
    decide: (...decisions) => write(opened, (queries, isAgain) => decide(queries, decisions, isAgain)),
    post: (...postings) =>
      write(opened, async (queries) => {
        for (const posting of postings) await postOnce(queries, posting);
      }),
    raise: (trouble, warning) => write(opened, (queries) => raiseTrouble(queries, trouble, warning)),
    clear: (trouble, allClear, now) => write(opened, (queries) => clearTrouble(queries, trouble, allClear, now)),
  } satisfies Partial<Ledger>;
}

/** @param isAgain its messages may be written already, by this very decision; else one that is there is a fault */
async function decide(queries: Queries, decisions: readonly Decision[], isAgain: boolean): Promise<void> {
  if (decisions.length === 0) return;
  const put = isAgain ? postOnce : post;
  await putSignals(queries, decisions);
  for (const { events, withdrawn, rewritten, messages } of decisions) {
    // What is in doubt must not hold up the others that are told with it.
    for (const { id, goneSince } of events) if (goneSince !== null) await tellAlone(queries, id, `not ${REACHED}`);
    for (const event of withdrawn) await withdraw(queries, event);
    for (const message of rewritten) await rewrite(queries, message);
    for (const posting of messages) await put(queries, posting);
  }
  if (decisions.some(({ messages }) => messages.length > 0)) await countTold(queries);
}

/** An attempt is begun only by who has the lease; how it ended is noted by who has the claim. */
function attempts(opened: Opened) {
  const { postgres, tokens } = opened;
  return {
    abandonSending: (owner) => writeAs(opened, owner, (queries) => abandonSending(queries, owner)),
    claim: (delivery, owner, fingerprint, now) =>
      writeAs(opened, owner, async (queries, isAgain) => {
        const claim = await claimDelivery(queries, delivery, owner, fingerprint, now, isAgain);
        if (claim !== undefined) await countTold(queries);
        return claim;
      }),
    mayWrite: (claim, _now, longestMs) =>
      writeAs(
        opened,
        claim.owner,
        async (queries) => {
          if (!(await beginWriting(queries, claim, longestMs))) {
            const what = `the delivery of ${claim.message} to ${claim.channel}`;
            throw new LeaseLostError(`another run took over ${what}; it goes on`);
          }
          await prolongLease(queries, tokens, claim.owner);
        },
        'no key update',
      ),
    recordResult: (claim, update, now) =>
      postgres.transaction((queries, isAgain) => endAttempt(queries, claim, update, now, isAgain)),
    note: (delivery, owner, update, now) =>
      writeAs(
        opened,
        owner,
        saidOnce((queries) => updateDelivery(queries, delivery, update, now)),
      ),
  } satisfies Partial<Ledger>;
}

/** A run takes the lease, keeps it, and gives it back with its end. */
function runs(opened: Opened, tell: (line: string) => void) {
  const { postgres, tokens, places, seen } = opened;
  return {
    takeLease: async (owner, now) => {
      const stamp = new Date(now).toISOString();
      let news: string | undefined;
      const taken = await postgres.transaction(async (queries) => {
        const token = await takeLease(queries, owner);
        if (typeof token !== 'number') return token;
        const found = await acknowledgePlace(queries, places, seen, stamp);
        // Noted already where the answer was lost on the way, and not told yet.
        news ??= found.news;
        return { token, mark: found.mark };
      });
      if (!('token' in taken)) return taken;
      tokens.set(owner.id, taken.token);
      seen.begin(taken.mark);
      if (news !== undefined) tell(`${postgres.address.shown}: ${news}`);
      return undefined;
    },
    keepLease: (owner) => postgres.transaction((queries) => prolongLease(queries, tokens, owner)),
    beginRun: (command, startedAt) =>
      postgres.transaction((queries, isAgain) => beginRun(queries, command, startedAt, isAgain)),
    endRun: async (run, result, endedAt, owner) => {
      await postgres.transaction(async (queries) => {
        await endRun(queries, run, result, endedAt);
        await giveBackLease(queries, tokens, owner);
      });
      tokens.delete(owner);
    },
  } satisfies Partial<Ledger>;
}

/** What anybody may note, with the lease or without. */
function notes(postgres: Postgres) {
  return {
    noteFact: (name, value) => postgres.transaction(saidOnce((queries) => noteFact(queries, nameHere(name), value))),
    keepFact: (name, value) => postgres.transaction((queries) => keepFact(queries, nameHere(name), value)),
    acknowledge: (acknowledgement) => postgres.transaction((queries) => acknowledge(queries, acknowledgement)),
    voidFutureStamps: (now, longestPutOff) => voidFutureStamps(postgres, now, longestPutOff),
    noteChannels: async (ids) => {
      await noteFact(postgres, 'channels', JSON.stringify(ids));
    },
    probe: (part, failure, now) => noteProbe(postgres, part, failure, now),
    pause: (channel, until, now) => pause(postgres, channel, until, now),
    resume: (channel, now) => postgres.transaction(saidOnce((queries) => resume(queries, channel, now))),
  } satisfies Partial<Ledger>;
}

/** Which daemon leads is decided by the clock of the database: what another machine's processes do nobody can see. */
function daemons(postgres: Postgres) {
  return {
    daemon: () => knownDaemon(postgres),
    instances: () => instances(postgres),
    lead: (daemon) => postgres.transaction((queries) => lead(queries, daemon)),
    instanceLives: (daemon) => postgres.transaction((queries) => putInstance(queries, daemon)),
    daemonStopped: (id) => postgres.transaction((queries) => forgetDaemon(queries, id)),
  } satisfies Partial<Ledger>;
}
