import { newYorkDate } from '../market/new-york.ts';
import { serviceOf } from './channel-kind.ts';
import { commandLine } from './command-line.ts';
import type { ChannelFacts, DigestFacts } from './digest-facts.ts';
import { date, instant } from './format.ts';
import type { Section, Table } from './message.ts';

/** The channels with their tests and deliveries, a row for each kind. */
export function channelsSection({ channels: all }: DigestFacts): Section {
  const heading = 'Channels';
  if (all.length === 0) return { heading, paragraphs: ['No channel is set up: alerts reach nobody.'], table: null };
  const table: Table = {
    columns: [
      { title: 'Channel', align: 'left', essential: true },
      { title: 'Daily test', align: 'left', essential: true },
      { title: 'Last proven delivery', align: 'left', essential: false },
      { title: 'Waiting', align: 'right', essential: false },
    ],
    rows: [...Map.groupBy(all, ({ channel }) => serviceOf(channel))].map(([kind, same]) => channelRow(kind, same)),
  };
  return { heading, paragraphs: [], table };
}

/** The channels of one kind in one row: addresses stay private. */
function channelRow(kind: string, same: readonly ChannelFacts[]): string[] {
  const open = same.reduce((sum, channel) => sum + channel.open, 0);
  const [first] = same;
  const lastSent = same
    .flatMap((channel) => channel.lastSent ?? [])
    .toSorted((a, b) => (a.at < b.at ? 1 : -1))
    .at(0);
  const isPaused = same.filter(({ paused }) => paused !== null);
  const alone = same.filter(({ leftAlone }) => leftAlone === true).length;
  const states = [
    ...(isPaused.length === same.length ? [] : [testText(first?.test ?? null)]),
    ...(isPaused.length === 0 ? [] : [pausedOf(isPaused, same.length)]),
    ...(alone === 0 ? [] : [`${alone === same.length ? '' : `${alone} `}refused for days, now skipped`]),
    ...gatewayText(first?.gateway),
  ];
  return [
    same.length === 1 ? kind : `${kind} (${same.length})`,
    states.join('; '),
    lastSent === undefined ? `none yet: ${commandLine('drill')}` : `${kindOf(lastSent.message)}, ${dayOf(lastSent.at)}`,
    String(open),
  ];
}

function pausedOf(paused: readonly ChannelFacts[], total: number): string {
  const ends = new Set(paused.map((channel) => channel.paused?.until ?? null));
  const [until = null] = ends;
  const text = ends.size === 1 ? pausedText({ until }) : 'paused';
  return paused.length === total ? text : `${paused.length} ${text}`;
}

function testText(test: ChannelFacts['test']): string {
  if (test === null) return 'not run yet';
  return test.failure === null ? `passed, ${dayOf(test.at)}` : 'FAILS, see the notes';
}

/** Whether a bot answers its commands; nothing where there is none. */
export function gatewayText(gateway: ChannelFacts['gateway']): string[] {
  if (gateway === undefined) return [];
  return [gateway.failure === null ? 'answers commands' : `not answering commands since ${dayOf(gateway.at)}`];
}

/** "paused until 3 Oct 2025". */
export function pausedText({ until }: { readonly until: string | null }): string {
  return until === null ? 'paused until resumed' : `paused until ${instant(Date.parse(until))}`;
}

/** What kind of message an id names: "drill", "alert". */
function kindOf(id: string): string {
  const [first = '', ...others] = id.split('/');
  return ['drill', 'digest', 'warning', 'approaching'].includes(first)
    ? first
    : (others.at(-1) ?? first).replace(/-\d+$/, '');
}

function dayOf(instant: string): string {
  return date(newYorkDate(Date.parse(instant)));
}
