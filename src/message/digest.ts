import type { Session } from '../market/close.ts';
import { byNearness } from '../signal/first-record.ts';
import { rule, type SignalLabels } from './alert.ts';
import { channelsSection } from './digest-channels.ts';
import type { DigestFacts, SignalFacts } from './digest-facts.ts';
import { leadOf, whereItStands } from './digest-standing.ts';
import { capital, change, date, instant, list, longDate, plural, points } from './format.ts';
import type { Message, Section } from './message.ts';

/** The id of the digest about a session. */
export function digestId(session: Session): string {
  return `digest/${session}`;
}

/**
 * The regular word that all is well, or not, and where things stand.
 * @param allLabels how the messages of each signal name things, in the order of the facts
 */
export function digestMessage(facts: DigestFacts, allLabels: readonly SignalLabels[], createdAt: string): Message {
  const [labels] = allLabels;
  const shown = { ...facts, signals: worthReading(facts.signals) };
  const left = facts.signals.length - shown.signals.length;
  const ids = new Set(shown.signals.map(({ signal }) => signal));
  const others = left === 0 ? [] : [`${plural(left, 'more signal')} further from an event: npm run status.`];
  return {
    id: digestId(facts.session),
    kind: 'digest',
    signal: null,
    session: facts.session,
    createdAt,
    title: `${facts.ok ? 'All is well' : 'Not well'}: ${titleOf(shown, allLabels, left)}`,
    lead: [
      facts.ok ? 'All is well.' : 'Not all is well: see the notes.',
      ...shown.signals.slice(0, IN_LEAD).map(leadOf(allLabels)),
      ...(shown.signals.length > IN_LEAD
        ? [`${plural(shown.signals.length - IN_LEAD, 'more signal')} in the table below.`]
        : []),
      ...others,
    ].join(' '),
    notes: [...facts.troubles, ...(labels?.sourceNote === undefined ? [] : [labels.sourceNote])],
    sections: [whereItStands(shown, allLabels), followUps(facts), data(facts), channelsSection(facts)],
    figures: {},
    benchmarkTo: null,
    refersTo: null,
    footer: [
      ...allLabels.filter(({ signal }) => ids.size === 0 || ids.has(signal.id)).map(({ signal }) => rule(signal)),
      ...(labels === undefined ? [] : [`Data: closes from ${labels.origin}.`]),
      'How often this comes is set in schedule.json.',
    ],
  };
}

/** So many signals are told of one by one, and so many of them in the first words. */
const SHOWN = 10;
const IN_LEAD = 3;

/** All signals, or of a long list those that are nearest to an event: armed ones first, by their way to the record. */
function worthReading(signals: readonly SignalFacts[]): readonly SignalFacts[] {
  if (signals.length <= SHOWN) return signals;
  return signals.toSorted((a, b) => byNearness(a.state, b.state)).slice(0, SHOWN);
}

function titleOf({ signals, session }: DigestFacts, allLabels: readonly SignalLabels[], left: number): string {
  const [facts] = signals;
  const labels = allLabels.find(({ signal }) => signal.id === facts?.signal);
  if (facts === undefined || labels === undefined) return `no closes yet, ${date(session)}`;
  const { state, toRecord } = facts.state;
  const where = toRecord === 0 ? 'at its record' : `${change(toRecord, 2)} to the record`;
  const others = signals.length - 1 + left;
  const more = others > 0 ? ` and ${plural(others, 'other signal')}` : '';
  return `${labels.signal.title} ${state}, ${where}${more}`;
}

function followUps({ followUps: open }: DigestFacts): Section {
  return {
    heading: 'Follow-ups',
    paragraphs:
      open.length === 0
        ? ['None is open.']
        : open.map(
            ({ session, months, due }) =>
              `The event of ${date(session)}: what followed after ${plural(months, 'month')} is told on ${date(due)} or the session after.`,
          ),
    table: null,
  };
}

function data(facts: DigestFacts): Section {
  const { held, missing, revised, watching, nextRun } = facts;
  const heldText = held.map(
    ({ symbol, session, close, reason }) => `${symbol} ${points(close)} of ${date(session)} (${reason})`,
  );
  const revisedText = revised.map(
    ({ symbol, session, from, to }) => `${symbol} of ${date(session)}, ${points(from.close)} to ${points(to.close)}`,
  );
  return {
    heading: 'Data',
    paragraphs: [
      `${capital(ageOfData(facts))}.`,
      `Held: ${list(heldText) || 'none'}. Missing: ${missingText(missing) || 'none'}. Revised in the last 7 days: ${list(revisedText) || 'none'}.`,
      watching ? `Next look: ${instant(Date.parse(nextRun))}.` : 'No daemon is watching: start it with npm run daemon.',
    ],
    table: null,
  };
}

function missingText(missing: DigestFacts['missing']): string {
  const symbols = [...new Set(missing.map(({ symbol }) => symbol))];
  return list(
    symbols.map((symbol) => {
      const sessions = missing.filter((gap) => gap.symbol === symbol).map(({ session }) => session);
      const [first = ''] = sessions;
      return sessions.length === 1
        ? `${symbol} of ${date(first)}`
        : `${symbol}, ${plural(sessions.length, 'session')} from ${date(first)} to ${date(sessions.at(-1) ?? first)}`;
    }),
  );
}

function ageOfData({ signals, evaluatedAt }: DigestFacts): string {
  const newest = signals
    .map(({ state }) => state.session)
    .sort()
    .at(-1);
  if (newest === undefined || evaluatedAt === null) return 'nothing was evaluated yet';
  return `the newest close is of ${longDate(newest)}, evaluated on ${instant(Date.parse(evaluatedAt))}`;
}
