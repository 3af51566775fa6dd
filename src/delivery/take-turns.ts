/** How the work of one channel ended: its server had no time for it, gave no answer at all, or anything else. */
export type TurnEnd = 'busy' | 'no answer' | 'done';

/** How long to leave a server alone after each round in a row that had no time for anybody; then the run has tried enough. */
const PAUSES = [5000, 5000];
/** One that served somebody is there, and counts: limits are by the minute. Together they are a little over one. */
const PAUSES_OF_ONE_THAT_SERVES = [5000, 20_000, 40_000];
/** However often it serves a few and has enough again, a run waits no longer altogether: the next one goes on. */
const LONGEST_ALTOGETHER = 10 * 60_000;

export interface Turns {
  /** How many work at once at first; afterwards, when one was turned away, one. */
  readonly atOnce: number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly stopping?: AbortSignal;
}

/**
 * Lets channels that share a server take turns at it. One that was turned away comes again after the others, and whoever
 * was turned away makes room: a server that serves one at a time then serves all in a row. Ends when all had their turn,
 * or when some rounds in a row brought nothing: a server that is away is not waited for by sixty, one by one.
 * @param work does the work of one channel; never rejects
 * @returns the channels that had no turn at all
 */
export async function takeTurns(
  channels: readonly string[],
  work: (channel: string) => Promise<TurnEnd>,
  { atOnce, sleep, stopping }: Turns,
): Promise<string[]> {
  const hadTurn = new Set<string>();
  let waiting = [...channels];
  let inVain = 0;
  let serves = false;
  let waited = 0;
  for (let round = 1; ; round++) {
    const queue = waiting;
    const turnedAway: string[] = [];
    let worked = false;
    const worker = async () => {
      for (let channel = queue.shift(); channel !== undefined; channel = queue.shift()) {
        hadTurn.add(channel);
        const end = await work(channel);
        if (end === 'done') {
          worked = true;
          continue;
        }
        if (end === 'busy') turnedAway.push(channel);
        return;
      }
    };
    await Promise.all(Array.from({ length: round === 1 ? atOnce : 1 }, worker));
    serves ||= worked;
    inVain = worked ? 0 : inVain + 1;
    waiting = [...queue, ...turnedAway];
    if (waiting.length === 0 || stopping?.aborted) break;
    if (worked) continue;
    const pause = (serves ? PAUSES_OF_ONE_THAT_SERVES : PAUSES)[inVain - 1];
    if (pause === undefined || waited + pause > LONGEST_ALTOGETHER) break;
    await sleep(pause);
    waited += pause;
    if (stopping?.aborted) break;
  }
  return channels.filter((channel) => !hadTurn.has(channel));
}
