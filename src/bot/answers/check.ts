import type { App } from '../../app/app.ts';
import { labelsById } from '../../app/labels.ts';
import { publicName } from '../../channel/names.ts';
import { resultsByKind } from '../../channel/results-by-kind.ts';
import { publicText } from '../../channel/without-addresses.ts';
import { check } from '../../check/check.ts';
import type { Report } from '../../check/report.ts';
import { reportLines } from '../../console/report.ts';
import { capital, plural } from '../../message/format.ts';
import type { Desk } from '../desk.ts';
import { type Answer, answer, type Question, requireManager } from './answer.ts';

/** How often anybody may ask for what reads the source, in milliseconds. */
const CHECK_EVERY = 60_000;
/** How many problems of a check are named. */
const PROBLEMS_SHOWN = 5;

/** Reads the closes and looks for an event, now. */
export async function runCheck(app: App, question: Question, desk: Desk): Promise<Answer> {
  requireManager(question);
  desk.begin('check', CHECK_EVERY, 'See what that one found.');
  const report = await check(app, { offline: false, command: `check, asked by ${question.by}` });
  if ('skipped' in report) {
    return answer(app, { name: 'check', title: 'Not checked now', lead: `${capital(report.skipped)}.` });
  }
  return answer(app, {
    name: 'check',
    title: report.problems.length === 0 ? 'Checked' : 'Checked, with problems',
    lead: report.fired.length === 0 ? 'No new event.' : `New: ${report.fired.join(', ')}.`,
    sections: [{ heading: 'What it saw', paragraphs: whatItSaw(app, report), table: null }],
  });
}

/** The report for somebody on Discord: channels by kind, without addresses, and not sixty lines of them. */
function whatItSaw(app: Pick<App, 'settings' | 'source' | 'channels' | 'now'>, report: Report): string[] {
  const all = app.channels.map(({ id }) => id);
  const messages = [...Map.groupBy(report.deliveries, ({ message }) => message)];
  const deliveries = messages.flatMap(([message, same]) =>
    resultsByKind(same, all).map((line) => `Delivery – ${message} to ${line}`),
  );
  const problems = report.problems.slice(0, PROBLEMS_SHOWN).map((problem) => publicText(problem, all));
  const more = report.problems.length - problems.length;
  const paused = report.paused.map((pause) => ({ ...pause, channel: publicName(pause.channel, all) }));
  const lines = reportLines({ ...report, deliveries: [], paused, problems }, labelsById(app));
  return [
    ...lines.filter((line) => line !== '').map((line) => line.replace(/ {2,}/g, ' – ')),
    ...(more > 0 ? [`and ${plural(more, 'more problem')}`] : []),
    ...deliveries,
  ];
}
