import { between, type Chance, oneOf } from './chance.ts';
import type { Host } from './host.ts';

const HOUR_MS = 3_600_000;

/** What is done to the leader of several hosts. */
export interface Strike {
  readonly strike: (leader: Host, chance: Chance) => void;
  /** Puts right what was done; undefined: that cannot be. */
  readonly mend?: (leader: Host) => Promise<void> | void;
  /** True where another host must lead then. */
  readonly isFollowed: boolean;
  /** What people are rightly warned of. */
  readonly warns?: RegExp;
}

const BY_SIGNAL = {
  'killed (SIGKILL)': { strike: ({ daemon }) => daemon.kill('SIGKILL'), isFollowed: true },
  'stopped, and woken (SIGSTOP, SIGCONT)': {
    strike: ({ daemon }) => daemon.kill('SIGSTOP'),
    mend: ({ daemon }) => daemon.kill('SIGCONT'),
    isFollowed: true,
  },
  'told to stop (SIGTERM)': { strike: ({ daemon }) => daemon.kill('SIGTERM'), isFollowed: true },
} as const satisfies Record<string, Strike>;

const BY_NETWORK = {
  'cut from the database': {
    strike: ({ proxy }) => void proxy.cut(),
    mend: ({ proxy }) => proxy.mend(),
    isFollowed: true,
  },
  'cut from the database, and not told (half-open)': {
    strike: ({ proxy }) => proxy.hang(),
    mend: ({ proxy }) => proxy.mend(),
    isFollowed: true,
  },
  'answers to 1 to 3 commits lost': {
    strike: ({ proxy }, chance) => proxy.loseAnswerToCommit(between(chance, 1, 3)),
    mend: ({ proxy }) => proxy.mend(),
    isFollowed: false,
  },
} as const satisfies Record<string, Strike>;

const CLOCK: Strike = {
  strike: (leader, chance) => leader.setClockWrong(oneOf(chance, [-HOUR_MS, HOUR_MS])),
  mend: (leader) => leader.setClockWrong(0),
  isFollowed: false,
  warns: /^warning\/clock\//,
};

/** With the clock an hour wrong too: it was before, and stays so as long as the other strike lasts. */
function withWrongClock({ strike, mend, isFollowed }: Strike): Strike {
  return {
    strike: (leader, chance) => {
      CLOCK.strike(leader, chance);
      strike(leader, chance);
    },
    mend: async (leader) => {
      await mend?.(leader);
      await CLOCK.mend?.(leader);
    },
    isFollowed,
    ...(CLOCK.warns && { warns: CLOCK.warns }),
  };
}

/** What the leader suffers, with how many of all turns. */
export const HOST_PLAYS = {
  ...turns(4, BY_SIGNAL),
  ...turns(4, BY_NETWORK),
  'clock an hour wrong': { share: 3, strike: CLOCK },
  'clock an hour wrong, and killed': { share: 1, strike: withWrongClock(BY_SIGNAL['killed (SIGKILL)']) },
  'clock an hour wrong, and stopped': {
    share: 1,
    strike: withWrongClock(BY_SIGNAL['stopped, and woken (SIGSTOP, SIGCONT)']),
  },
  'clock an hour wrong, and cut from the database': {
    share: 1,
    strike: withWrongClock(BY_NETWORK['cut from the database']),
  },
} as const satisfies Record<string, { share: number; strike: Strike }>;

export type HostPlay = keyof typeof HOST_PLAYS;

/** All turns, in an order in which every play has its turn soon. */
const PROGRAM = mixed(
  (Object.keys(HOST_PLAYS) as HostPlay[]).flatMap((name) => Array(HOST_PLAYS[name].share).fill(name)),
);

/** The play of a seed. */
export function hostPlayOf(seed: number): HostPlay {
  return PROGRAM[seed % PROGRAM.length] ?? 'killed (SIGKILL)';
}

function turns<T extends Record<string, Strike>>(share: number, strikes: T) {
  return Object.fromEntries(Object.entries(strikes).map(([name, strike]) => [name, { share, strike }])) as Record<
    keyof T,
    { share: number; strike: Strike }
  >;
}

/** A step that has no factor in common with their number comes to each of them. */
function mixed<T>(all: readonly T[]): T[] {
  const factor = (a: number, b: number): number => (b === 0 ? a : factor(b, a % b));
  const step = [11, 13, 17, 19].find((one) => factor(one, all.length) === 1) ?? 1;
  return all.map((_, at) => all[(at * step) % all.length] as T);
}
