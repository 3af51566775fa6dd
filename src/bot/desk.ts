import { plural } from '../message/format.ts';
import { QuestionError } from './question-error.ts';

/** How many questions of one kind a person may ask, and within how many milliseconds. */
const BURST = 5;
const BURST_MS = 30_000;
/** How many may wait for their turn at questions of one kind. */
const WAITING = 10;
/** How many pictures are kept. */
const KEPT = 4;

/** Keeps what is asked within bounds: the bot shares its machine, and the source's patience, with the watch. */
export interface Desk {
  /**
   * Lets one person ask, in turn: one answer of a kind is under way at a time.
   * @param kind the command, or what the button does
   * @throws {QuestionError} where the person asks too often, or too many wait
   */
  inTurn<T>(kind: string, person: string, act: () => Promise<T>): Promise<T>;
  /**
   * Begins what everybody shares, at most once in `everyMs` milliseconds.
   * @param note said beside when it may be asked again
   * @throws {QuestionError} where it began too lately
   */
  begin(command: string, everyMs: number, note: string): void;
  /** What was made for the same key lately, or is being made. What fails is made anew. */
  remember<T>(key: string, make: () => Promise<T>): Promise<T>;
}

/** @param now epoch milliseconds */
export function createDesk(now: () => number): Desk {
  /** How long ago something was; a clock that was set back says nothing. */
  const ago = (then: number) => (then > now() ? Number.POSITIVE_INFINITY : now() - then);
  const admit = createAdmission(now, ago);
  const takeTurn = createTurns();
  return {
    inTurn: async (kind, person, act) => {
      admit(kind, person);
      return takeTurn(kind, act);
    },
    begin: createBeginnings(now, ago),
    remember: createMemory(),
  };
}

/** Admits a person until one asks the same too often. */
function createAdmission(now: () => number, ago: (then: number) => number) {
  /** Kind and person → when they asked. */
  const asked = new Map<string, readonly number[]>();
  return (kind: string, person: string): void => {
    for (const [key, times] of asked) if (times.every((then) => ago(then) >= BURST_MS)) asked.delete(key);
    const key = `${kind} ${person}`;
    const lately = (asked.get(key) ?? []).filter((then) => ago(then) < BURST_MS);
    const [first] = lately;
    if (first !== undefined && lately.length >= BURST) {
      const wait = seconds(BURST_MS - ago(first));
      throw new QuestionError(
        `You have asked /${kind} ${BURST} times within ${BURST_MS / 1000} seconds; ask again in ${wait}.`,
      );
    }
    asked.set(key, [...lately, now()]);
  };
}

/** One after the other of a kind, until too many wait. */
function createTurns() {
  const turns = new Map<string, { readonly last: Promise<unknown>; readonly waiting: number }>();
  return <T>(kind: string, act: () => Promise<T>): Promise<T> => {
    const { last, waiting } = turns.get(kind) ?? { last: Promise.resolve(), waiting: 0 };
    if (waiting > WAITING) {
      throw new QuestionError(`Many are asking /${kind} just now; ask again in a few seconds.`);
    }
    const turn = last.then(act);
    const ended = turn.then(
      () => {},
      () => {},
    );
    turns.set(kind, { last: ended, waiting: waiting + 1 });
    void ended.then(() => {
      const state = turns.get(kind);
      if (state !== undefined) turns.set(kind, { ...state, waiting: state.waiting - 1 });
    });
    return turn;
  };
}

function createBeginnings(now: () => number, ago: (then: number) => number): Desk['begin'] {
  const begun = new Map<string, number>();
  return (command, everyMs, note) => {
    const then = begun.get(command);
    if (then !== undefined && ago(then) < everyMs) {
      const lately = everyMs === 60_000 ? 'a minute' : plural(everyMs / 60_000, 'minute');
      throw new QuestionError(
        `/${command} ran less than ${lately} ago, so this one did not. ${note} Ask again in ${seconds(everyMs - ago(then))}.`,
      );
    }
    begun.set(command, now());
  };
}

function createMemory(): Desk['remember'] {
  const kept = new Map<string, Promise<unknown>>();
  return <T>(key: string, make: () => Promise<T>): Promise<T> => {
    const known = kept.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const made = make();
    kept.set(key, made);
    made.catch(() => kept.delete(key));
    for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old);
    return made;
  };
}

function seconds(ms: number): string {
  return ms > 120_000 ? plural(Math.ceil(ms / 60_000), 'minute') : `${Math.max(1, Math.ceil(ms / 1000))} s`;
}
