import { sessionsBetween } from '../../src/market/new-york.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { rootWith } from './root.ts';
import { SEP_17, type Story, startStory } from './story.ts';

/** An evening on which many indices of a watch list close at a record for the first time in over a year. */
export interface Evening extends Story {
  /** The event ids, in the order of the signals. */
  readonly events: readonly string[];
}

const SESSIONS = sessionsBetween('2021-01-04', '2025-10-31');
const FIRST_EVENT = SESSIONS.indexOf('2022-06-01');
const EVENING = '2025-09-18';

/**
 * Closes by hand: a record on the first session, a first event on 2022-06-01, a record some sessions after it, which differs from
 * index to index, and on the evening a record again. No move is one that is held.
 */
function closeOf(day: number, at: number): number {
  if (day === 0) return 100;
  if (day === FIRST_EVENT) return 101;
  if (day === FIRST_EVENT + 1 + (at % 200)) return 102;
  return SESSIONS[day] === EVENING ? 103 + at / 1000 : 98;
}

/**
 * The story of such an evening, checked on the day before.
 * @param count of how many indices
 * @param channels which a signal names, by its place in the list
 * @param schedule fields of schedule.json besides the checks
 */
export async function startEvening(
  count: number,
  {
    environment = {},
    channels = () => undefined,
    schedule = {},
  }: {
    readonly environment?: Record<string, string>;
    readonly channels?: (at: number) => readonly string[] | undefined;
    readonly schedule?: Readonly<Record<string, unknown>>;
  } = {},
): Promise<Evening> {
  const story = await startStory(environment);
  const symbols = Array.from({ length: count }, (_, at) => `SYM${at}`);
  symbols.forEach((symbol, at) => {
    story.yahoo.closes.set(
      symbol,
      SESSIONS.map((session, day) => ({ session, close: closeOf(day, at) })),
    );
  });
  const signals = symbols.map((index, at) => ({
    id: `sym-${at}`,
    title: `Index ${at}`,
    index,
    benchmark: '^GSPC',
    quietYears: 1,
    horizons: [1, 12],
    ...(channels(at) === undefined ? {} : { channels: channels(at) }),
  }));
  const root = rootWith(signals, { '^GSPC': { name: 'S&P 500' } });
  story.load = () => {
    const settings = loadSettings(root, story.environment);
    return { ...settings, schedule: { ...settings.schedule, ...schedule } };
  };
  await story.check(SEP_17);
  return Object.assign(story, { events: signals.map(({ id }) => `${id}/${EVENING}`) });
}
