import type { App } from '../app/app.ts';
import type { ButtonAction } from '../render/discord-buttons.ts';
import { type Answer, type Question, shortened } from './answers/answer.ts';
import { asof } from './answers/asof.ts';
import { chart, charts } from './answers/chart.ts';
import { runCheck } from './answers/check.ts';
import { runDrill } from './answers/drill.ts';
import { evidence, history } from './answers/history.ts';
import { status } from './answers/status.ts';
import type { Desk } from './desk.ts';
import { QuestionError } from './question-error.ts';

const COMMANDS: Readonly<Record<string, (app: App, question: Question, desk: Desk) => Promise<Answer>>> = {
  status: (app) => status(app),
  history,
  chart,
  asof,
  check: runCheck,
  drill: runDrill,
};

/**
 * Answers a slash command.
 * @throws {QuestionError} for what is not known or not allowed
 */
export async function answerTo(app: App, question: Question, desk: Desk): Promise<Answer> {
  const { command } = question;
  const act = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (act === undefined) throw new QuestionError(`I do not know /${shortened(command)}; I know ${commandNames()}.`);
  await app.closes.refresh();
  return act(app, question, desk);
}

/**
 * Answers a button under a message that shows something.
 * @throws {QuestionError} where the message is not in the ledger any more
 */
export async function answerToButton(
  app: App,
  action: Exclude<ButtonAction, 'seen'>,
  messageId: string,
): Promise<Answer> {
  await app.closes.refresh();
  if (action === 'now') return status(app);
  const message = await app.ledger.message(messageId);
  if (message === undefined) {
    throw new QuestionError(`The message ${shortened(messageId)} is not in my ledger any more.`);
  }
  return action === 'charts' ? charts(app, message) : evidence(app, message);
}

function commandNames(): string {
  return Object.keys(COMMANDS)
    .map((name) => `/${name}`)
    .join(', ');
}
