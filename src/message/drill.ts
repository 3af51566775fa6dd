import type { EventStudy } from '../study/event-study.ts';
import { evidence, footer, type SignalLabels, whatHappened } from './alert.ts';
import { date } from './format.ts';
import type { Message } from './message.ts';

/**
 * A test message, labelled as one in every part that people see, that travels the path of a real alert.
 * @param example the newest event, to show what an alert looks like; undefined while no closes are stored
 */
export function drillMessage(labels: SignalLabels, example: EventStudy | undefined): Message {
  const label = 'This is a drill. Nothing happened: it proves that an alert would arrive here.';
  return {
    id: `drill/${labels.createdAt}`,
    kind: 'drill',
    signal: labels.signal.id,
    session: null,
    createdAt: labels.createdAt,
    title: `Drill, not an alert: ${labels.signal.title}`,
    lead: example
      ? `${label} The last event, of ${date(example.event.session)}, serves as the example: ${whatHappened(labels, example)}`
      : label,
    notes: labels.sourceNote === undefined ? [] : [labels.sourceNote],
    sections: example ? evidence(labels, example) : [],
    figures: {},
    benchmarkTo: null,
    refersTo: null,
    footer: example ? footer(labels, example) : [],
  };
}
