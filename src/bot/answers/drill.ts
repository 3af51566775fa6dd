import type { App } from '../../app/app.ts';
import { resultsByKind } from '../../channel/results-by-kind.ts';
import { drill } from '../../jobs/drill.ts';
import { capital } from '../../message/format.ts';
import type { Desk } from '../desk.ts';
import { type Answer, answer, type Question, requireManager } from './answer.ts';

/** How often anybody may ask for what goes to every channel, in milliseconds. */
const DRILL_EVERY = 600_000;

/** Sends a test message through every channel, and says where it arrived. */
export async function runDrill(app: App, question: Question, desk: Desk): Promise<Answer> {
  requireManager(question);
  desk.begin('drill', DRILL_EVERY, 'A drill goes to everybody.');
  const result = await drill(app, `drill, asked by ${question.by}`);
  if ('skipped' in result) {
    return answer(app, { name: 'drill', title: 'No drill now', lead: `${capital(result.skipped)}.` });
  }
  const lines = resultsByKind(
    result.deliveries,
    app.channels.map(({ id }) => id),
  );
  const well = lines.length > 0 && result.deliveries.every(({ state }) => state === 'sent');
  return answer(app, {
    name: 'drill',
    title: well ? 'The drill arrived everywhere' : 'The drill did not arrive everywhere',
    lead: lines.join('\n') || 'Every channel is paused: nothing was sent.',
  });
}
