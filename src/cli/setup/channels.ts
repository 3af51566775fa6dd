import type { Runtime } from '../../app/runtime.ts';
import { type Answers, type Asks, type Question, variableOf } from '../../channel/asks.ts';
import type { Channel } from '../../channel/channel.ts';
import { createChannels } from '../../channel/channels.ts';
import { FIELDS, KIND } from '../../channel/set-up.ts';
import { channelFindings } from '../../health/channel-findings.ts';
import type { Finding } from '../../health/finding.ts';
import { kindOf } from '../../message/channel-kind.ts';
import type { EnvChanges } from '../../settings/env-text.ts';
import type { Settings } from '../../settings/settings.ts';
import { type Attempt, attempt, isWell } from './attempt.ts';
import type { Prompter } from './prompter.ts';
import { type Stage, tellHeld } from './stage.ts';

/** A kind of channels that can be asked for. */
export interface AskedKind {
  readonly kind: string;
  readonly asks: Asks;
}

/** Every kind that can be asked for. */
export async function askedKinds(): Promise<AskedKind[]> {
  const kinds = await Promise.all(FIELDS.map(async (field) => ({ ...KIND[field], asks: await KIND[field].asks?.() })));
  return kinds.flatMap(({ kind, asks }) => (asks === undefined ? [] : [{ kind, asks }]));
}

/** The variables that a kind asks for. */
export function variablesOf({ asks }: AskedKind): string[] {
  return [...new Set(asks.questions.map(variableOf))];
}

/** Asks where alerts go, and sets each of these channels up. */
export async function setUpChannels(stage: Stage): Promise<void> {
  const { prompter, draft } = stage;
  const kinds = await askedKinds();
  const isFree = (kind: AskedKind) => neededBy(kind).every((name) => !draft.isHeld(name));
  const isSet = (kind: AskedKind) => neededBy(kind).some(draft.isSet);
  const held = kinds.filter((kind) => !isFree(kind));
  const fixed = held.filter(isSet);
  tellHeld(stage, held.filter((kind) => !isSet(kind)).flatMap(neededBy));
  for (;;) {
    const chosen = await chooseKinds(stage, kinds.filter(isFree), isSet);
    const asked = new Set<string>();
    let count = 0;
    for (const kind of kinds.filter((one) => fixed.includes(one) || chosen.includes(one.kind))) {
      if (await setUpKind(stage, kind, asked)) count++;
    }
    if (count > 0 || draft.present('OUTBOX_DIR') !== '') return;
    const folder = draft.settings().outboxDir ?? 'a folder';
    prompter.tell(
      'note',
      `No channel is set up: messages are only written to files in ${folder}, and nobody is notified.`,
    );
    if (await prompter.confirm({ text: 'Continue without a channel for now?', offer: true })) return;
  }
}

async function chooseKinds(
  { prompter, draft }: Stage,
  kinds: readonly AskedKind[],
  isSet: (kind: AskedKind) => boolean,
): Promise<string[]> {
  if (kinds.length === 0) return [];
  const { channels } = draft.settings().schedule.digest;
  const digest = (kind: string) =>
    channels.some((name) => kindOf(name) === kind) ? '; gets the weekly digest too' : '';
  prompter.explain('Where alerts go', [
    ...kinds.map(({ kind, asks: { title, hint } }) => `${title}: ${hint}${digest(kind)}.`),
    'Two are better than one: if one fails, the other says so. With none, messages are only written to files.',
  ]);
  return prompter.chooseSome({
    text: 'Which ones? Space selects, Enter continues.',
    options: kinds.map(({ kind, asks: { title } }) => ({ value: kind, label: title })),
    offer: kinds.filter(isSet).map(({ kind }) => kind),
  });
}

/** @param asked the questions that another kind asked already @returns false where it is not set up */
async function setUpKind(stage: Stage, kind: AskedKind, asked: Set<string>): Promise<boolean> {
  const { prompter, draft, runtime } = stage;
  const { asks } = kind;
  const open = asks.questions.filter((question) => !draft.isHeld(variableOf(question)));
  const before = Object.fromEntries(variablesOf(kind).map((name) => [name, draft.present(name)]));
  if (open.length > 0) prompter.explain(asks.title, asks.guide);
  tellHeld(stage, variablesOf(kind));
  // What is set elsewhere cannot be taken out here, and half of it would be no setting.
  const canLeave = !neededBy(kind).some(draft.isHeld);
  const one: Attempt = {
    what: asks.name,
    canLeave,
    try: (settings) => tryKind(settings, kind, runtime),
    after: (settings, values) => offerDrill(stage, kind, settings, isChanged(values, before)),
  };
  const questions = open.filter(({ name }) => !asked.has(name));
  const values = await attempt(
    stage,
    questions.length === 0 ? one : { ...one, ask: (present) => ask(prompter, asks, { questions, canLeave }, present) },
    before,
  );
  if (values === undefined) return false;
  for (const { name } of open.filter(({ optional }) => optional)) asked.add(name);
  draft.answer(values);
  return true;
}

/** What is asked of a kind, and whether it may be left out. */
interface Open {
  readonly questions: readonly Question[];
  readonly canLeave: boolean;
}

/** @returns the variables; undefined: it is not wanted */
async function ask(
  prompter: Prompter,
  { split, join }: Asks,
  { questions, canLeave }: Open,
  before: EnvChanges,
): Promise<EnvChanges | undefined> {
  const answers: Record<string, string> = { ...(split?.(before) ?? before) };
  for (const question of questions) {
    if (question.isAsked?.(answers) === false) continue;
    const answer = await askOne(prompter, question, answers);
    if (answer === '' && question === questions[0] && canLeave) return undefined;
    answers[question.name] = answer;
  }
  return join?.(answers, before) ?? answers;
}

async function askOne(prompter: Prompter, { name, text, secret, offer }: Question, answers: Answers): Promise<string> {
  const present = answers[name] ?? '';
  if (secret) return (await prompter.secret({ text, isSet: present !== '' })) || present;
  // A list may stand on several lines.
  const shown = present.replace(/[,;]?\s*[\r\n]+\s*/g, ', ') || (offer?.(answers) ?? '');
  const answer = await prompter.text({ text, offer: shown });
  return answer === shown && present !== '' ? present : answer;
}

/** As the doctor does it. */
async function tryKind(settings: Settings, kind: AskedKind, { now }: Pick<Runtime, 'now'>): Promise<Finding[]> {
  const channels = (await createChannels(settings, undefined, now)).filter(isOf(kind));
  return channelFindings(settings, channels);
}

/** @returns false where it did not arrive */
async function offerDrill(
  { prompter, rehearsal }: Stage,
  kind: AskedKind,
  settings: Settings,
  isNew: boolean,
): Promise<boolean> {
  const text = 'Send a drill now? It is a labelled test message that looks like an alert.';
  if (!(await prompter.confirm({ text, offer: isNew }))) return true;
  return isWell(prompter, settings, `Sending a drill to ${kind.asks.name}`, () =>
    rehearsal.drill(settings, isOf(kind)),
  );
}

function isOf({ kind }: AskedKind): (channel: Pick<Channel, 'id'>) => boolean {
  return ({ id }) => kindOf(id) === kind;
}

function isChanged(values: EnvChanges, before: EnvChanges): boolean {
  return Object.entries(values).some(([name, value]) => value !== before[name]);
}

/** The variables that a kind cannot do without. */
export function neededBy({ asks }: AskedKind): string[] {
  return [...new Set(asks.questions.filter(({ optional }) => optional !== true).map(variableOf))];
}
