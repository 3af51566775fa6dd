import type { Close, Session } from '../market/close.ts';
import { newYorkDate } from '../market/new-york.ts';
import type { Revision } from '../market/sanity.ts';
import { addDays, addMonths } from '../market/session.ts';
import { byNearness, type RecordState } from '../signal/first-record.ts';
import { rule, type SignalLabels } from './alert.ts';
import { kindOf } from './channel-kind.ts';
import { capital, change, date, instant, list, longDate, plural, points } from './format.ts';
import type { Message, Section, Table } from './message.ts';
import { recordDistance } from './record-distance.ts';

/** Everything that a digest says, as `digest --json` prints it. Returns are fractions, instants ISO. */
export interface DigestFacts {
  /** The newest session that is over: what the digest is about. */
  readonly session: Session;
  readonly ok: boolean;
  /** Why not all is well, and what else is wrong, a line each. */
  readonly troubles: readonly string[];
  readonly signals: readonly SignalFacts[];
  readonly followUps: readonly FollowUpFacts[];
  readonly held: readonly {
    readonly symbol: string;
    readonly session: Session;
    readonly close: number;
    readonly reason: string;
  }[];
  readonly missing: readonly { readonly symbol: string; readonly session: Session }[];
  /** The revisions of the last 7 days. */
  readonly revised: readonly (Revision & { readonly symbol: string })[];
  readonly channels: readonly ChannelFacts[];
  /** When the closes were last evaluated; null: never. */
  readonly evaluatedAt: string | null;
  /** When the daemon looks next. */
  readonly nextRun: string;
  /** True while a daemon watches. */
  readonly watching: boolean;
}

export interface SignalFacts {
  readonly signal: string;
  readonly state: RecordState;
  /** The index's return since its last close of at least 7 days before; null where there is none. */
  readonly weekChange: number | null;
  readonly benchmark: (Close & { readonly weekChange: number | null }) | null;
}

export interface FollowUpFacts {
  /** Id of the event. */
  readonly event: string;
  readonly session: Session;
  /** The next horizon, in calendar months, and the day it is reached. */
  readonly months: number;
  readonly due: Session;
}

export interface ChannelFacts {
  readonly channel: string;
  /** Paused until then; null inside: until somebody resumes it. Null: not paused. */
  readonly paused: { readonly until: string | null } | null;
  /** The last read-only test; null: not tried yet. */
  readonly test: { readonly at: string; readonly failure: string | null } | null;
  /** The bot's gateway, over which it answers; absent for other channels, and before a daemon has tried it. */
  readonly gateway?: { readonly at: string; readonly failure: string | null };
  /** The newest message that surely arrived; null: none yet. */
  readonly lastSent: { readonly message: string; readonly at: string } | null;
  /** Messages that wait for it. */
  readonly open: number;
  /** True for an address that has been refused for days, and that no digest or warning goes to now; absent otherwise. */
  readonly leftAlone?: true;
}

/** The id of the digest about a session. */
export function digestId(session: Session): string {
  return `digest/${session}`;
}

/**
 * The regular word that all is well, or not, and where things stand.
 * @param allLabels how the messages of each signal name things, in the order of the facts
 */
export function digestMessage(facts: DigestFacts, allLabels: readonly SignalLabels[], createdAt: string): Message {
  const [labels] = allLabels;
  const shown = { ...facts, signals: worthReading(facts.signals) };
  const left = facts.signals.length - shown.signals.length;
  const ids = new Set(shown.signals.map(({ signal }) => signal));
  const others = left === 0 ? [] : [`${plural(left, 'more signal')} further from an event: npm run status.`];
  return {
    id: digestId(facts.session),
    kind: 'digest',
    signal: null,
    session: facts.session,
    createdAt,
    title: `${facts.ok ? 'All is well' : 'Not well'}: ${titleOf(shown, allLabels, left)}`,
    lead: [
      facts.ok ? 'All is well.' : 'Not all is well: see the notes.',
      ...shown.signals.slice(0, IN_LEAD).map(leadOf(allLabels)),
      ...(shown.signals.length > IN_LEAD
        ? [`${plural(shown.signals.length - IN_LEAD, 'more signal')} in the table below.`]
        : []),
      ...others,
    ].join(' '),
    notes: [...facts.troubles, ...(labels?.sourceNote === undefined ? [] : [labels.sourceNote])],
    sections: [whereItStands(shown, allLabels), followUps(facts), data(facts), channels(facts)],
    figures: {},
    benchmarkTo: null,
    refersTo: null,
    footer: [
      ...allLabels.filter(({ signal }) => ids.size === 0 || ids.has(signal.id)).map(({ signal }) => rule(signal)),
      ...(labels === undefined ? [] : [`Data: closes from ${labels.origin}.`]),
      `How often this comes is set in config/schedule.json.`,
    ],
  };
}

/** So many signals are told of one by one, and so many of them in the first words. */
const SHOWN = 10;
const IN_LEAD = 3;

/** All signals, or of a long list those that are nearest to an event: armed ones first, by their way to the record. */
function worthReading(signals: readonly SignalFacts[]): readonly SignalFacts[] {
  if (signals.length <= SHOWN) return signals;
  return signals.toSorted((a, b) => byNearness(a.state, b.state)).slice(0, SHOWN);
}

function titleOf({ signals, session }: DigestFacts, allLabels: readonly SignalLabels[], left: number): string {
  const [facts] = signals;
  const labels = allLabels.find(({ signal }) => signal.id === facts?.signal);
  if (facts === undefined || labels === undefined) return `no closes yet, ${date(session)}`;
  const { state, toRecord } = facts.state;
  const where = toRecord === 0 ? 'at its record' : `${change(toRecord, 2)} to the record`;
  const others = signals.length - 1 + left;
  const more = others > 0 ? ` and ${plural(others, 'other signal')}` : '';
  return `${labels.signal.title} ${state}, ${where}${more}`;
}

function leadOf(allLabels: readonly SignalLabels[]) {
  return ({ signal, state, weekChange }: SignalFacts): string => {
    const labels = allLabels.find((candidate) => candidate.signal.id === signal);
    const name = labels?.indexName ?? signal;
    const week = weekChange === null ? '' : `, ${change(weekChange, 2)} over the week`;
    const { close, session, record, toRecord } = state;
    const stands =
      toRecord === 0 ? 'That is its record.' : `Its record of ${points(record.close)} is ${recordDistance(state)}.`;
    return `The ${name} closed at ${points(close)} on ${longDate(session)}${week}. ${stands}`;
  };
}

function whereItStands({ signals }: DigestFacts, allLabels: readonly SignalLabels[]): Section {
  const rows = signals.flatMap(({ signal, state, weekChange, benchmark }) => {
    const labels = allLabels.find((candidate) => candidate.signal.id === signal);
    const own = [
      labels?.indexName ?? signal,
      points(state.close),
      orDash(weekChange),
      distance(state),
      date(state.session),
    ];
    if (benchmark === null) return [own];
    const { close, session } = benchmark;
    return [own, [labels?.benchmarkName ?? '', points(close), orDash(benchmark.weekChange), '', date(session)]];
  });
  // Several signals may share a benchmark, and one may be another's index.
  const names = new Set<string>();
  const once = rows
    .toSorted((a, b) => Number(a[3] === '') - Number(b[3] === ''))
    .filter(([name = '']) => !names.has(name) && names.add(name));
  return {
    heading: 'Where it stands',
    paragraphs: signals.map(({ signal, state }) => {
      const labels = allLabels.find((candidate) => candidate.signal.id === signal);
      return whatWouldFire(state, labels?.signal.quietYears ?? 1, labels?.signal.title ?? signal);
    }),
    table: {
      columns: [
        { title: 'Index', align: 'left', essential: true },
        { title: 'Close', align: 'right', essential: true },
        { title: 'Week', align: 'right', essential: true },
        { title: 'To record', align: 'right', essential: false },
        { title: 'Session', align: 'right', essential: false },
      ],
      rows: signals.length === 1 ? rows : once,
    },
  };
}

/** What has to happen for an alert, as sentences. */
function whatWouldFire({ state, record, toRecord }: RecordState, quietYears: number, title: string): string {
  if (state === 'armed') {
    return `${title}: armed. A close above ${points(record.close)} (${change(toRecord, 2)}) is an event, and the alert goes out.`;
  }
  const until = addDays(addMonths(record.session, quietYears * 12), 1);
  return `${title}: recent record. Nothing fires before ${date(until)}: only a record close after over ${
    quietYears === 1 ? 'a year' : `${quietYears} years`
  } without one is an event, and each new record starts the wait again.`;
}

function distance({ toRecord }: RecordState): string {
  return toRecord === 0 ? 'record' : change(toRecord, 2);
}

function followUps({ followUps: open }: DigestFacts): Section {
  return {
    heading: 'Follow-ups',
    paragraphs:
      open.length === 0
        ? ['None is open.']
        : open.map(
            ({ session, months, due }) =>
              `The event of ${date(session)}: what followed after ${plural(months, 'month')} is told on ${date(due)} or the session after.`,
          ),
    table: null,
  };
}

function data(facts: DigestFacts): Section {
  const { held, missing, revised, watching, nextRun } = facts;
  const heldText = held.map(
    ({ symbol, session, close, reason }) => `${symbol} ${points(close)} of ${date(session)} (${reason})`,
  );
  const revisedText = revised.map(
    ({ symbol, session, from, to }) => `${symbol} of ${date(session)}, ${points(from.close)} to ${points(to.close)}`,
  );
  return {
    heading: 'Data',
    paragraphs: [
      `${capital(ageOfData(facts))}.`,
      `Held: ${list(heldText) || 'none'}. Missing: ${missingText(missing) || 'none'}. Revised in the last 7 days: ${list(revisedText) || 'none'}.`,
      watching ? `Next look: ${instant(Date.parse(nextRun))}.` : 'No daemon is watching: start it with npm run daemon.',
    ],
    table: null,
  };
}

function missingText(missing: DigestFacts['missing']): string {
  const symbols = [...new Set(missing.map(({ symbol }) => symbol))];
  return list(
    symbols.map((symbol) => {
      const sessions = missing.filter((gap) => gap.symbol === symbol).map(({ session }) => session);
      const [first = ''] = sessions;
      return sessions.length === 1
        ? `${symbol} of ${date(first)}`
        : `${symbol}, ${plural(sessions.length, 'session')} from ${date(first)} to ${date(sessions.at(-1) ?? first)}`;
    }),
  );
}

function ageOfData({ signals, evaluatedAt }: DigestFacts): string {
  const newest = signals
    .map(({ state }) => state.session)
    .sort()
    .at(-1);
  if (newest === undefined || evaluatedAt === null) return 'nothing was evaluated yet';
  return `the newest close is of ${longDate(newest)}, evaluated on ${instant(Date.parse(evaluatedAt))}`;
}

function channels({ channels: all }: DigestFacts): Section {
  const table: Table = {
    columns: [
      { title: 'Channel', align: 'left', essential: true },
      { title: 'Daily test', align: 'left', essential: true },
      { title: 'Last proven delivery', align: 'left', essential: false },
      { title: 'Waiting', align: 'right', essential: false },
    ],
    rows: [...Map.groupBy(all, ({ channel }) => kindOf(channel))].map(([kind, same]) => channelRow(kind, same)),
  };
  return { heading: 'Channels', paragraphs: [], table };
}

/** The channels of one kind in one row: whose addresses these are is nobody else's business. */
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
    ...(alone === 0 ? [] : [`${alone === same.length ? '' : `${alone} `}refused for days, and left alone`]),
    ...gatewayText(first?.gateway),
  ];
  return [
    same.length === 1 ? kind : `${kind} (${same.length})`,
    states.join('; '),
    lastSent === undefined ? 'none yet: npm run drill' : `${lastSent.message} on ${dayOf(lastSent.at)}`,
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
  if (test === null) return 'not tried yet';
  return test.failure === null ? `passed, ${dayOf(test.at)}` : 'FAILS, see the notes';
}

/** Whether a bot answers its commands; nothing where there is none. */
export function gatewayText(gateway: ChannelFacts['gateway']): string[] {
  if (gateway === undefined) return [];
  return [gateway.failure === null ? 'answers commands' : `answers no commands since ${dayOf(gateway.at)}`];
}

/** "paused until 3 Oct 2025". */
export function pausedText({ until }: { readonly until: string | null }): string {
  return until === null ? 'paused until resumed' : `paused until ${instant(Date.parse(until))}`;
}

function dayOf(instant: string): string {
  return date(newYorkDate(Date.parse(instant)));
}

function orDash(fraction: number | null): string {
  return fraction === null ? '–' : change(fraction, 2);
}
