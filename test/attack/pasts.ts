import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Close, Session } from '../../src/market/close.ts';
import { type ChartAnswer, editBar } from '../support/yahoo-chart.ts';
import { Bell } from './bell.ts';
import { judge, type Verdict } from './judge.ts';
import { restate } from './mishaps.ts';
import { makeFolder, makePackage, removeFolder } from './package.ts';
import { type Snapshot, Stage } from './stage.ts';
import { eventsOf } from './truth.ts';
import type { History } from './years.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const EVENT = '2025-09-18';
/** The first run, before all closes that are told anew, and when the daemon starts. */
const BEFORE = Date.parse('2025-08-20T20:45Z');
const START = Date.parse('2025-09-12T20:30Z');
/** Monday of the week of the event, before its first check. */
const MONDAY = Date.parse('2025-09-15T12:00Z');
const SOON = '2025-10-04';
/** Sixteen weeks after that Monday. */
const LATE = '2026-01-05';
/** Between the settled closes of before and the record that they would then be above. */
const AUGUST = '2025-08-25';
const RECORD = '2021-11-08';
const FACTORS = [1.02, 1.05, 1.1, 0.95, 0.667, 0.1, 0.5, 1.5, 10];

/** A past that changes, as Yahoo tells it. */
interface Past {
  readonly name: string;
  /** How long it is lived. */
  readonly to: Session;
  /** Changes an answer for the index. */
  readonly tell: (chart: ChartAnswer, now: number) => void;
  /** True: the closes after the event lie below it, so that it alone is the record. */
  readonly lower?: true;
  /** What happens to the package, and when it is undone, epoch milliseconds. */
  readonly breaks?: {
    readonly act: (root: string) => void;
    readonly undo: (root: string) => void;
    readonly until: number;
  };
}

/** What came of one past. */
export interface Told extends Pick<Verdict, 'unmarked'> {
  readonly name: string;
  /** Messages of the webhook, by kind. */
  readonly counts: Readonly<Record<string, number>>;
  readonly false: readonly string[];
  readonly lost: readonly string[];
  /** The most corrections, retractions and alerts of one event on one day. */
  readonly mostADay: number;
}

function days(from: number, count: number): (now: number) => boolean {
  return (now) => now >= from && now < from + count * DAY_MS;
}

const TIMES: readonly { readonly name: string; readonly isOn: (now: number) => boolean; readonly to: Session }[] = [
  { name: 'the evening before the event', isOn: (now) => days(Date.parse('2025-09-17T19:00Z'), 0.5)(now), to: SOON },
  { name: 'the evening of the event', isOn: (now) => days(Date.parse('2025-09-18T19:00Z'), 0.5)(now), to: SOON },
  { name: 'a week', isOn: (now) => days(MONDAY, 7)(now), to: SOON },
  { name: 'for ever', isOn: (now) => now >= MONDAY, to: LATE },
];

function set(session: Session, close: number) {
  return (chart: ChartAnswer) => editBar(chart, session, { open: close, high: close, low: close, close });
}

/** The checks of the schedule since an instant: each is a look. */
function looksSince(from: number, now: number): number {
  const day = Math.floor((now - from) / DAY_MS);
  const hour = new Date(now).getUTCHours() + new Date(now).getUTCMinutes() / 60;
  return day * 3 + (hour >= 21.4 ? 2 : hour >= 20.7 ? 1 : 0);
}

const FLAPPING_FROM = Date.parse('2025-09-19T12:00Z');

function dayByDay(end: number): Past['tell'] {
  return (chart, now) => {
    const day = Math.floor((now - FLAPPING_FROM) / DAY_MS);
    if (day < 0) return;
    set(EVENT, day >= 10 ? end : day % 2 === 0 ? 2440 : 2467.7)(chart);
  };
}

const PASTS: readonly Past[] = [
  { name: 'nothing changes', to: SOON, tell: () => {} },
  ...TIMES.flatMap(({ name, isOn, to }) =>
    FACTORS.map((factor) => ({
      name: `^RUT as a whole × ${factor}, ${name}`,
      to,
      tell: (chart: ChartAnswer, now: number) => {
        if (isOn(now)) restate(chart, factor);
      },
    })),
  ),
  {
    name: 'the settled 25 August read as 2,450.00 at one look',
    to: SOON,
    tell: (chart, now) => {
      if (days(Date.parse('2025-09-15T20:40Z'), 0.02)(now)) set(AUGUST, 2450)(chart);
    },
  },
  ...[2480, 2460, 2400].map((close) => ({
    name: `the record of 8 November 2021 told as ${close}, for ever`,
    to: LATE,
    tell: (chart: ChartAnswer, now: number) => {
      if (now >= MONDAY) set(RECORD, close)(chart);
    },
  })),
  {
    name: 'the record of 8 November 2021 told as 2480, the evening of the event',
    to: SOON,
    tell: (chart, now) => {
      if (days(Date.parse('2025-09-18T19:00Z'), 0.5)(now)) set(RECORD, 2480)(chart);
    },
  },
  {
    name: 'the event a cent to and fro, look by look, for six days',
    to: SOON,
    tell: (chart, now) => {
      if (days(FLAPPING_FROM, 6)(now)) set(EVENT, looksSince(FLAPPING_FROM, now) % 2 === 0 ? 2467.71 : 2467.7)(chart);
    },
  },
  {
    name: 'the event 2,440.00 and 2,467.70 day by day for ten days, then 2,467.70',
    to: '2025-10-25',
    lower: true,
    tell: dayByDay(2467.7),
  },
  {
    name: 'the event 2,440.00 and 2,467.70 day by day for ten days, then 2,440.00',
    to: '2025-10-25',
    lower: true,
    tell: dayByDay(2440),
  },
  {
    name: 'the file of the earlier records deleted for sixteen weeks',
    to: '2026-01-10',
    tell: () => {},
    breaks: {
      act: (root) => renameSync(join(root, 'data/before-yahoo.csv'), join(root, 'data/away.csv')),
      undo: (root) => renameSync(join(root, 'data/away.csv'), join(root, 'data/before-yahoo.csv')),
      until: Date.parse(`${LATE}T12:00Z`),
    },
  },
];

/** The names of all pasts. */
export const PAST_NAMES: readonly string[] = PASTS.map(({ name }) => name);

/** Lives the pasts of these names, some at a time, each with a daemon. */
export async function livePasts(
  names: readonly string[],
  history: History,
  atOnce: number,
  told: (one: Told) => void = () => {},
): Promise<Told[]> {
  const waiting = PASTS.filter(({ name }) => names.includes(name));
  const done = new Map<string, Told>();
  const worker = async () => {
    const folder = makeFolder();
    const stage = await Stage.open({ root: makePackage(folder, true), bot: false });
    try {
      const before = await firstRun(stage, history, join(folder, 'before'));
      for (let past = waiting.shift(); past !== undefined; past = waiting.shift()) {
        const one = await livePast(stage, before, past);
        done.set(past.name, one);
        told(one);
      }
    } finally {
      await stage.close();
      removeFolder(folder);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return names.flatMap((name) => done.get(name) ?? []);
}

async function firstRun(stage: Stage, history: History, copy: string): Promise<Snapshot> {
  await stage.reset({ data: undefined, discord: [], smtp: [], mailTimes: [], posting: [], closes: history });
  stage.clock.set(BEFORE);
  const { code } = await Bell.check(stage).ending();
  if (code !== 0) throw new Error(`the first run ended with ${code}`);
  return stage.snapshot(copy);
}

async function livePast(stage: Stage, before: Snapshot, { name, to, tell, lower, breaks }: Past): Promise<Told> {
  await stage.reset(before);
  const index = (before.closes['^RUT'] ?? []).map((one, at) =>
    lower && one.session > EVENT ? { ...one, close: 2400 + (at % 5) } : one,
  );
  stage.yahoo.closes.set('^RUT', index);
  const last = index[0]?.close ?? 0;
  stage.yahoo.tweak = (chart, symbol) => {
    if (symbol === '^RUT') tell(chart, stage.clock.now());
  };
  stage.clock.set(START);
  const end = Date.parse(`${to}T05:00Z`);
  const daemon = Bell.daemon(stage, { pulse: 6 * HOUR_MS + 60_000 });
  let broken = false;
  try {
    const go = async (instant: number) => {
      if (!(await daemon.goOnTo(instant))) throw new Error(`${name}: the daemon ended by itself: ${daemon.said}`);
    };
    if (breaks !== undefined) {
      await go(MONDAY);
      breaks.act(stage.root);
      broken = true;
      await go(breaks.until);
      breaks.undo(stage.root);
      broken = false;
    }
    await go(end);
    return verdictOf(stage, name, finalCloses(stage, index, last), to);
  } finally {
    if (broken) breaks?.undo(stage.root);
    daemon.kill('SIGKILL');
    await daemon.exit;
  }
}

/** What Yahoo says in the end. */
function finalCloses(stage: Stage, index: readonly Close[], first: number): Close[] {
  const quote = { open: [], high: [], low: [], volume: [], close: index.map(({ close }) => close) };
  const chart = {
    meta: { regularMarketPrice: first },
    timestamp: index.map(({ session }) => Date.parse(`${session}T14:30Z`) / 1000),
    indicators: { quote: [quote], adjclose: [{ adjclose: [] }] },
  } as unknown as ChartAnswer;
  stage.yahoo.tweak?.(chart, '^RUT');
  return index.map(({ session }, at) => ({ session, close: quote.close[at] ?? 0 }));
}

function verdictOf(stage: Stage, name: string, closes: readonly Close[], to: Session): Told {
  const arrivals = stage.arrivals();
  const webhook = arrivals.filter(({ channel }) => channel === 'webhook');
  const kinds = Map.groupBy(webhook, ({ id }) => kindOf(id));
  const events = eventsOf(closes.filter(({ session }) => session < to)).filter((session) => session >= '2025-09-12');
  const ids = events.map((session) => `russell-2000/${session}/alert`);
  const known = judge(arrivals, { channels: stage.channels, due: ids, mayCome: () => true });
  // An alert is told for ever: one of no event is false, taken back or not. One that its own close has made is taken back in the end.
  const alerts = arrivals.filter(({ id }) => /\/alert(-\d+)?$/.test(id));
  const isHonest = (session: Session) => session === EVENT && name.startsWith('the event ');
  const untrue = alerts.filter(({ id }) => !events.includes(sessionOf(id)) && !isHonest(sessionOf(id)));
  const last = webhook.findLast(
    ({ id }) => sessionOf(id) === EVENT && /\/(alert|retraction|correction)(-\d+)?$/.test(id),
  );
  const stands = last !== undefined && !last.id.includes('/retraction');
  const wrongEnd = events.includes(EVENT) !== stands && last !== undefined ? [`the end: ${last.id}`] : [];
  const aDay = Map.groupBy(
    webhook.filter(({ id }) => id.startsWith('russell-2000/') && !id.includes('/follow-up')),
    ({ at }) => new Date(at - 5 * HOUR_MS).toISOString().slice(0, 10),
  );
  return {
    name,
    counts: Object.fromEntries([...kinds].map(([kind, all]) => [kind, all.length])),
    false: [...untrue.map(({ channel, id }) => `${channel} ${id}`), ...wrongEnd],
    lost: known.lost,
    unmarked: known.unmarked,
    mostADay: Math.max(0, ...[...aDay.values()].map((all) => all.length)),
  };
}

function sessionOf(id: string): Session {
  return id.split('/')[1] ?? '';
}

function kindOf(id: string): string {
  const [first = '', , kind = '', part] = id.split('/');
  return first === 'russell-2000' ? (part ?? kind.replace(/-\d+$/, '')) : first;
}
