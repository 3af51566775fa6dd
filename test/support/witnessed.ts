import { type CboeStandIn, startCboe } from './cboe-server.ts';
import { type Story, startStory } from './story.ts';
import { useStandIn } from './temporary.ts';

export interface Witnessed extends Story {
  readonly cboe: CboeStandIn;
}

/** The story of September 2025 with a witness that has the same closes. */
export async function startWitnessed(environment: Readonly<Record<string, string>> = {}): Promise<Witnessed> {
  const cboe = await useStandIn(startCboe());
  const story = await startStory({ WITNESS: 'cboe', WITNESS_URL: cboe.url, ...environment });
  for (const [name, symbol] of [
    ['_RUT', '^RUT'],
    ['_SPX', '^GSPC'],
  ] as const) {
    cboe.closes.set(name, [...(story.yahoo.closes.get(symbol) ?? [])]);
  }
  story.prepare = ({ now }) => {
    cboe.now = now();
  };
  return Object.assign(story, { cboe });
}
