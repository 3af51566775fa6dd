import type { Session } from '../../src/market/close.ts';
import { type ChartAnswer, editBar, removeBar } from '../support/yahoo-chart.ts';
import { between, type Chance, chanceOf, oneOf } from './chance.ts';
import type { Arrival } from './judge.ts';
import type { Stage } from './stage.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Days for which a mishap may be spoken of after it: until a trouble is noticed, told again and cleared. */
const SPOKEN_OF = 12;

/** What goes wrong, how often in a year, and for how many days. */
const KINDS = {
  'a close is null': { times: 12, days: [1, 4] },
  'a session is absent': { times: 12, days: [1, 5] },
  'the whole index is restated for an evening': { times: 4, days: [1, 1] },
  'Yahoo is down': { times: 6, days: [1, 3] },
  'Discord is down': { times: 2, days: [2, 7] },
  'the mail server is down': { times: 2, days: [1, 5] },
} as const;

/** How a restated index is told for an evening. */
const FACTORS = [1.02, 1.05, 1.1, 0.95, 0.667, 0.5, 1.5, 10, 0.1];

interface Mishap {
  readonly kind: keyof typeof KINDS;
  readonly from: number;
  readonly to: number;
  readonly session: Session;
  readonly factor: number;
}

/** What goes wrong around a daemon over the years: all of it follows from a seed. */
export class Mishaps {
  readonly #stage: Stage;
  readonly #chance: Chance | undefined;
  readonly #all: Mishap[] = [];
  #restarts = 0;

  /** @param seed undefined: nothing goes wrong */
  constructor(stage: Stage, seed: number | undefined, start: number, end: number) {
    this.#stage = stage;
    this.#chance = seed === undefined ? undefined : chanceOf(seed);
    if (this.#chance === undefined) return;
    const years = (end - start) / (365 * DAY_MS);
    for (const [kind, { times, days }] of Object.entries(KINDS)) {
      for (let n = 0; n < Math.round(times * years); n++) {
        // From an hour before an evening's first check on.
        const day = Math.floor((start + 7 * DAY_MS + this.#chance() * (end - start - 25 * DAY_MS)) / DAY_MS);
        const from = day * DAY_MS + 19 * HOUR_MS;
        const lasts = between(this.#chance, days[0], days[1]) * DAY_MS;
        this.#all.push({
          kind: kind as keyof typeof KINDS,
          from,
          to: from + lasts - (lasts === DAY_MS ? 10 * HOUR_MS : 0),
          session: new Date(from).toISOString().slice(0, 10),
          factor: oneOf(this.#chance, FACTORS),
        });
      }
    }
  }

  begin(): void {
    if (this.#chance === undefined) return;
    const { yahoo, discord, smtp, clock } = this.#stage;
    const now = (kind: Mishap['kind']) => this.#all.filter((one) => one.kind === kind && isOn(one, clock.now()));
    yahoo.tweak = (chart, symbol) => {
      for (const { session } of now('a close is null')) editBar(chart, session, { close: null });
      for (const { session } of now('a session is absent')) removeBar(chart, session);
      const [restated] = symbol === '^RUT' ? now('the whole index is restated for an evening') : [];
      if (restated !== undefined) restate(chart, restated.factor);
    };
    yahoo.fault = () => (now('Yahoo is down').length > 0 ? { status: 503 } : undefined);
    discord.fault = () => (now('Discord is down').length > 0 ? { status: 502 } : undefined);
    smtp.fault = () => (now('the mail server is down').length > 0 ? { connect: 421 } : undefined);
  }

  /** How the process is ended at the end of a month, to be started again; undefined: it goes on. */
  restart(): 'SIGTERM' | 'SIGKILL' | undefined {
    if (this.#chance === undefined || this.#chance() < 0.5) return undefined;
    this.#restarts += 1;
    return this.#chance() < 0.5 ? 'SIGTERM' : 'SIGKILL';
  }

  /**
   * True for a warning, or an all-clear, while something is wrong or lately was. Two troubles may outlast what has caused them,
   * and their all-clears are explained by when they began: that a drill did not arrive is over when the next one does, a quarter
   * later; and the thread of the bot lives by the real clock, by which a month of the daemon's is a few seconds.
   */
  explain({ id, at }: Arrival): boolean {
    if (!id.startsWith('warning/')) return false;
    const [, began] = id.match(/^warning\/(?:drill-[^/]+|gateway)\/([^/]+)\/all-clear$/) ?? [];
    const instant = began === undefined ? at : Date.parse(began);
    return this.#all.some(({ from, to }) => instant >= from && instant <= to + SPOKEN_OF * DAY_MS);
  }

  /**
   * True for a drill that met a service that was down: it is not sent again. And for a reminder that waited for one until it
   * was no news any more.
   */
  excuse(key: string): boolean {
    const [, drill, alert] = key.match(/ drill\/(.*)$| [\w-]+\/([^/]+)\/alert\/reminder$/) ?? [];
    if (drill !== undefined) return this.#isDown(Date.parse(`${drill}T17:00:00Z`), 0);
    return alert !== undefined && this.#isDown(Date.parse(`${alert}T21:00:00Z`), 4 * DAY_MS);
  }

  /** True where a service was down from an instant on, or shortly before, within so many milliseconds. */
  #isDown(instant: number, within: number): boolean {
    return this.#all.some(
      ({ kind, from, to }) => kind.endsWith('is down') && from <= instant + within && instant <= to + DAY_MS,
    );
  }

  counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { kind } of this.#all) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    if (this.#restarts > 0) counts.set('the process ends and starts again', this.#restarts);
    return counts;
  }
}

/** Tells the whole index on another scale. */
export function restate(chart: ChartAnswer, factor: number): void {
  const [quote] = chart.indicators.quote;
  for (const column of ['open', 'high', 'low', 'close'] as const)
    quote[column] = quote[column].map((value) => value && value * factor);
  chart.meta.regularMarketPrice *= factor;
}

function isOn({ from, to }: Mishap, now: number): boolean {
  return now >= from && now < to;
}
