import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Close, Session } from '../../src/market/close.ts';
import { sessionsBetween } from '../../src/market/new-york.ts';
import { Bell } from './bell.ts';
import type { Truth } from './judge.ts';
import type { Snapshot, Stage } from './stage.ts';
import { eventsOf, lastOfWeeks } from './truth.ts';

const MINUTE_MS = 60_000;
/** The index has its record on the first day of a short history, and beats it over a year later. */
const FIRST = '2024-06-03';
const RECORD = 100;
const EVENING = '2025-09-18';
const EVENT = `russell-2000/${EVENING}`;
const LAST = '2025-12-31';
const SESSIONS = sessionsBetween(FIRST, LAST);

/** What there is to tell when a process is killed or stopped, and by whom. */
export type SceneName =
  | 'alert'
  | 'first run'
  | 'correction'
  | 'retraction'
  | 'evening'
  | "evening in the daemon's round"
  | 'correction of an evening'
  | "alert in the daemon's round"
  | "alert at the daemon's start"
  | 'reminder'
  | 'follow-up'
  | 'digest'
  | 'warning';

interface Plan {
  readonly by: 'check' | 'daemon';
  /** What was told before. */
  readonly after: 'nothing' | 'the evening before' | 'the alert';
  /** What the closes are changed to. */
  readonly change?: (stage: Stage) => void;
  /** When it may be told, UTC; it is told at the first of them that does it. */
  readonly at: readonly string[];
  /** True for the id of what is told. */
  readonly tells: (id: string) => boolean;
  /** Minutes for which the daemon has run before it. */
  readonly before?: number;
  readonly byMailOnly?: true;
  /** Several indices of a watch list have their event on one evening, and are told together. */
  readonly isEvening?: true;
}

const EVENINGS = ['2025-09-19T20:45', '2025-09-19T21:50', '2025-09-22T12:30', '2025-09-22T20:45', '2025-09-22T21:50'];
const LATER = ['2025-09-23T12:30', '2025-09-23T20:45', '2025-09-24T20:45', '2025-09-25T20:45'];

const PLANS: Readonly<Record<SceneName, Plan>> = {
  alert: { by: 'check', after: 'the evening before', at: ['2025-09-18T20:45'], tells: isIt('alert') },
  'first run': { by: 'check', after: 'nothing', at: ['2025-09-18T20:45'], tells: isIt('alert') },
  correction: {
    by: 'check',
    after: 'the alert',
    change: (stage) => setClose(stage, EVENING, 101.9),
    at: [...EVENINGS, ...LATER],
    tells: isIt('correction'),
  },
  retraction: {
    by: 'check',
    after: 'the alert',
    change: (stage) => {
      setClose(stage, EVENING, 97);
      setClose(stage, '2025-09-19', 96.5);
    },
    at: [...EVENINGS, ...LATER],
    tells: isIt('retraction'),
  },
  evening: {
    by: 'check',
    after: 'the evening before',
    at: ['2025-09-18T20:45'],
    tells: isTogether('alert'),
    isEvening: true,
  },
  "evening in the daemon's round": {
    by: 'daemon',
    after: 'the evening before',
    at: ['2025-09-18T20:45'],
    tells: isTogether('alert'),
    before: 20,
    isEvening: true,
  },
  'correction of an evening': {
    by: 'check',
    after: 'the alert',
    change: (stage) => WATCHED.forEach((symbol) => void setClose(stage, EVENING, 101.9, symbol)),
    at: [...EVENINGS, ...LATER],
    tells: isTogether('correction'),
    isEvening: true,
  },
  "alert in the daemon's round": {
    by: 'daemon',
    after: 'the evening before',
    at: ['2025-09-18T20:45'],
    tells: isIt('alert'),
    before: 20,
  },
  "alert at the daemon's start": {
    by: 'daemon',
    after: 'the evening before',
    at: ['2025-09-18T20:50'],
    tells: isIt('alert'),
    before: 0,
  },
  reminder: { by: 'daemon', after: 'the alert', at: ['2025-09-19T20:50'], tells: isIt('alert/reminder'), before: 0 },
  'follow-up': {
    by: 'daemon',
    after: 'the alert',
    at: ['2025-10-20T20:45', '2025-10-20T21:30', '2025-10-21T12:30', '2025-10-21T20:45'],
    tells: isIt('follow-up-1'),
    before: 15,
  },
  digest: {
    by: 'daemon',
    after: 'the alert',
    at: ['2025-09-19T22:00'],
    tells: (id) => id === 'digest/2025-09-19',
    before: 15,
    byMailOnly: true,
  },
  warning: {
    by: 'daemon',
    after: 'the alert',
    change: (stage) => {
      const closes = stage.yahoo.closes.get('^RUT') ?? [];
      stage.yahoo.closes.set('^RUT', [...closes.filter(({ session }) => session < '2025-09-19')]);
    },
    at: ['2025-09-20T12:30', '2025-09-20T13:40', '2025-09-22T12:30', '2025-09-22T20:45'],
    tells: (id) => id.startsWith('warning/'),
    before: 15,
  },
};

/** The indices of the watch list. */
const WATCHED = ['SYM0', 'SYM1', 'SYM2', 'SYM3', 'SYM4'];

/** Writes the configuration that watches them. @returns the folder */
function watchListIn(folder: string): string {
  const signals = WATCHED.map((index, at) => ({
    id: `sym-${at}`,
    title: `Index ${at}`,
    index,
    benchmark: '^GSPC',
    quietYears: 1,
    horizons: [1, 12],
  }));
  mkdirSync(folder, { recursive: true });
  cpSync(join(import.meta.dirname, '../../config/schedule.json'), join(folder, 'schedule.json'));
  writeFileSync(join(folder, 'signals.json'), JSON.stringify({ signals, symbols: {} }));
  return folder;
}

/** A scene as it is just before it is played. */
export interface Scene {
  readonly name: SceneName;
  readonly by: Plan['by'];
  readonly snapshot: Snapshot;
  /** When the process is started, epoch milliseconds. */
  readonly start: number;
  /** When it tells. */
  readonly instant: number;
  /** The steps that the services see from the start on, in their order, where nobody disturbs. */
  readonly steps: readonly string[];
  /** Real milliseconds from the start of the process, or of its round, to the end of it. */
  readonly duration: number;
  readonly truth: Truth;
}

/** The closes of the story, as Yahoo has them in the end. */
function storyCloses(): Record<string, Close[]> {
  const index = SESSIONS.map((session, at) => ({ session, close: Number((94 + (at % 7) * 0.2).toFixed(2)) }));
  const known = new Map([
    [FIRST, RECORD],
    ['2025-09-17', 98],
    [EVENING, 101.5],
    ['2025-09-19', 100.8],
  ]);
  const closes = index.map(({ session, close }) => ({ session, close: known.get(session) ?? close }));
  return {
    '^RUT': closes,
    ...Object.fromEntries(WATCHED.map((symbol) => [symbol, closes])),
    '^GSPC': SESSIONS.map((session, at) => ({ session, close: 6000 + (at % 11) })),
  };
}

/** Plays what comes before a scene, and the scene once undisturbed. @param copies a folder for what it begins with */
export async function rehearse(stage: Stage, name: SceneName, copies: string): Promise<Scene> {
  const plan = PLANS[name];
  const config = plan.isEvening && watchListIn(join(copies, 'config'));
  await stage.reset({
    ...{ data: undefined, discord: [], smtp: [], mailTimes: [], posting: [], closes: storyCloses(), config },
  });
  if (plan.after !== 'nothing') await runCheck(stage, Date.parse('2025-09-17T20:45Z'));
  if (plan.after === 'the alert') await runCheck(stage, Date.parse('2025-09-18T20:45Z'));
  plan.change?.(stage);
  for (const at of plan.at) {
    const snapshot = await stage.snapshot(join(copies, name.replaceAll(/\W/g, '-')));
    const instant = Date.parse(`${at}Z`);
    const start = instant - (plan.before ?? 0) * MINUTE_MS;
    const steps: string[] = [];
    stage.watch((step) => void steps.push(step));
    const duration = await (plan.by === 'check' ? runCheck(stage, instant) : runDaemon(stage, start, instant));
    stage.unwatch();
    const told = new Set(stage.arrivals().map(({ id }) => id));
    const id = [...told].find(plan.tells);
    if (id === undefined) continue;
    const truth = truthOf(stage, plan, id, instant);
    return { name, by: plan.by, snapshot, start, instant, steps, duration, truth };
  }
  throw new Error(`${name}: it was never told: ${[...new Set(stage.arrivals().map(({ id }) => id))]}`);
}

function truthOf(stage: Stage, plan: Plan, id: string, instant: number): Truth {
  // The story was made so; should it not be, no trial says anything.
  if (!eventsOf(storyCloses()['^RUT'] ?? []).includes(EVENING)) throw new Error('the story has no event');
  const told = stage.arrivals().map((one) => one.id);
  const alert = plan.isEvening ? told.find(isTogether('alert')) : `${EVENT}/alert`;
  if (alert === undefined) throw new Error('the evening was told one by one');
  const weeks = lastOfWeeks(SESSIONS).map((session) => `digest/${session}`);
  const warnings = plan.tells('warning/');
  return {
    channels: stage.channels,
    // Of an evening the id says which events are in it: with others in it, it is another one.
    due: [alert, ...(plan.byMailOnly || id === alert ? [] : [id])],
    dueByMail: plan.byMailOnly ? [id] : [],
    // A daemon has words of its own beside it.
    mayCome: (other) =>
      plan.by === 'daemon' &&
      (weeks.includes(other) ||
        other === `${alert}/reminder` ||
        (other.startsWith('drill/') && instant >= Date.parse('2025-10-01')) ||
        (warnings && other.startsWith('warning/'))),
  };
}

/** @returns how long it ran, in real milliseconds */
async function runCheck(stage: Stage, instant: number): Promise<number> {
  stage.clock.set(instant);
  const began = performance.now();
  const bell = Bell.check(stage);
  const { code } = await bell.ending();
  if (code !== 0) throw new Error(`a check that nobody disturbed ended with ${code}: ${bell.said}`);
  return performance.now() - began;
}

/** @returns how long its round took, in real milliseconds; with its start where that is the round */
async function runDaemon(stage: Stage, start: number, instant: number): Promise<number> {
  stage.clock.set(start);
  let began = performance.now();
  const bell = Bell.daemon(stage);
  if (instant > start) {
    await bell.goOnTo(instant - MINUTE_MS);
    began = performance.now();
  }
  if (!(await bell.goOnTo(instant + MINUTE_MS))) throw new Error(`the daemon ended: ${bell.said}`);
  const took = performance.now() - began;
  await bell.stop();
  return took;
}

function setClose(stage: Stage, session: Session, close: number, symbol = '^RUT'): void {
  const closes = stage.yahoo.closes.get(symbol) ?? [];
  stage.yahoo.closes.set(
    symbol,
    closes.map((one) => (one.session === session ? { session, close } : one)),
  );
}

function isIt(kind: string): (id: string) => boolean {
  return (id) => id.startsWith(`${EVENT}/${kind}`);
}

/** True for a message of this kind that tells several events. */
function isTogether(kind: string): (id: string) => boolean {
  const pattern = new RegExp(`^evening/[^/]+/${kind}-[0-9a-f]+$`);
  return (id) => pattern.test(id);
}
