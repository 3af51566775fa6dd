import type { App } from '../../app/app.ts';
import { runningDaemon } from '../../app/lease.ts';
import { publicReason } from '../../channel/without-addresses.ts';
import { unpausedChannels } from '../../delivery/pause.ts';
import { isToCome } from '../../market/stamp.ts';
import { serviceOf } from '../../message/channel-kind.ts';
import { commandLine } from '../../message/command-line.ts';
import { capital } from '../../message/format.ts';
import type { Trouble } from '../../message/warning.ts';
import { BACKUP, CLOCK, DATABASE, DISK, FEED, GATEWAY, HEARTBEAT, isTestPart, testPart } from '../../store/parts.ts';
import type { Daemon } from '../../store/runs.ts';
import type { OpenTrouble } from '../../store/troubles.ts';
import type { TroubleKind } from './kind.ts';

/** How long the gateway may be down before it is told, in milliseconds. */
const GATEWAY_GRACE = 3_600_000;

interface Words {
  readonly title: string;
  readonly cure: string;
  /** What is true once it works again, as a sentence. */
  readonly again: string;
  readonly about: string | null;
  /** Without it an event is not found, or an alert does not arrive. */
  readonly blocking: boolean;
}

const TEST_PASSED = 'It passes its test again.';

const PARTS: Readonly<Record<string, Words>> = {
  [DISK]: {
    title: 'The disk is nearly full',
    cure: 'Without space nothing can be stored or decided. Free some space.',
    again: 'There is enough space again.',
    about: null,
    blocking: true,
  },
  [DATABASE]: {
    title: 'The database is damaged',
    cure: `Stop the daemon and restore a copy: ${commandLine('daemon stop')}, then ${commandLine('restore')} FILE.`,
    again: 'The database passes its check again.',
    about: null,
    blocking: true,
  },
  [GATEWAY]: {
    title: 'The Discord bot is not answering commands',
    cure: 'Alerts are still posted. It reconnects by itself, unless Discord refuses its token.',
    again: 'It is answering commands again.',
    about: null,
    blocking: false,
  },
  [HEARTBEAT]: {
    title: 'The heartbeat is not getting through',
    cure: `Alerts are still sent, but nobody would notice if this bot stopped. To see why: ${commandLine('doctor')}.`,
    again: 'It is getting through again.',
    about: null,
    blocking: false,
  },
  [FEED]: {
    title: 'The file of the feed cannot be written',
    cure: `Alerts are still sent, but readers of the feed do not see what is new. To see why: ${commandLine('doctor')}.`,
    again: 'The file of the feed is written again.',
    about: null,
    blocking: false,
  },
  [CLOCK]: {
    title: 'The clock of this machine is wrong',
    cure: 'Sessions, digests and backups depend on the time. Set the clock, and keep it right with NTP (timedatectl).',
    again: 'The clock is right again.',
    about: null,
    blocking: false,
  },
  [BACKUP]: {
    title: 'The weekly backup of the database failed',
    cure: `Try ${commandLine('backup')}.`,
    again: 'A backup has been written.',
    about: null,
    blocking: false,
  },
};

/** What did not work when it was last tried. */
export const failingParts: TroubleKind = {
  owns: (name) => Object.hasOwn(PARTS, name) || isTestPart(name),
  find: findFailing,
  ending: whetherItWorks,
};

async function findFailing(app: Pick<App, 'settings' | 'ledger' | 'channels' | 'now'>): Promise<Trouble[]> {
  const { settings, ledger, now } = app;
  const inUse = (await unpausedChannels(app)).map(({ id }) => id);
  const daemon = await runningDaemon(app);
  return (await ledger.probes()).flatMap(({ part, failingSince, failure }) => {
    if (failingSince === null || failure === null) return [];
    if (part === GATEWAY && !isDownForLong(inUse, daemon, failingSince, now())) return [];
    if (part === HEARTBEAT && settings.heartbeatUrl === undefined) return [];
    if (part === FEED && settings.feed.file === undefined) return [];
    const words = PARTS[part] ?? wordsFor(part, inUse);
    if (words === undefined) return [];
    const { title, cure, about, blocking } = words;
    const text = `${capital(publicReason(sentence(failure), '', inUse))} ${cure}`;
    return [{ name: part, since: failingSince, title, text, again: false, blocking, about }];
  });
}

/** A channel that was paused or taken out says nothing of the kind. */
async function whetherItWorks({ ledger }: Pick<App, 'ledger'>, { name }: OpenTrouble): Promise<string | undefined> {
  const probe = (await ledger.probes()).find(({ part }) => part === name);
  return probe !== undefined && probe.failure === null ? (PARTS[name]?.again ?? TEST_PASSED) : undefined;
}

/**
 * A connection that breaks is made again within minutes; and without a bot, or a daemon that has led for so long, there is none.
 * Of several hosts one may have noted the break by a clock that is an hour wrong.
 */
function isDownForLong(inUse: readonly string[], daemon: Daemon | undefined, since: string, now: number): boolean {
  if (daemon === undefined || !inUse.includes('discord-bot')) return false;
  const { startedAt, leadsFor } = daemon;
  if (leadsFor !== undefined && leadsFor < GATEWAY_GRACE) return false;
  const down = now - Math.max(Date.parse(since), leadsFor === undefined ? Date.parse(startedAt) : 0);
  return down >= GATEWAY_GRACE || isToCome(since, now);
}

/** How the trouble of a channel is told; undefined where that channel is not in use. */
function wordsFor(part: string, inUse: readonly string[]): Words | undefined {
  const kind = inUse.map(serviceOf).find((candidate) => part === testPart(candidate));
  if (kind === undefined) return undefined;
  return {
    title: `The daily test of ${kind} fails`,
    cure: `An alert might not arrive there. To see why: ${commandLine('doctor')}. To prove that it works again: ${commandLine('drill')}.`,
    again: TEST_PASSED,
    about: kind,
    blocking: true,
  };
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
