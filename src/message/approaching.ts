import type { RecordState } from '../signal/first-record.ts';
import { type Approach, type Approaches, SOON_SESSIONS } from '../study/approaches.ts';
import { rule, type SignalLabels } from './alert.ts';
import { change, count, date, instant, plural, points, share } from './format.ts';
import type { Message, Section } from './message.ts';

/** How the id of every such note begins. */
const APPROACHING = 'approaching';

/**
 * The ids of all notes about one wait begin so: there is one for each distance, and never a second.
 * @param record the session of the record that is waited past
 */
export function approachingPrefix(signal: string, record: string): string {
  return `${APPROACHING}/${signal}/${record}/`;
}

/** @param distance as a fraction: 0.02 */
export function approachingId(signal: string, record: string, distance: number): string {
  return `${approachingPrefix(signal, record)}${percent(distance)}`;
}

/** What a note is made from. */
export interface ApproachFacts {
  readonly state: RecordState;
  readonly distance: number;
  readonly approaches: Approaches;
}

/** The note that an armed index has come near its record: no signal, and said so in every part that people see. */
export function approachingMessage(labels: SignalLabels, { state, distance, approaches }: ApproachFacts): Message {
  const { signal, indexName, benchmarkName, createdAt, sourceNote, origin } = labels;
  const { record, session, toRecord } = state;
  const near = `${percent(distance)}%`;
  const armed =
    approaches.armedSessions === null
      ? 'It is armed'
      : `It has been armed for ${plural(approaches.armedSessions, 'session')}`;
  return {
    id: approachingId(signal.id, record.session, distance),
    kind: 'approaching',
    signal: signal.id,
    session,
    createdAt,
    title: `No alert yet: ${signal.title} within ${near} of its record`,
    lead:
      `The ${indexName} closed at ${points(state.close)} on ${date(session)}, within ${near} of its record of ` +
      `${points(record.close)} from ${date(record.session)} (${change(toRecord, 2)} away). ${armed}: a close above the ` +
      'record would ring the bell.',
    followed: followed(approaches, near),
    doubt: `This is no signal: being near makes a record likelier, and says nothing about the ${benchmarkName}.`,
    notes: sourceNote === undefined ? [] : [sourceNote],
    sections: earlier(approaches, near),
    figures: {},
    benchmarkTo: null,
    refersTo: null,
    footer: [
      'This note comes once for each record and each distance in signals.json ("approaching").',
      rule(signal),
      `Data: closes of ${signal.index} from ${origin}, read on ${instant(Date.parse(createdAt))}.`,
    ],
  };
}

/** What came of earlier approaches, with the rate of any armed day. */
function followed({ earlier: { n, soon }, anyDay }: Approaches, near: string): string {
  if (n === 0) return `It has never come within ${near} while armed before: there is nothing to compare it with.`;
  const rate = anyDay.n === 0 ? 'not known' : share(anyDay.soon / anyDay.n);
  const times = n === 1 ? 'The one earlier time' : `The ${plural(n, 'earlier time')}`;
  return `${times} it came within ${near} while armed, the record followed within ${SOON_SESSIONS} sessions in ${soon} of ${n} (any armed day: ${rate}).`;
}

function earlier({ all, anyDay }: Approaches, near: string): Section[] {
  const ended = all.filter(({ event }) => event !== null);
  if (ended.length === 0) return [];
  return [
    {
      heading: 'Earlier times it came this near',
      paragraphs: [
        'Counted in sessions from the first close within the distance to the record close that rang the bell. Every wait ' +
          `ends with one sooner or later, which says nothing about when. "Any armed day" counts ${count(anyDay.n)} days, ` +
          'most of them in a few long waits.',
      ],
      table: {
        columns: [
          { title: `First within ${near}`, align: 'left', essential: true },
          { title: 'Record of', align: 'left', essential: false },
          { title: 'Bell rang', align: 'left', essential: true },
          { title: 'Sessions later', align: 'right', essential: true },
        ],
        rows: ended.toReversed().map(rowOf),
      },
    },
  ];
}

function rowOf({ session, record, event, sessions }: Approach): string[] {
  return [date(session), date(record.session), event === null ? '' : date(event), count(sessions ?? 0)];
}

/** 0.02 as "2", 0.015 as "1.5": never more digits than it has. */
function percent(distance: number): string {
  return String(Number((distance * 100).toFixed(4)));
}
