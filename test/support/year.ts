import { openApp } from '../../src/app/open.ts';
import { type Round, round } from '../../src/daemon/round.ts';
import type { Session } from '../../src/market/close.ts';
import { newYorkInstant } from '../../src/market/new-york.ts';
import { addDays } from '../../src/market/session.ts';
import type { Settings } from '../../src/settings/settings.ts';
import type { Story } from './story.ts';

/*
 * A year of a bot, from September 2020 on, with the event of 13 November 2020 in it: the clock changes on 1 November
 * and 14 March, the holidays of the exchange, a provider that is two days late, and the machine off over the event. The
 * closes are the demo's; which day is what is from docs/architecture.md, "Facts to reproduce", and the exchange's
 */
const FROM = '2020-09-01';
const OFF = { from: '2020-11-09', to: '2020-11-29' };
export const EVENT = 'russell-2000/2020-11-13';
/** Yahoo has nothing of these sessions until the morning after the next one. */
const LATE = [
  { sessions: ['2020-10-06', '2020-10-07'], arrive: Date.parse('2020-10-09T12:00:00Z') },
  { sessions: ['2021-08-10', '2021-08-11'], arrive: Date.parse('2021-08-13T12:00:00Z') },
];
/** Fridays without a session, and the last session of their weeks. */
const HOLIDAYS = new Map([
  ['2020-12-25', '2020-12-24'],
  ['2021-01-01', '2020-12-31'],
  ['2021-04-02', '2021-04-01'],
]);

/** Sessions that end at 13:00. */
const HALF_DAYS = ['2020-11-27', '2020-12-24', '2021-11-26'];

/** The ids of the messages that have a reason up to a date, by the day on which they are due. */
export function expectedMessages(to: Session): {
  event: string[];
  digests: string[];
  drills: string[];
  warnings: string[];
} {
  const until = <T extends { due: Session }>(list: readonly T[]) => list.filter(({ due }) => due <= to);
  const fridays: Session[] = [];
  for (let day = '2020-09-04'; day <= to; day = addDays(day, 7)) fridays.push(day);
  return {
    // The alert on the day the machine is on again. 13 December, 13 February and 13 November are no sessions: their
    // outcome is reached with the next one.
    event: until([
      { due: '2020-11-30', kind: 'alert' },
      { due: '2020-12-14', kind: 'follow-up-1' },
      { due: '2021-02-16', kind: 'follow-up-3' },
      { due: '2021-05-13', kind: 'follow-up-6' },
      { due: '2021-11-15', kind: 'follow-up-12' },
    ]).map(({ kind }) => `${EVENT}/${kind}`),
    // Of 27 November the machine hears on Monday: late, but before the next session is over.
    digests: fridays
      .map((friday) => HOLIDAYS.get(friday) ?? friday)
      .filter((session) => !['2020-11-13', '2020-11-20'].includes(session))
      .map((session) => `digest/${session}`),
    // The first session of each quarter, without its time.
    drills: until(['2020-10-01', '2021-01-04', '2021-04-01', '2021-07-01', '2021-10-01'].map((due) => ({ due }))).map(
      ({ due }) => `drill/${due}`,
    ),
    warnings: until([
      { due: '2020-10-07', id: 'warning/closes/2020-10-06' },
      { due: '2020-10-09', id: 'warning/closes/2020-10-06/all-clear' },
      { due: '2021-08-11', id: 'warning/closes/2021-08-10' },
      { due: '2021-08-13', id: 'warning/closes/2021-08-10/all-clear' },
    ]).map(({ id }) => id),
  };
}

/** The ids of what one address got, drills without their time. */
export function receivedIds({ smtp }: Story, address: string): string[] {
  return smtp.messages
    .filter(({ envelope }) => envelope.to.includes(address))
    .map(({ headers }) => String(headers.get('x-breakout-bell-id')))
    .map((id) => (id.startsWith('drill/') ? id.slice(0, 'drill/2020-10-01'.length) : id));
}

/** Where the year is lived: a bot's settings, and a Yahoo whose clock can be set. */
export interface Stage {
  readonly settings: Settings;
  /** Sets the clock of the stand-in, and which sessions it does not have. */
  serve(now: number, missing: readonly Session[]): void | Promise<void>;
}

/** The stage of a story in this process. */
export function stageOf(story: Story): Stage {
  const allCloses = new Map(story.yahoo.closes);
  for (const session of HALF_DAYS) story.yahoo.halfDays.add(session);
  return {
    settings: story.settings,
    serve: (now, missing) => {
      story.yahoo.now = now;
      for (const [symbol, closes] of allCloses) {
        const served = missing.length === 0 ? closes : closes.filter(({ session }) => !missing.includes(session));
        story.yahoo.closes.set(symbol, served);
      }
    },
  };
}

/** How the year is lived. */
export interface Life {
  /** Last New York date, included. */
  readonly to: Session;
  /** Hours between two rounds beside the scheduled ones; the daemon's is 1. */
  readonly everyHours: number;
  /** Called after each round. */
  readonly after: (instant: number, done: Round) => void;
}

/** The year in two processes, one before and one after the machine was off. */
export async function liveTheYear(stage: Stage, life: Life): Promise<void> {
  await liveThrough(stage, FROM, addDays(OFF.from, -1), life);
  await liveThrough(stage, addDays(OFF.to, 1), life.to, life);
}

/** One daemon in one process, with a clock that jumps from round to round as `daemon.ts` makes them. */
async function liveThrough(stage: Stage, from: Session, to: Session, { everyHours, after }: Life): Promise<void> {
  const { checks, digest } = stage.settings.schedule;
  let now = newYorkInstant(from, '00:10');
  const app = await openApp(stage.settings, {
    now: () => now,
    sleep: async () => {},
    random: () => 0.5,
    progress: () => {},
    freeBytes: async () => 1e12,
  });
  const hours = Array.from({ length: 24 / everyHours }, (_, n) => `${String(n * everyHours).padStart(2, '0')}:10`);
  const times = [...new Set([...hours, ...checks, digest.at])].sort();
  try {
    for (let day = from; day <= to; day = addDays(day, 1)) {
      for (const time of times) {
        now = newYorkInstant(day, time);
        const missing = LATE.filter(({ arrive }) => now < arrive).flatMap(({ sessions }) => sessions);
        await stage.serve(now, missing);
        after(now, await round(app, { why: time, check: checks.includes(time) ? 'always' : 'when due' }));
      }
    }
  } finally {
    app.close();
  }
}
