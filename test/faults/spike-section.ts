import type { Shown } from '../attack/tables.ts';
import { NO_MARKET_DATA } from '../support/examples.ts';
import { table } from './sections.ts';
import { createSpikes, type Truth, truthOf } from './spikes.ts';

const SYMBOLS = ['RU2000PR', '^RUT', '^GSPC'];

/** 1.01 to 10 and 0.1 to 0.99: in hundredths where a close may be believed, in wider steps beyond. */
const FACTORS = [
  ...[2, 3, 5, 10, 0.1, 0.2, 0.3, 0.4],
  ...[0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 1.25, 1.3, 1.35, 1.4, 1.45, 1.5],
  ...Array.from({ length: 41 }, (_, nth) => (80 + nth) / 100).filter((factor) => factor !== 1),
];

/** The first wrong close against the close before it, as fractions: from, to. */
const BANDS = [
  ['over +45%', 0.45, Number.POSITIVE_INFINITY],
  ['+15% to +45%', 0.15, 0.45],
  ['0 to +15%', 0, 0.15],
  ['−15% to 0', -0.15, 0],
  ['−45% to −15%', -0.45, -0.15],
  ['under −45%', -1, -0.45],
] as const;

interface Count {
  tried: number;
  invented: number;
  lost: number;
  late: number;
  lockedOut: number;
}

/**
 * Multiplies every close by every factor, on one day and on two, and counts what is told that is not true.
 * @param say shows how far it is
 */
export async function spikeSection(say: (line: string) => void): Promise<Shown | undefined> {
  const truths = SYMBOLS.flatMap((symbol) => truthOf(symbol) ?? []);
  if (truths.length < SYMBOLS.length) {
    say(`  left out: ${NO_MARKET_DATA}`);
    return undefined;
  }
  const counts = new Map<string, Count>();
  for (const truth of truths) {
    search(truth, counts);
    say(`  ${truth.symbol} is done`);
  }
  const closes = truths.reduce((sum, truth) => sum + truth.closes.length, 0);
  const events = truths.reduce((sum, truth) => sum + truth.events.size, 0);
  return { lines: linesOf(counts, closes, events), wrong: wrongOf(counts) };
}

function search(truth: Truth, counts: Map<string, Count>): void {
  const { closes } = truth;
  const spike = createSpikes(truth);
  for (const days of [1, 2]) {
    for (let at = 1; at < closes.length - days; at++) {
      const move = (closes[at]?.close ?? 0) / (closes[at - 1]?.close ?? 0);
      for (const factor of FACTORS) {
        const { invented, lost, isLate, lockedOut } = spike(at, days, factor);
        const count = countOf(counts, days, move * factor - 1);
        count.tried++;
        if (isLate) count.late++;
        else {
          if (invented.length > 0) count.invented++;
          if (lost.length > 0) count.lost++;
        }
        if (lockedOut) count.lockedOut++;
      }
    }
  }
}

function countOf(counts: Map<string, Count>, days: number, move: number): Count {
  const band = BANDS.find(([, from, to]) => move > from && move <= to)?.[0] ?? 'under −45%';
  const key = `${days} ${band}`;
  const count = counts.get(key) ?? { tried: 0, invented: 0, lost: 0, late: 0, lockedOut: 0 };
  counts.set(key, count);
  return count;
}

/** What no rule may let through: one wrong close that later ones contradict, and true closes that stay out. */
function wrongOf(counts: ReadonlyMap<string, Count>): string[] {
  return [...counts].flatMap(([key, { lockedOut }]) =>
    lockedOut > 0 ? [`${key}: ${lockedOut} times the true closes after it were not believed any more`] : [],
  );
}

function linesOf(counts: ReadonlyMap<string, Count>, closes: number, events: number): string[] {
  const figure = (value: number) => value.toLocaleString('en-US');
  const rows = [1, 2].flatMap((days) =>
    BANDS.flatMap(([band]) => {
      const count = counts.get(`${days} ${band}`);
      if (count === undefined) return [];
      const { tried, invented, lost, late, lockedOut } = count;
      const [long, share] = [days === 1 ? 'one day' : 'two days', `${((100 * invented) / tried).toFixed(2)}%`];
      return [[band, long, figure(tried), figure(invented), share, figure(lost), figure(late), figure(lockedOut)]];
    }),
  );
  return [
    `Each of ${figure(closes)} real closes (${SYMBOLS.join(', ')}; ${events} events) is multiplied by each of ${FACTORS.length} factors from 0.1 to 10, on one day and`,
    'on two, and lived evening by evening as `MARKET_SOURCE=csv` tells it: closes alone, never corrected.',
    '"Told at the next record" is an event whose own close was wrong and not believed, or too low; the next record close is told in its place.',
    '',
    ...table(
      [
        'First wrong close against the one before',
        'Wrong for',
        'Cases',
        'False alert',
        'Share',
        'Event lost',
        'Told at the next record',
        'Later closes shut out',
      ],
      rows,
    ),
    '',
    ...REMAINS,
  ];
}

const REMAINS = [
  'What remains, why, and what sees it:',
  '',
  '- **A wrong close within 15% of the one before** is believed at once, as true days look like it. Above the record it is a false alert,',
  '  and while it stays in the file it hides the next true event. Yahoo tells the low, the high and the last price of the session, and a',
  '  close outside them is held; what Yahoo corrects is retracted after a second reading. The whole history is read again before an alert,',
  '  and a witness (`WITNESS=cboe`) is asked. Nothing sees it in a file that is never corrected.',
  '- **One wrong close beyond 15%** is held, and believed only where the next close lies nearer to it, in logs, than to the last believed',
  '  one: after a true move of half the error, as that of ^RUT on 6 November 2024 (+5.8%) after 1.14 times the day before. All else that',
  '  is left is a record whose own close is the wrong one: it is not known, so an event is told at a lower close. The held value shows in',
  '  every run; a corrected one leads to a retraction and a late alert.',
  '- **Two wrong closes in a row** beyond 15% vouch for each other: no rule that believes 19 October 1987 on the next evening can tell',
  "  them from a true move. A value above the record warns on its first evening, a day before it can be believed. Yahoo's bars that are",
  '  wrong as a whole stay held, and a witness contradicts. The true closes after them are believed again in every case.',
];
