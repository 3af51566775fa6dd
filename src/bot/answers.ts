import { preview } from '../analysis/preview.ts';
import { studySignal, studyStored } from '../analysis/study-signal.ts';
import type { App } from '../app/app.ts';
import { chartFacts } from '../app/chart-facts.ts';
import { labelsById, labelsOf } from '../app/labels.ts';
import { drawPicture, drawPictures } from '../app/pictures.ts';
import { signalCloses } from '../app/signal-closes.ts';
import { fingerprintOf } from '../channel/channel.ts';
import { outcomesByKind, publicText } from '../channel/names.ts';
import { publicName } from '../channel/without-addresses.ts';
import { check } from '../check/check.ts';
import type { Report } from '../check/report.ts';
import { reportLines } from '../console/report.ts';
import { digest } from '../jobs/digest.ts';
import { drill } from '../jobs/drill.ts';
import { isDate } from '../market/session.ts';
import { rule } from '../message/alert.ts';
import { comparedWithAnyDay, headline, hitRate, trust, whatFollowed } from '../message/evidence.ts';
import { capital, date, firstOf, longDate, plural, points } from '../message/format.ts';
import type { Message, Picture, Section } from '../message/message.ts';
import { recordDistance } from '../message/record-distance.ts';
import type { ButtonAction } from '../render/discord-buttons.ts';
import { signalNamed } from '../settings/signal-named.ts';
import { detect, type RecordState } from '../signal/first-record.ts';
import type { Signal } from '../signal/signal.ts';
import { historyOf } from '../study/signal-closes.ts';
import { study } from '../study/study.ts';
import type { Desk } from './desk.ts';
import { QuestionError } from './question-error.ts';

/** What somebody asked on Discord. */
export interface Question {
  readonly command: string;
  /** The options as texts. */
  readonly options: Readonly<Record<string, string>>;
  /** Who asks: a name and an id, for the ledger. */
  readonly by: string;
  /** True for who may manage the server. */
  readonly manager: boolean;
}

export interface Answer {
  readonly message: Message;
  readonly pictures: readonly Picture[];
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/** How often anybody may ask for what reads the source, and for what goes to every channel, in milliseconds. */
const CHECK_EVERY = 60_000;
const DRILL_EVERY = 600_000;
/** So much of what a person typed is said back. */
const SAID_BACK = 50;
/** So many problems of a check are named. */
const PROBLEMS_SHOWN = 5;

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
export function answerTo(app: App, question: Question, desk: Desk): Promise<Answer> {
  const { command } = question;
  const answer = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  if (answer === undefined) throw new QuestionError(`I do not know /${said(command)}; I know ${commandNames()}.`);
  return answer(app, question, desk);
}

/**
 * Answers a button under a message.
 * @throws {QuestionError} where the message is not in the ledger any more
 */
export async function answerToButton(app: App, action: ButtonAction, messageId: string): Promise<Answer> {
  if (action === 'now') return status(app);
  const message = await app.ledger.message(messageId);
  if (message === undefined) throw new QuestionError(`The message ${said(messageId)} is not in my ledger any more.`);
  if (action === 'charts') {
    const pictures = await drawPictures(app, message);
    if (pictures === undefined || pictures.length === 0)
      throw new QuestionError('There are no charts for this message.');
    return { ...plain(app, 'charts', message.title, 'As it stood then.'), pictures };
  }
  const signal = signalOf(app, message.signal === null ? {} : { signal: message.signal });
  const full = studyStored(app, signal);
  if (full === undefined) throw new QuestionError('There are no closes yet.');
  const { studyLines } = await import('../console/study.ts');
  const lines = studyLines(full, labelsById(app)(signal.id));
  const { benchmarkName } = labelsOf(app, signal);
  return {
    ...plain(
      app,
      'evidence',
      `${signal.title}: the evidence as it stands today`,
      `${capital(hitRate(benchmarkName, headline(full)))}. All figures are in the file.`,
      [{ heading: 'How far to trust it', paragraphs: [trust(headline(full))], table: null }],
    ),
    files: [{ name: 'evidence.txt', text: `${lines.join('\n')}\n` }],
  };
}

async function status(app: App): Promise<Answer> {
  const { posting } = await digest(app);
  return { message: { ...posting.message, id: 'answer/status' }, pictures: [], files: [] };
}

async function history(app: App, { options }: Question): Promise<Answer> {
  const signal = signalOf(app, options);
  const { study: found } = await studySignal(app, signal);
  if (found === undefined) throw new QuestionError(`There are no closes of ${signal.index} yet.`);
  const { benchmarkName } = labelsOf(app, signal);
  // The four horizons of an alert: more do not fit a phone.
  const horizons = Object.fromEntries(signal.horizons.map((months) => [String(months), found.horizons[months]]));
  const shown = { ...found, horizons: horizons as typeof found.horizons };
  return plain(
    app,
    'history',
    `${signal.title}: ${plural(found.events.length, 'occasion')} since ${found.span.from.slice(0, 4)}`,
    `${capital(hitRate(benchmarkName, headline(found)))}.`,
    [
      whatFollowed(shown, benchmarkName),
      comparedWithAnyDay(shown, benchmarkName),
      { heading: 'How far to trust it', paragraphs: [trust(headline(found))], table: null },
    ],
    [rule(signal)],
  );
}

async function chart(
  app: Pick<App, 'settings' | 'closes' | 'source' | 'now'>,
  { options }: Question,
  desk: Desk,
): Promise<Answer> {
  const { which = '' } = options;
  if (which !== 'record' && which !== 'outcomes') {
    throw new QuestionError(`which is '${said(which)}'; allowed: record, outcomes.`);
  }
  const signal = signalOf(app, options);
  const charts = chartFacts(app.settings, signal, signalCloses(app, signal));
  if (charts === undefined) throw new QuestionError(`There are no closes of ${signal.index} yet.`);
  // The same facts make the same picture: whatever is asked meanwhile, it is never an old one.
  const mark = fingerprintOf(which, JSON.stringify(charts[which]));
  const picture = await desk.remember(mark, () => drawPicture(which, charts));
  return { ...plain(app, `chart-${which}`, signal.title, picture.alt), pictures: [picture] };
}

async function asof(app: Pick<App, 'settings' | 'closes' | 'source' | 'now'>, { options }: Question): Promise<Answer> {
  const { date: day = '' } = options;
  if (!isDate(day)) throw new QuestionError(`'${said(day)}' is not a date; allowed: YYYY-MM-DD, as in 2025-09-18.`);
  const signal = signalOf(app, options);
  const closes = signalCloses(app, signal, day);
  const history = historyOf(signal, closes);
  const { state, events } = detect(history, signal.quietYears);
  if (state === undefined) throw new QuestionError(`There is no close of ${signal.index} up to ${date(day)}.`);
  const newest = app.closes.accepted(signal.index).at(-1)?.session ?? '';
  if (day > newest) throw new QuestionError(`There is no close of ${date(day)} yet; the newest is of ${date(newest)}.`);
  if (events.at(-1)?.session === state.session) {
    const told = preview(app, signal, state.session);
    if (told !== undefined) return { message: told.message, pictures: [], files: [] };
  }
  const { indexName, benchmarkName } = labelsOf(app, signal);
  const then = study(signal, history, closes.benchmark);
  return plain(
    app,
    `asof/${day}`,
    `${signal.title} on ${date(state.session)}: no event`,
    `It would have said nothing. ${stood(indexName, state)}`,
    then === undefined ? [] : [comparedWithAnyDay(then, benchmarkName)],
    [rule(signal)],
  );
}

/** Where the index stood, as sentences. */
function stood(indexName: string, where: RecordState): string {
  const { session, close, record, state, toRecord } = where;
  const distance =
    toRecord === 0 ? 'That was its record' : `Its record of ${points(record.close)} was ${recordDistance(where)}`;
  return `The ${indexName} closed at ${points(close)} on ${longDate(session)}. ${distance}: ${state}.`;
}

async function runCheck(app: App, question: Question, desk: Desk): Promise<Answer> {
  requireManager(question);
  desk.begin('check', CHECK_EVERY, 'See what that one found.');
  const report = await check(app, { offline: false, command: `check, asked by ${question.by}` });
  if ('skipped' in report) return plain(app, 'check', 'Not checked now', `${capital(report.skipped)}.`);
  const fired = report.fired.length === 0 ? 'It fired nothing.' : `It fired ${report.fired.join(', ')}.`;
  return plain(app, 'check', report.problems.length === 0 ? 'Checked' : 'Checked, with problems', fired, [
    { heading: 'What it saw', paragraphs: whatItSaw(app, report), table: null },
  ]);
}

/** The report for who asks on Discord: channels by kind, as neither addresses nor sixty lines are for everybody. */
function whatItSaw(app: Pick<App, 'settings' | 'source' | 'channels' | 'now'>, report: Report): string[] {
  const all = app.channels.map(({ id }) => id);
  const messages = [...Map.groupBy(report.deliveries, ({ message }) => message)];
  const deliveries = messages.flatMap(([message, same]) =>
    outcomesByKind(same, all).map((line) => `Delivery – ${message} to ${line}`),
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

async function runDrill(app: App, question: Question, desk: Desk): Promise<Answer> {
  requireManager(question);
  desk.begin('drill', DRILL_EVERY, 'A drill goes to everybody.');
  const result = await drill(app, `drill, asked by ${question.by}`);
  if ('skipped' in result) return plain(app, 'drill', 'No drill now', `${capital(result.skipped)}.`);
  const lines = outcomesByKind(
    result.deliveries,
    app.channels.map(({ id }) => id),
  );
  const well = lines.length > 0 && result.deliveries.every(({ state }) => state === 'sent');
  return plain(
    app,
    'drill',
    well ? 'The drill arrived everywhere' : 'The drill did not arrive everywhere',
    lines.join('\n') || 'Every channel is paused: nothing was sent.',
  );
}

/** Discord asks for the permission before; who has changed that in its settings is asked here once more. */
function requireManager({ command, manager }: Question): void {
  if (!manager) throw new QuestionError(`/${command} is for who may manage this server.`);
}

function signalOf({ settings }: Pick<App, 'settings'>, { signal: id }: Readonly<Record<string, string>>): Signal {
  const { signals } = settings;
  const signal = signalNamed(signals, id);
  if (signal !== undefined) return signal;
  throw new QuestionError(
    `signal is '${said(`${id}`)}'; allowed: ${firstOf(signals.map((candidate) => candidate.id))}.`,
  );
}

/** What a person typed, short enough to be said back. */
function said(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length > SAID_BACK ? `${line.slice(0, SAID_BACK)}…` : line;
}

function commandNames(): string {
  return Object.keys(COMMANDS)
    .map((name) => `/${name}`)
    .join(', ');
}

/** An answer in the form of a message, which every channel can render. */
function plain(
  { now, source }: Pick<App, 'source' | 'now'>,
  name: string,
  title: string,
  lead: string,
  sections: readonly Section[] = [],
  footer: readonly string[] = [],
): Answer {
  const message: Message = {
    id: `answer/${name}`,
    kind: 'digest',
    signal: null,
    session: null,
    createdAt: new Date(now()).toISOString(),
    title,
    lead,
    notes: source.note === undefined ? [] : [source.note],
    sections,
    figures: {},
    benchmarkTo: null,
    refersTo: null,
    footer,
  };
  return { message, pictures: [], files: [] };
}
