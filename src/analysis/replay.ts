import type { App } from '../app/app.ts';
import { openApp } from '../app/open.ts';
import { signalCloses } from '../app/signal-closes.ts';
import { thisProcess } from '../app/this-process.ts';
import { NO_CHANNELS } from '../channel/channel-settings.ts';
import { toAllChannels } from '../channel/of-signal.ts';
import { evaluate } from '../check/evaluate.ts';
import { reconcile } from '../check/reconcile.ts';
import { deliver } from '../delivery/deliver.ts';
import { readClosesOfAll } from '../ingest/read.ts';
import { followUpsDue } from '../jobs/follow-up.ts';
import type { Session } from '../market/close.ts';
import { CLOSE_LAG_MS } from '../market/new-york.ts';
import type { Message } from '../message/message.ts';
import { maxDailyMove } from '../settings/symbols.ts';
import type { Signal } from '../signal/signal.ts';
import { differencesOf } from './replay-differences.ts';
import { type Memory, remembering } from './replay-memory.ts';
import { sourceOf } from './replay-source.ts';

/** A check runs this long after a close counts. */
const EVENING_MS = 10 * 60_000;

/** What a replay lived through. */
export interface Replay {
  readonly signal: string;
  /** The first and the last session that were lived. */
  readonly from: Session;
  readonly to: Session;
  readonly sessions: number;
  /** Ids of the events that were told and stand. */
  readonly events: readonly string[];
  /** Everything that would have gone out, oldest first, with the figures of its day. */
  readonly messages: readonly Message[];
  /** Where the life and the study of the whole history differ, a line each; none: both say the same. */
  readonly differences: readonly string[];
}

export interface ReplayOptions {
  /** First session; by default the first one of the index. */
  readonly from?: Session | undefined;
  /** Last session; by default the newest one. */
  readonly to?: Session | undefined;
  /** Folder that the messages are written to. */
  readonly folder: string;
  /** Shows a message when it goes out. */
  readonly show?: (message: Message) => void;
}

/**
 * Lives every session again as the bot would have: each evening the closes up to then are read, judged, stored, evaluated
 * and told to a folder, on a clock of that evening and in a database of its own. What was told is then compared with the
 * study of the whole history. Closes are those of today: what was revised since is not revised again.
 * @returns undefined where no close of the index lies between `from` and `to`
 */
export async function replay(
  app: Pick<App, 'settings' | 'closes' | 'source'>,
  signal: Signal,
  { from, to, folder, show }: ReplayOptions,
): Promise<Replay | undefined> {
  const all = signalCloses(app, signal, to);
  const sessions = all.index.map(({ session }) => session).filter((session) => from === undefined || session >= from);
  const [first, last] = [sessions[0], sessions.at(-1)];
  if (first === undefined || last === undefined) return undefined;

  let now = 0;
  const past = await openApp(
    {
      ...app.settings,
      databasePath: ':memory:',
      postgres: undefined,
      signals: toAllChannels([signal]),
      ...NO_CHANNELS,
      outboxDir: folder,
      heartbeatUrl: undefined,
    },
    {
      now: () => now,
      sleep: async () => {},
      random: () => 0.5,
      progress: () => {},
      source: sourceOf(app, signal),
      // Two pictures a message take longer than all the rest.
      draw: async () => [],
    },
  );
  try {
    const exchange = app.closes.exchange(signal.index);
    const memory = remembering(past.ledger, app.closes.exchange, (symbol) => maxDailyMove(app.settings, symbol));
    const life = { ...past, closes: memory.closes, ledger: memory.ledger };
    const messages: Message[] = [];
    for (const session of sessions) {
      now = exchange.closingTime(session) + CLOSE_LAG_MS + EVENING_MS;
      for (const message of await liveEvening(life, signal, memory)) {
        messages.push(message);
        show?.(message);
      }
    }
    const events = (await life.ledger.signal(signal.id))?.events ?? [];
    return {
      signal: signal.id,
      from: first,
      to: last,
      sessions: sessions.length,
      events: events.filter(({ status }) => status === 'alerted').map(({ id }) => id),
      messages,
      differences: differencesOf(life, signal, all, first, messages),
    };
  } finally {
    past.close();
  }
}

/**
 * The check of one evening, without the lease and the report, and the follow-ups of the daemon.
 * @returns what went out
 */
async function liveEvening(app: App, signal: Signal, memory: Memory): Promise<Message[]> {
  const { ledger } = app;
  const { readSessions } = await readClosesOfAll(app);
  const record = await ledger.signal(signal.id);
  const decision = reconcile({ ...evaluate(app, signal, readSessions), unchanged: memory.unchanged }, record);
  await ledger.decide(decision);
  const followUps = await followUpsDue(app);
  for (const posting of followUps) await ledger.post(posting);
  const postings = [...decision.messages, ...followUps];
  if (postings.length > 0) {
    const self = thisProcess();
    // Of the past evening nobody is left.
    await ledger.takeLease(self, app.now(), () => true);
    await deliver(app, { owner: self.id, offline: false });
  }
  if (postings.length > 0) memory.forgetRecord();
  return postings.map(({ message }) => message);
}
