import { addMonths } from '../market/session.ts';
import type { Aftermath } from '../study/aftermath.ts';
import type { HorizonStatistics } from '../study/study.ts';
import { aboutDividends, eventId, rule, type SignalLabels } from './alert.ts';
import { followUpLine } from './event-line.ts';
import { headline, hitRate, NONE_YET, NOT_KNOWN, odds } from './evidence.ts';
import { change, date, horizon, instant, ordinal, plural, points, share } from './format.ts';
import { doubtIn } from './gist.ts';
import type { Highlight, Message, Section, Table } from './message.ts';

/** The id of the follow-up of an event after some calendar months: `<signal>/<session>/follow-up-3`. */
export function followUpId(event: string, months: number): string {
  return `${event}/follow-up-${months}`;
}

/**
 * What the benchmark has done since an event, against the earlier events.
 * @param first id of the first message about the event
 */
export function followUpMessage(labels: SignalLabels, aftermath: Aftermath, first: string): Message {
  const { signal, benchmarkName, createdAt, sourceNote, origin } = labels;
  const { event, months, study, exit } = aftermath;
  return {
    id: followUpId(eventId(signal.id, event.session), months),
    kind: 'follow-up',
    signal: signal.id,
    session: event.session,
    createdAt,
    title: `After ${later(months)}: ${benchmarkName} ${change(aftermath.return)} since the ${signal.title} record of ${date(event.session)}`,
    lead: whatFollowed(labels, aftermath),
    followed: againstEarlier(aftermath),
    doubt: doubt(aftermath),
    highlights: highlights(aftermath),
    notes: sourceNote === undefined ? [] : [sourceNote],
    sections: [
      {
        heading: `The ${benchmarkName} since, and after earlier occasions`,
        paragraphs: [howToRead(labels, aftermath)],
        table: comparison(labels, aftermath),
      },
      howFarToTrust(labels, aftermath),
    ],
    figures: {},
    benchmarkTo: exit.session,
    line: followUpLine(labels, aftermath),
    refersTo: first,
    footer: [
      rule(signal),
      `Data: closes of ${signal.benchmark} from ${origin}, ${date(study.span.from)} to ${date(exit.session)}, read on ${instant(Date.parse(createdAt))}.`,
    ],
  };
}

function whatFollowed(
  { benchmarkName }: SignalLabels,
  { event, months, exit, return: sinceThen, drawdown }: Aftermath,
): string {
  return (
    `The ${benchmarkName} closed at ${points(exit.close)} on ${date(exit.session)}, ${change(sinceThen)} in the ` +
    `${later(months).replace(/^(a|1) /, '')} since the record close of ${date(event.session)} (from ${points(event.benchmarkClose ?? 0)}). ` +
    `Maximum drawdown: ${change(drawdown)}.`
  );
}

function againstEarlier({ months, earlier }: Aftermath): string {
  const { n, up, median, baseRate } = statisticsAt(earlier, months);
  if (n === 0 || median === null) return 'There is no earlier occasion to compare it with.';
  return `After ${n === 1 ? 'the one earlier occasion' : `the ${plural(n, 'earlier occasion')}`} it was ${months === 12 ? 'higher' : 'higher at this point'} in ${up} of ${n} (any day: ${anyDay(baseRate)}), median ${change(median)}.`;
}

/** How far to trust one more occasion; once its year is over, with the count that includes it. */
function doubt({ event, study }: Aftermath): string {
  if (typeof event.outcomes[12] !== 'number') return 'One occasion proves nothing, and its year is not over.';
  const { n, up, baseRate } = headline(study);
  return `With this one ${up} of ${n} (any day: ${anyDay(baseRate)}). ${doubtIn(headline(study))}`;
}

function highlights({ months, earlier, return: sinceThen }: Aftermath): Highlight[] {
  const { n, up, baseRate } = statisticsAt(earlier, months);
  return [
    { value: change(sinceThen), label: 'this time' },
    ...(n === 0 ? [] : [{ value: `${up} of ${n}`, label: 'higher after earlier occasions' }]),
    ...(baseRate === null ? [] : [{ value: share(baseRate), label: 'any day' }]),
  ];
}

function anyDay(baseRate: number | null): string {
  return baseRate === null ? 'not known' : share(baseRate);
}

function howToRead({ signal }: SignalLabels, { event, months, earlier, rank }: Aftermath): string {
  const { n } = statisticsAt(earlier, months);
  const next = signal.horizons.toSorted((a, b) => a - b).find((months) => typeof event.outcomes[months] !== 'number');
  const due = next === undefined ? '' : ` Next: ${horizon(next)}, on ${date(addMonths(event.session, next))}.`;
  const beside =
    n === 0
      ? 'This time and any day.'
      : `This time, ${n === 1 ? 'the one earlier occasion' : `the ${plural(n, 'earlier occasion')}`} and any day. It ranks ${ordinal(rank)} of ${n + 1}, the best first.`;
  return `${beside}${due}`;
}

/** Every horizon: this event beside the earlier ones and any day. */
function comparison({ signal }: SignalLabels, { event, earlier }: Aftermath): Table {
  return {
    columns: [
      { title: 'After', align: 'left', essential: true },
      { title: 'This time', align: 'right', essential: true },
      { title: 'Median', align: 'right', essential: true },
      { title: 'Higher', align: 'right', essential: true },
      { title: 'Worst', align: 'right', essential: false },
      { title: 'Best', align: 'right', essential: false },
      { title: 'Any day', align: 'right', essential: false },
    ],
    rows: signal.horizons.map((months) => {
      const { n, up, median, min, max, baseRate } = statisticsAt(earlier, months);
      const sinceThen = event.outcomes[months];
      return [
        horizon(months),
        typeof sinceThen === 'number' ? change(sinceThen) : 'pending',
        median === null ? NOT_KNOWN : change(median),
        n === 0 ? NONE_YET : `${up} of ${n}`,
        min === null ? NOT_KNOWN : change(min),
        max === null ? NOT_KNOWN : change(max),
        baseRate === null ? NOT_KNOWN : share(baseRate, 1),
      ];
    }),
  };
}

function howFarToTrust(labels: SignalLabels, { event, study }: Aftermath): Section {
  const { benchmarkName } = labels;
  const paragraphs =
    typeof event.outcomes[12] === 'number'
      ? [
          `The year is over, and the study now includes this occasion: ${hitRate(benchmarkName, headline(study))}.`,
          odds(headline(study)),
        ]
      : ['One occasion proves nothing, and its year is not over: the study counts only outcomes that are reached.'];
  return {
    heading: 'How far to trust it',
    paragraphs: [...paragraphs, aboutDividends(labels)],
    table: null,
  };
}

function statisticsAt(earlier: Aftermath['earlier'], months: number): HorizonStatistics {
  const statistics = earlier[months];
  if (statistics === undefined) throw new TypeError(`the aftermath has no horizon of ${months} months`);
  return statistics;
}

function later(months: number): string {
  return months === 12 ? 'a year' : horizon(months);
}
