import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { App } from '../../src/app/app.ts';
import { labelsById } from '../../src/app/labels.ts';
import { check } from '../../src/check/check.ts';
import { reportLines } from '../../src/console/report.ts';
import { explainDatabaseError } from '../../src/store/sqlite/explain.ts';
import { BOT, type DiscordFault, type DiscordRequest } from '../support/discord-stand-in.ts';
import { type PostingServices, startPostingServices } from '../support/posting-services.ts';
import { EVENT, openStory, SEP_17, SEP_18, SEP_19, SEP_22, type Story } from '../support/story.ts';
import {
  channelOf,
  copiesOf,
  isPosting,
  type Person,
  type PostingService,
  peopleIn,
  type Staged,
  wrongOf,
} from './people.ts';

/** Undoes a fault. */
export type Mend = () => void | Promise<void>;

/** How a fault is undone, and what is cleared away when all is over. */
export type Struck = Mend | { readonly mend: Mend; readonly end: Mend };

/** Something that goes wrong on the evening of 18 September 2025, and what must come of it. */
export interface Fault {
  readonly service: 'Yahoo' | 'Second source' | 'Discord' | 'SMTP' | 'Machine' | 'Settings' | PostingService;
  readonly what: string;
  /** Makes it happen, after the evening before. */
  readonly strike: (story: Story, posting: PostingServices) => Struck | Promise<Struck>;
  /** The runs; by default the evening of the event, later that evening, the next morning and two more evenings. */
  readonly runs?: readonly string[];
  /** It is mended before this run; by default the next morning. */
  readonly mended?: number;
  /** How long a service may take for one answer, in milliseconds, where the fault is that it takes longer. */
  readonly timeout?: number;
  readonly expect: Expectation;
}

export interface Expectation {
  /** What the run on the evening says; null: nothing beside its report. */
  readonly printed: RegExp | null;
  /** The exit code of that run. */
  readonly code: 0 | 1 | 2;
  /** What is stored of the close after it. */
  readonly stored: string;
  /** Which run brings the alert, where it is not the first. */
  readonly arrives?: Partial<Record<Person, number>>;
  /** How many copies come, where it is not one. Those after the first must say that they may be a repeat. */
  readonly copies?: Partial<Record<Person, number>>;
  /** Whose only copy says that it may be a repeat, because nobody could know. */
  readonly marked?: readonly Person[];
  /** How often what fails is tried in the first and in the second run: requests of one symbol, or attempts of a delivery. */
  readonly tries?: readonly [number, number];
  /** Who may get a second copy or not, or the only one later and marked, by what was under way when it happened. */
  readonly perhaps?: readonly Person[];
  /** What stays open in the end, where something does. */
  readonly left?: RegExp;
}

/** What did come of it. */
export interface Observation {
  readonly printed: string | null;
  readonly code: number;
  readonly stored: string;
  readonly arrives: Readonly<Record<Person, number>>;
  readonly copies: Readonly<Record<Person, number>>;
  readonly marked: readonly Person[];
  readonly tries: readonly [number, number];
  /** Second copies that do not say what they are, second mails of another Message-ID, and messages that nobody should have. */
  readonly wrong: readonly string[];
  /** What the last run left open or had to say; empty when all is well. */
  readonly left: readonly string[];
}

/** What is stored of the record close on an evening when it was read. */
export const BELIEVED = '2467.7 provisional';

/** The alert comes to all in the same run. */
export const everybody = (run: number): Partial<Record<Person, number>> => ({
  webhook: run,
  bot: run,
  ann: run,
  bob: run,
});

const RUNS = [SEP_18, '2025-09-18T21:30:00Z', '2025-09-19T12:30:00Z', SEP_19, SEP_22];
const MENDED = 2;

let before: Promise<Buffer> | undefined;

/** The database after the run on the evening before, when everything worked: made once, as it is the same for all. */
function eveningBefore(): Promise<Buffer> {
  const rehearse = async () => {
    const { story, close } = await openStory(BOT);
    try {
      await run(story, SEP_17);
      return readFileSync(story.settings.databasePath);
    } finally {
      await close();
    }
  };
  before ??= rehearse();
  return before;
}

/** Plays a fault from the evening before until everything works again. */
export async function play(fault: Fault): Promise<Observation> {
  const posting = await startPostingServices();
  const environment = isPosting(fault.service) ? { ...BOT, ...posting.environment } : BOT;
  const { story, close } = await openStory(environment, fault.timeout);
  const stage: Staged = {
    get discord() {
      return story.discord;
    },
    get smtp() {
      return story.smtp;
    },
    posting,
  };
  const people = peopleIn(fault);
  let end: Mend = () => {};
  try {
    writeFileSync(story.settings.databasePath, await eveningBefore());
    const struck = await fault.strike(story, posting);
    let mend: Mend | undefined = typeof struck === 'function' ? struck : struck.mend;
    if (typeof struck === 'object') end = struck.end;
    const runs = fault.runs ?? RUNS;
    const arrives: Partial<Record<Person, number>> = {};
    const tries: number[] = [];
    let first: Printed | undefined;
    let stored = '';
    let last: Printed = { code: 0, lines: [] };
    for (const [index, instant] of runs.entries()) {
      if (index === (fault.mended ?? MENDED)) {
        await mend?.();
        mend = undefined;
      }
      const before = await triesOf(story, fault);
      last = await run(story, instant);
      tries.push((await triesOf(story, fault)) - before);
      for (const person of people) if (copiesOf(stage, person).length > 0) arrives[person] ??= index;
      if (index === 0) {
        first = last;
        stored = await storedOf(story);
      }
    }
    const copies = people.map((person) => [person, copiesOf(stage, person)] as const);
    return {
      printed: first?.lines.find((line) => fault.expect.printed?.test(line)) ?? first?.lines[0] ?? null,
      code: first?.code ?? 0,
      stored,
      arrives: Object.fromEntries(people.map((person) => [person, arrives[person] ?? -1])) as Record<Person, number>,
      copies: Object.fromEntries(copies.map(([person, all]) => [person, all.length])) as Record<Person, number>,
      marked: copies.flatMap(([person, all]) => (all[0]?.marked ? [person] : [])),
      tries: [tries[0] ?? 0, tries[1] ?? 0],
      wrong: wrongOf(stage, people),
      left: last.lines,
    };
  } finally {
    await close();
    await posting.close();
    await end();
  }
}

/** What was observed, with what depends on what was under way as it must be. */
export function certain(seen: Observation, fault: Fault): Observation {
  const must = expected(fault);
  const [copies, arrives] = [{ ...seen.copies }, { ...seen.arrives }];
  const late = (fault.expect.perhaps ?? []).filter(
    (person) => seen.marked.includes(person) && seen.copies[person] === 1,
  );
  for (const person of fault.expect.perhaps ?? []) if (copies[person] === 2) copies[person] = must.copies[person];
  for (const person of late) arrives[person] = must.arrives[person];
  return { ...seen, copies, arrives, marked: seen.marked.filter((person) => !late.includes(person)) };
}

/** What must be observed. */
export function expected(fault: Fault): Omit<Observation, 'printed' | 'tries' | 'left'> {
  const { expect } = fault;
  const each = <T>(value: T, other: Partial<Record<Person, T>> = {}) =>
    Object.fromEntries(peopleIn(fault).map((person) => [person, other[person] ?? value])) as Record<Person, T>;
  return {
    code: expect.code,
    stored: expect.stored,
    arrives: each(0, expect.arrives),
    copies: each(1, expect.copies),
    marked: expect.marked ?? [],
    wrong: [],
  };
}

interface Printed {
  readonly code: number;
  /** What tells of something that is not well. */
  readonly lines: readonly string[];
}

/** One check, and what `npm run check` would print of it beside where things stand. */
async function run(story: Story, instant: string): Promise<Printed> {
  try {
    return await story.at(instant, async (app: App) => {
      const report = await check(app, { offline: false, command: 'check' });
      if ('skipped' in report) return { code: 0, lines: [`Skipped: ${report.skipped}.`] };
      const lines = [...app.settings.remarks, ...reportLines(report, labelsById(app))];
      return {
        code: report.problems.length === 0 ? 0 : 1,
        lines: lines.filter((line) => /^(Problem|Held|Missing|Delivery(?!.*: sent))|chmod/.test(line)),
      };
    });
  } catch (error) {
    const { name, message } = error as Error;
    const line = name === 'SqliteError' ? explainDatabaseError(error as Error, story.settings.databasePath) : message;
    return { code: name === 'SettingsError' || name === 'OtherSourceError' ? 2 : 1, lines: [line] };
  }
}

async function triesOf(story: Story, { service, expect }: Fault): Promise<number> {
  if (service === 'Yahoo') return story.yahoo.requests.filter(({ symbol }) => symbol === '^RUT').length;
  const [hit = 'webhook'] = [...Object.keys(expect.arrives ?? {}), ...Object.keys(expect.copies ?? {})];
  const channel = channelOf(hit);
  try {
    // To look would make a new one, a day too early.
    if (!existsSync(story.settings.databasePath)) return 0;
    return await story.at(SEP_17, async ({ ledger }) => {
      const deliveries = await ledger.deliveriesOf([`${EVENT}/alert`]);
      return deliveries.find((delivery) => delivery.channel === channel)?.attempts ?? 0;
    });
  } catch {
    return 0;
  }
}

/** What is known of the record close: its value and its state. */
async function storedOf(story: Story): Promise<string> {
  try {
    return await story.at(SEP_18, async ({ closes }) => {
      const row = closes.known('^RUT', '2025-09-18').find(({ session }) => session === '2025-09-18');
      if (row === undefined) return 'nothing';
      return row.close === null ? `${row.held?.close} held` : `${row.close} ${row.state}`;
    });
  } catch {
    return 'cannot be read';
  }
}

/** Discord answers like this on the way of one of its two channels, or of both, so many times. */
export function discordFault(
  answer: DiscordFault,
  who: 'webhook' | 'bot' | 'both' = 'both',
  times = Number.POSITIVE_INFINITY,
): Fault['strike'] {
  return ({ discord }) => {
    let left = times;
    discord.fault = ({ path }: DiscordRequest) => {
      const by = path.startsWith('/api/v10/channels/') ? 'bot' : 'webhook';
      if ((who !== 'both' && who !== by) || left <= 0) return undefined;
      left -= 1;
      return answer;
    };
    return () => {
      discord.fault = undefined;
    };
  };
}
