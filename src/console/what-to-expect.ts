import { type Channel, isCalled } from '../channel/channel.ts';
import { shortNames } from '../channel/names.ts';
import { nextCheck, nextDigest } from '../health/schedule.ts';
import { newYorkDate, newYorkTime } from '../market/new-york.ts';
import { alertTitle } from '../message/alert.ts';
import { kindOf } from '../message/channel-kind.ts';
import { commandLine, pm2Line } from '../message/command-line.ts';
import { list, longDate } from '../message/format.ts';
import { wrapWords } from '../render/wrap-words.ts';
import type { Settings } from '../settings/settings.ts';

/** What is set up, and where and when that is told. */
export interface Prospect {
  readonly settings: Pick<Settings, 'signals' | 'schedule' | 'configFiles' | 'dashboard' | 'heartbeatUrl'>;
  readonly channels: readonly Pick<Channel, 'id' | 'alias'>[];
  /** Epoch milliseconds. */
  readonly now: number;
  /** The time zone of this machine: `Europe/Berlin`. */
  readonly timeZone: string;
}

/** Where the label of a line ends, in characters. */
const LABEL = 12;

/**
 * What comes when, once the daemon runs, and how to see that it is alive.
 * @param width of the terminal, in characters
 */
export function whatToExpect(prospect: Prospect, width: number): string[] {
  return itemsOf(prospect).flatMap(([label, text]) => {
    const [first = '', ...more] = wrapWords(text, Math.max(width - LABEL, 2 * LABEL));
    return [`${label.padEnd(LABEL)}${first}`, ...more.map((line) => `${' '.repeat(LABEL)}${line}`)];
  });
}

function itemsOf(prospect: Prospect): (readonly [label: string, text: string])[] {
  const { settings, channels, now, timeZone } = prospect;
  const { signals, schedule, heartbeatUrl } = settings;
  const [signal] = signals;
  const rare = signals.some(({ index }) => index === '^RUT') ? ', about once in four years for the Russell 2000' : '';
  const times = list(schedule.checks);
  return [
    ['Next check', `${when(nextCheck(schedule.checks, now), timeZone)}; then every day at ${times} New York`],
    ['History', 'The first check reads all of it. Past events are not announced'],
    ...(signal === undefined
      ? []
      : ([
          [
            'Alert',
            `"${alertTitle({ signal })}", with the evidence. It is rare${rare}. ${commandLine('demo')} shows one`,
          ],
        ] as const)),
    ...(channels.every(({ id }) => id === 'folder')
      ? ([['To', `nobody yet: messages are only written to files. ${commandLine('setup')} adds a channel`]] as const)
      : []),
    ['Digest', digestWords(prospect)],
    ...(schedule.drill === 'never'
      ? []
      : ([['Drill', 'a labelled test message to every channel, in the first session of each quarter']] as const)),
    ['Alive?', `${commandLine('status')}${pageWords(settings)}`],
    [
      'Heartbeat',
      heartbeatUrl === undefined
        ? `none: nothing tells you if this machine goes off. ${commandLine('setup')} adds one`
        : 'its service raises the alarm if this machine goes off',
    ],
    ['Reboot', `to start the daemon with the machine, once: ${pm2Line('startup')}, then ${pm2Line('save')}`],
  ];
}

/** A silent channel is one that nobody can tell from a dead one. */
function digestWords({ settings: { schedule, configFiles }, channels, now, timeZone }: Prospect): string {
  const due = nextDigest(schedule.digest, now);
  const takers = channels.filter((channel) => schedule.digest.channels.some((name) => isCalled(channel, name)));
  if (due === undefined) return `never, as ${configFiles.schedule} says`;
  if (takers.length > 0) {
    const every = schedule.digest.every === 'week' ? 'every week' : 'after each session';
    const to = list(shortNames(takers.map(({ id }) => id)));
    return `${every} to ${to}: whether all is well, and where things stand. Next: ${when(due, timeZone)}`;
  }
  const others = new Set(channels.map(({ id }) => `"${kindOf(id)}"`));
  return `none: it goes to ${list(schedule.digest.channels)} only. To get it here, add ${list([...others])} to digest.channels in ${configFiles.schedule}`;
}

function pageWords({ dashboard: { host, port, publicUrl } }: Pick<Settings, 'dashboard'>): string {
  if (publicUrl !== undefined) return `, or the page: ${publicUrl}`;
  if (port === 0) return ', or the page, on any free port';
  const name = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host) ? 'localhost' : host;
  return `, or the page: http://${name}:${port}`;
}

/** In New York, and here where that is another time. */
function when(time: number, timeZone: string): string {
  const there = `${longDate(newYorkDate(time))}, ${newYorkTime(time)}`;
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(time);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  const here = `${part('weekday')}, ${part('hour')}:${part('minute')}`;
  return here === `${there.split(',')[0]}, ${newYorkTime(time)}`
    ? `${there} New York`
    : `${there} New York (${here} here)`;
}
