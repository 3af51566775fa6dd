import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createDemoSource } from '../../src/demo/source.ts';
import type { Close, Session } from '../../src/market/close.ts';
import { addDays } from '../../src/market/session.ts';
import { Bell } from './bell.ts';
import { chanceOf } from './chance.ts';
import type { Arrival } from './judge.ts';
import { Mishaps } from './mishaps.ts';
import { believeEarlierClocks, makeFolder, makePackage, removeFolder } from './package.ts';
import { Stage } from './stage.ts';
import { eventsOf, firstOfQuarters, lastOfWeeks, monthsAfter } from './truth.ts';

const ROOT = join(import.meta.dirname, '../..');
const MARKET_DATA = join(ROOT, '../shared/market-data');
const HORIZONS = [1, 3, 6, 12];
const DAY_MS = 86_400_000;
/** Little room, so that a leak ends it within these years; without the flags of the script `start` that make it slow. */
const FLAGS = ['--max-semi-space-size=2', '--max-old-space-size=128'];

/** Closes by symbol, ascending. */
export type History = Readonly<Record<string, readonly Close[]>>;

/** The real closes; undefined where they are absent (docs/architecture.md, "Facts to reproduce"). */
export function realHistory(): History | undefined {
  if (!existsSync(MARKET_DATA)) return undefined;
  return Object.fromEntries(['^RUT', '^GSPC'].map((symbol) => [symbol, readTable(join(MARKET_DATA, `${symbol}.csv`))]));
}

/** The demo's closes, which have the same events. */
export async function demoHistory(): Promise<History> {
  const of = async (symbol: string) => {
    const { bars } = await createDemoSource().read(symbol, undefined, Date.parse('2026-06-01T00:00:00Z'));
    return [symbol, bars.map(({ session, close }) => ({ session, close: close ?? 0 }))] as const;
  };
  return Object.fromEntries(await Promise.all(['^RUT', '^GSPC'].map(of)));
}

function readTable(path: string): Close[] {
  const [, ...rows] = readFileSync(path, 'utf8').trim().split('\n');
  return rows.map((row) => {
    const [session = '', close = ''] = row.split(',');
    return { session, close: Number(close) };
  });
}

/** Some years of a daemon. */
export interface Span {
  readonly history: History;
  /** New York dates: from the morning of the first to the end of the day before the last. */
  readonly from: Session;
  readonly to: Session;
  /** Hours between two rounds beside those of the schedule. The daemon's is 1; everything else takes longer then. */
  readonly everyHours: number;
  /** Things that go wrong, by this seed; undefined: none. */
  readonly mishaps?: number;
  readonly bot: boolean;
}

/** What one year was like at its end. */
export interface YearEnd {
  readonly year: string;
  /** Memory of the process, bytes. */
  readonly memory: number;
  /** Size of the database, bytes. */
  readonly database: number;
  /** Requests to Yahoo per day of the year. */
  readonly requestsADay: number;
}

/** One kind of message. */
export interface Kind {
  readonly kind: string;
  /** To all channels that take it together. */
  readonly expected: number;
  readonly arrived: number;
  readonly lost: readonly string[];
  /** Second copies, and how many of them say so. */
  readonly copies: number;
  readonly marked: number;
  readonly unexplained: readonly string[];
}

export interface Lived {
  readonly ends: readonly YearEnd[];
  readonly kinds: readonly Kind[];
  /** What went wrong around it, counted. */
  readonly mishaps: ReadonlyMap<string, number>;
}

/** Lives some years with a real daemon, from round to round, and explains every message. */
export async function live(span: Span, told: (end: YearEnd) => void = () => {}): Promise<Lived> {
  const folder = makeFolder();
  const root = makePackage(folder, true);
  believeEarlierClocks(root);
  const stage = await Stage.open({ root, bot: span.bot });
  stage.discordAhead = 40 * 365 * DAY_MS;
  const start = Date.parse(`${span.from}T14:00:00Z`);
  const end = Date.parse(`${span.to}T05:00:00Z`);
  const mishaps = new Mishaps(stage, span.mishaps, start, end);
  let daemon: Bell | undefined;
  try {
    // What is years ahead would only be looked through at every request.
    const serveUntil = (instant: number) => {
      const last = new Date(instant + 10 * DAY_MS).toISOString().slice(0, 10);
      for (const [symbol, closes] of Object.entries(span.history))
        stage.yahoo.closes.set(
          symbol,
          closes.filter(({ session }) => session < last),
        );
    };
    stage.unwatch();
    mishaps.begin();
    serveUntil(start);
    stage.clock.set(start);
    const options = { pulse: span.everyHours * 3_600_000 + 60_000, flags: FLAGS };
    daemon = Bell.daemon(stage, options);
    const ends: YearEnd[] = [];
    let [since, asked] = [start, 0];
    for (const stop of stopsOf(start, end)) {
      serveUntil(stop);
      if (!(await daemon.goOnTo(stop))) throw new Error(`the daemon ended by itself: ${daemon.said}`);
      if (stop === end || new Date(stop).toISOString().slice(5, 10) === '01-01') {
        const count = stage.yahoo.requests.length - asked;
        const year = new Date(stop - DAY_MS).toISOString().slice(0, 4);
        const requestsADay = count / ((stop - since) / DAY_MS);
        ends.push({ year, memory: memoryOf(daemon.pid), database: sizeOf(stage.data), requestsADay });
        told(ends.at(-1) as YearEnd);
        [since, asked] = [stop, stage.yahoo.requests.length];
      }
      const how = stop === end ? undefined : mishaps.restart();
      if (how === undefined) continue;
      daemon.kill(how);
      await daemon.ending();
      stage.clock.set(stop + 60_000);
      daemon = Bell.daemon(stage, options);
    }
    return { ends, kinds: explain(stage, span, mishaps), mishaps: mishaps.counts() };
  } finally {
    daemon?.kill('SIGKILL');
    await daemon?.exit;
    await stage.close();
    removeFolder(folder);
  }
}

/** The ends of the months, UTC midnight in New York's winter, and the end. */
function stopsOf(start: number, end: number): number[] {
  const stops: number[] = [];
  const first = new Date(start);
  for (let month = 1; ; month++) {
    const stop = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1, 5);
    if (stop >= end) return [...stops, end];
    stops.push(stop);
  }
}

/** Every message that arrived, beside what the closes and the calendar of sessions say should have. */
function explain(stage: Stage, { history, from, to }: Span, mishaps: Mishaps): Kind[] {
  const index = [...readTable(join(ROOT, 'data/before-yahoo.csv')), ...(history['^RUT'] ?? [])];
  const sessions = (history['^GSPC'] ?? []).map(({ session }) => session);
  const isIn = (session: Session) => session >= from && session < to;
  const mails = stage.channels.filter((channel) => channel.startsWith('email:'));
  const events = eventsOf(index).filter(isIn);
  const reached = (day: Session) => sessions.find((session) => session >= day) ?? '9999';
  const followUps = events.flatMap((event) =>
    HORIZONS.filter((months) => isIn(reached(monthsAfter(event, months)))).map(
      (months) => `russell-2000/${event}/follow-up-${months}`,
    ),
  );
  const arrivals = stage.arrivals().map(withoutTime);
  const all = (ids: readonly string[], channels: readonly string[]) =>
    ids.flatMap((id) => channels.map((channel) => `${channel} ${id}`));
  const expected = new Map([
    [
      'alerts',
      all(
        events.map((event) => `russell-2000/${event}/alert`),
        stage.channels,
      ),
    ],
    ['corrections and retractions', []],
    [
      'reminders',
      all(
        events.filter((event) => isIn(addDays(event, 2))).map((event) => `russell-2000/${event}/alert/reminder`),
        stage.channels,
      ),
    ],
    ['follow-ups', all(followUps, stage.channels)],
    [
      'digests',
      all(
        lastOfWeeks(sessions)
          .filter(isIn)
          .map((session) => `digest/${session}`),
        mails,
      ),
    ],
    [
      'drills',
      all(
        firstOfQuarters(sessions)
          .filter(isIn)
          .map((session) => `drill/${session}`),
        stage.channels,
      ),
    ],
    ['warnings and all-clears', []],
  ]);
  const byKind = Map.groupBy(arrivals, ({ id }) => kindOf(id));
  return [...expected].map(([kind, keys]) => {
    const came = byKind.get(kind) ?? [];
    const copies = Map.groupBy(came, ({ channel, id }) => `${channel} ${id}`);
    const second = [...copies.values()].flatMap((copy) => copy.slice(1));
    const unexplained = came.filter((one) => !keys.includes(`${one.channel} ${one.id}`) && !mishaps.explain(one));
    return {
      kind,
      expected: keys.length,
      arrived: copies.size,
      lost: keys.filter((key) => !copies.has(key) && !mishaps.excuse(key)),
      copies: second.length,
      marked: second.filter(({ marked }) => marked).length,
      unexplained: unexplained.map(({ channel, id, at }) => `${channel} ${id} at ${new Date(at).toISOString()}`),
    };
  });
}

/** A drill is named by its time: it is one of the first session of its quarter. */
function withoutTime(one: Arrival): Arrival {
  return one.id.startsWith('drill/') ? { ...one, id: one.id.slice(0, 'drill/1990-01-02'.length) } : one;
}

function kindOf(id: string): string {
  if (id.endsWith('/reminder')) return 'reminders';
  if (/^russell-2000\/[^/]+\/alert/.test(id)) return 'alerts';
  if (/\/follow-up-\d+$/.test(id)) return 'follow-ups';
  if (id.startsWith('digest/')) return 'digests';
  if (id.startsWith('drill/')) return 'drills';
  return id.startsWith('warning/') ? 'warnings and all-clears' : 'corrections and retractions';
}

function memoryOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmRSS:\s+(\d+) kB/)?.[1] ?? 0) * 1024;
}

/** The file itself: its copies are not counted, nor its log, which is as long as the longest write since the last start. */
function sizeOf(folder: string): number {
  return statSync(join(folder, 'market.db')).size;
}

/** True where nothing is lost, unexplained, or twice without a word. */
export function isExplained({ kinds }: Lived): boolean {
  return kinds.every(
    ({ lost, copies, marked, unexplained }) => lost.length + unexplained.length + copies - marked === 0,
  );
}

/** The seed of a run's mishaps, from the seed of all. */
export function mishapSeed(seed: number, nth: number): number {
  return Math.floor(chanceOf(seed + nth)() * 2 ** 31);
}
