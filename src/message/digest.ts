import type { Session } from '../market/close.ts';
import { newYorkDate } from '../market/new-york.ts';
import { byNearness } from '../signal/first-record.ts';
import { rule, type SignalLabels } from './alert.ts';
import { commandLine } from './command-line.ts';
import { channelsSection } from './digest-channels.ts';
import type { DigestFacts, SignalFacts } from './digest-facts.ts';
import { inShort, leadOf, whereItStands } from './digest-standing.ts';
import { capital, count, date, instant, list, longDate, plural, points } from './format.ts';
import type { Message, Section } from './message.ts';
import { seenText } from './seen.ts';

/** The id of the digest about a session. */
export function digestId(session: Session): string {
  return `digest/${session}`;
}

/** The regular message that says well or not well, and where things stand. Its title and first sentence are enough in most weeks. */
export function digestMessage(facts: DigestFacts, allLabels: readonly SignalLabels[], createdAt: string): Message {
  const [labels] = allLabels;
  const shown = { ...facts, signals: worthReading(facts.signals) };
  const left = facts.signals.length - shown.signals.length;
  const ids = new Set(shown.signals.map(({ signal }) => signal));
  const others = left === 0 ? [] : [`${plural(left, 'more signal')} further from an event: ${commandLine('status')}.`];
  return {
    id: digestId(facts.session),
    kind: 'digest',
    signal: null,
    session: facts.session,
    createdAt,
    title: facts.ok ? `All is well: ${standing(shown, allLabels, left)}` : `Needs attention: ${attention(facts)}`,
    lead: [
      facts.ok ? 'All is well.' : `Needs attention: ${attention(facts)}.`,
      ...shown.signals.slice(0, IN_LEAD).map(leadOf(allLabels)),
      ...(shown.signals.length > IN_LEAD
        ? [`${plural(shown.signals.length - IN_LEAD, 'more signal')} in the table below.`]
        : []),
      ...others,
    ].join(' '),
    notes: [...facts.troubles, ...(labels?.sourceNote === undefined ? [] : [labels.sourceNote])],
    sections: [...whereItStands(shown, allLabels), ...alertsAndFollowUps(facts), data(facts), channelsSection(facts)],
    figures: {},
    benchmarkTo: null,
    refersTo: null,
    footer: [
      ...allLabels.filter(({ signal }) => ids.size === 0 || ids.has(signal.id)).map(({ signal }) => rule(signal)),
      ...(labels === undefined ? [] : [`Data: closes from ${labels.origin}.`]),
      'schedule.json sets how often this digest comes.',
    ],
  };
}

/** The most signals that are listed, and the most that the first words name. */
const SHOWN = 10;
const IN_LEAD = 3;

/** All signals; of a long list those nearest to an event: armed ones first, by their distance to the record. */
function worthReading(signals: readonly SignalFacts[]): readonly SignalFacts[] {
  if (signals.length <= SHOWN) return signals;
  return signals.toSorted((a, b) => byNearness(a.state, b.state)).slice(0, SHOWN);
}

/** The nearest signal in a few words, and how many others there are. */
function standing({ signals, session }: DigestFacts, allLabels: readonly SignalLabels[], left: number): string {
  const [facts] = signals;
  if (facts === undefined) return `no closes yet, ${date(session)}`;
  const others = signals.length - 1 + left;
  const more = others > 0 ? ` and ${plural(others, 'other signal')}` : '';
  return `${inShort(facts, allLabels)}${more}`;
}

/** The worst reason, and how many others there are. */
function attention({ reasons: [worst, ...others], session }: DigestFacts): string {
  if (worst === undefined) return `see the notes, ${date(session)}`;
  const [first = worst] = worst.split(/(?<=[.?]) /);
  const sentence = first.replace(/\.$/, '');
  return others.length === 0 ? sentence : `${sentence}, and ${plural(others.length, 'other problem')}`;
}

/** The alerts of the week with who has seen them, and when each event is followed up. One section: Discord has room for four. */
function alertsAndFollowUps({ alerts, followUps }: DigestFacts): Section[] {
  if (alerts.length + followUps.length === 0) return [];
  const more = alerts.length - SHOWN;
  const told = alerts.slice(-SHOWN).map(({ title, at, seen }) => {
    const when = date(newYorkDate(Date.parse(at)));
    return `${when}, ${title}. ${seenText(seen) ?? 'Not marked as seen yet'}.`;
  });
  const due = [...Map.groupBy(followUps, ({ session, months, due }) => `${session} ${months} ${due}`).values()].flatMap(
    ([first, ...others]) => {
      if (first === undefined) return [];
      const { session, months, due } = first;
      const whose = others.length === 0 ? 'The event' : `The ${count(others.length + 1)} events`;
      return `${whose} of ${date(session)}: the next follow-up, after ${plural(months, 'month')}, is due on ${date(due)} or the session after.`;
    },
  );
  const heading = alerts.length === 0 ? 'Follow-ups' : 'Alerts and follow-ups';
  const earlier = more > 0 ? [`${plural(more, 'more alert')} this week.`] : [];
  return [{ heading, paragraphs: [...told, ...earlier, ...due], table: null }];
}

function data(facts: DigestFacts): Section {
  const { held, missing, revised, watching, nextRun } = facts;
  const heldText = held.map(
    ({ symbol, session, close, reason }) => `${symbol} ${points(close)} of ${date(session)} (${reason})`,
  );
  const revisedText = revised.map(
    ({ symbol, session, from, to }) => `${symbol} of ${date(session)}, ${points(from.close)} to ${points(to.close)}`,
  );
  const lines = [
    ['Held, not believed yet', list(heldText)],
    ['Missing', missingText(missing)],
    ['Revised in the last 7 days', list(revisedText)],
  ] as const;
  return {
    heading: 'Data',
    paragraphs: [
      `${capital(ageOfData(facts))}.`,
      ...lines.flatMap(([what, text]) => (text === '' ? [] : [`${what}: ${text}.`])),
      ...(watching ? [`Next check: ${instant(Date.parse(nextRun))}.`] : []),
    ],
    table: null,
  };
}

function missingText(missing: DigestFacts['missing']): string {
  const symbols = [...new Set(missing.map(({ symbol }) => symbol))];
  return symbols
    .map((symbol) => {
      const sessions = missing.filter((gap) => gap.symbol === symbol).map(({ session }) => session);
      const [first = ''] = sessions;
      return sessions.length === 1
        ? `${symbol} of ${date(first)}`
        : `${symbol}, ${plural(sessions.length, 'session')} from ${date(first)} to ${date(sessions.at(-1) ?? first)}`;
    })
    .join('; ');
}

function ageOfData({ signals, evaluatedAt }: DigestFacts): string {
  const newest = signals
    .map(({ state }) => state.session)
    .sort()
    .at(-1);
  if (newest === undefined || evaluatedAt === null) return 'no close has been checked yet';
  return `the newest close is from ${longDate(newest)}; last checked on ${instant(Date.parse(evaluatedAt))}`;
}
