import type { EventStudy } from '../study/event-study.ts';
import { evidence, footer, forOperator, type SignalLabels, whatHappened } from './alert.ts';
import { headline } from './evidence.ts';
import { date } from './format.ts';
import { gist } from './gist.ts';
import type { Message } from './message.ts';

/**
 * A test message, labelled as one in every part that people see, that travels the path of a real alert.
 * @param example the newest event, to show what an alert looks like; undefined while no closes are stored
 */
export function drillMessage(labels: SignalLabels, example: EventStudy | undefined): Message {
  const label = 'This is a drill: nothing has happened. A real alert would arrive here in the same way.';
  return {
    id: `drill/${labels.createdAt}`,
    kind: 'drill',
    signal: labels.signal.id,
    session: null,
    createdAt: labels.createdAt,
    title: `Drill, not an alert: ${labels.signal.title}`,
    lead: example ? `${label} The example below is the event of ${date(example.event.session)}.` : label,
    ...(example === undefined ? {} : gist(labels.benchmarkName, headline(example.study))),
    notes: labels.sourceNote === undefined ? [] : [labels.sourceNote],
    sections: example
      ? [
          { heading: 'The example', paragraphs: [whatHappened(labels, example)], table: null },
          ...evidence(labels, example),
        ]
      : [],
    ...(example === undefined ? {} : { operator: forOperator(labels, example) }),
    figures: {},
    benchmarkTo: null,
    refersTo: null,
    footer: example ? footer(labels, example) : [],
  };
}
