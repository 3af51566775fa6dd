/** How the work of one channel ended: its server had no time for it, gave no answer at all, or anything else. */
export type TurnEnd = 'busy' | 'no answer' | 'done';

/** How long to leave a server alone after each round in a row that had no time for anybody; then the run has tried enough. */
const PAUSES = [5000, 5000];
/** One that served somebody is there, and counts: limits are by the minute. Together they are a little over one. */
const PAUSES_OF_ONE_THAT_SERVES = [5000, 20_000, 40_000];
/** However often it serves a few and has enough again, a run waits no longer altogether: the next one goes on. */
const LONGEST_ALTOGETHER = 10 * 60_000;

/** After so many that were served one more works at once, as long as nobody was turned away. */
const ONE_MORE_AFTER = 25;

export interface Turns {
  /** How many work at once at first; afterwards, when one was turned away, one. */
  readonly atOnce: number;
  /** How many work at once at most, where there are many and the server serves them all. */
  readonly atMost: number;
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
  { atOnce, atMost, sleep, stopping }: Turns,
): Promise<string[]> {
  const hadTurn = new Set<string>();
  let waiting = [...channels];
  let inVain = 0;
  let serves = false;
  let waited = 0;
  for (let round = 1; ; round++) {
    const queue = waiting;
    const turnedAway: string[] = [];
    let [served, hindered] = [0, false];
    const workers: Promise<void>[] = [];
    const worker = async () => {
      for (let channel = queue.shift(); channel !== undefined; channel = queue.shift()) {
        hadTurn.add(channel);
        const end = await work(channel);
        if (end !== 'done') {
          hindered = true;
          if (end === 'busy') turnedAway.push(channel);
          return;
        }
        served += 1;
        const more = round === 1 && !hindered && workers.length < atMost && served % ONE_MORE_AFTER === 0;
        if (more) workers.push(worker());
      }
    };
    for (let nth = 0; nth < (round === 1 ? atOnce : 1); nth++) workers.push(worker());
    // More may come while these are waited for.
    for (const one of workers) await one;
    const worked = served > 0;
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
