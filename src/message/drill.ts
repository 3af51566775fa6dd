import type { Occasion } from '../study/occasion.ts';
import { evidence, footer, type Telling, whatHappened } from './alert.ts';
import { date } from './format.ts';
import type { Message } from './message.ts';

/**
 * A test message, labelled as one in every part that people see, that travels the path of a real alert.
 * @param example the newest event, to show what an alert looks like; undefined while no closes are stored
 */
export function drillMessage(telling: Telling, example: Occasion | undefined): Message {
  const label = 'This is a drill. Nothing happened: it proves that an alert would arrive here.';
  return {
    id: `drill/${telling.createdAt}`,
    kind: 'drill',
    signal: telling.signal.id,
    session: null,
    createdAt: telling.createdAt,
    title: `Drill, not an alert: ${telling.signal.title}`,
    lead: example
      ? `${label} The last event, of ${date(example.event.session)}, serves as the example: ${whatHappened(telling, example)}`
      : label,
    notes: telling.sourceNote === undefined ? [] : [telling.sourceNote],
    sections: example ? evidence(telling, example) : [],
    figures: {},
    benchmarkTo: null,
    refersTo: null,
    footer: example ? footer(telling, example) : [],
  };
}
