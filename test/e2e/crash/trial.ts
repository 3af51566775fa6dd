import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { VARIABLES } from '../../../src/settings/environment.ts';
import { BOT } from '../../support/discord-stand-in.ts';
import { openStory, SEP_17, SEP_18, SEP_19, type Story } from '../../support/story.ts';

const ROOT = join(import.meta.dirname, '../../..');
const CLOCK = join(ROOT, 'test/support/clock.js');
const QUICK_PICTURES = join(ROOT, 'test/support/quick-pictures.js');
const LAUNCH = join(ROOT, 'src/launch.js');
const EVENT = 'russell-2000/2025-09-18';
const MINUTE_MS = 60_000;
/** Runs of an hour each after which everything must have arrived. */
const RUNS_TO_THE_END = 6;

/** What the run that is killed has to tell; a first run has read nothing before it. */
export type Scene = 'alert' | 'first run' | 'correction' | 'retraction';

/** When the process is killed. */
export interface Kill {
  readonly scene: Scene;
  /** Counted from this step, as the stand-ins see it, e.g. `discord webhook accepted 1`; `start`: from its start. */
  readonly step: string;
  /** Milliseconds after it. */
  readonly delay: number;
  /** Minutes until the next run: Discord knows a nonce after one, and not any more after sixty. */
  readonly restart: number;
}

/** What a killed run and the runs after it have brought to people, counted. */
export interface Outcome {
  readonly kill: Kill;
  /** False: the run had ended before. */
  readonly killed: boolean;
  /** Messages that a channel should have and has not. */
  readonly lost: string[];
  /** Messages that nobody should have. */
  readonly false: string[];
  /** Second copies, by channel: of one Message-ID for email. */
  readonly doubled: { readonly webhook: string[]; readonly bot: string[]; readonly email: string[] };
  /** Second copies at the webhook that do not say that they may be a repeat. */
  readonly unmarked: string[];
  /** Second mails of one Message-ID, which mail systems drop. */
  readonly sameMail: number;
  /** Messages that the followers of the bot's channel should have and have not, or have twice. */
  readonly unpublished: string[];
}

/** The stories until the evening of a scene, made once: their databases are copied for each trial. */
export class Theatre {
  readonly #databases = new Map<Scene, Promise<Awaited<ReturnType<typeof openStory>>>>();

  /** Plays one scene, kills its run, and runs on until nothing is left to do. */
  async play(kill: Kill): Promise<Outcome> {
    const { story, close } = await this.#open(kill.scene);
    try {
      const killed = await runAndKill(story, kill, evening(kill.scene));
      story.yahoo.watch = story.discord.watch = story.smtp.watch = undefined;
      const restart = Date.parse(evening(kill.scene)) + kill.restart * MINUTE_MS;
      await once(start(story, new Date(restart).toISOString()), 'exit');
      // After the restart, a process of its own, nothing is left that this process could not go on with.
      await toTheEnd(story, restart + 60 * MINUTE_MS, 2, (instant) => story.check(instant).then(() => 0));
      return { kill, killed, ...judge(story, kill.scene) };
    } finally {
      await close();
    }
  }

  /** The steps of a run that nobody kills, in their order. */
  async steps(scene: Scene): Promise<string[]> {
    const { story, close } = await this.#open(scene);
    try {
      const steps: string[] = [];
      watch(story, (step) => void steps.push(step));
      const child = start(story, evening(scene));
      await once(child, 'exit');
      return steps;
    } finally {
      await close();
    }
  }

  async close(): Promise<void> {
    for (const opening of this.#databases.values()) await (await opening).close();
  }

  async #open(scene: Scene) {
    const before = await this.#before(scene);
    const opened = await openFollowed();
    if (scene !== 'first run') copyFileSync(before.story.settings.databasePath, opened.story.settings.databasePath);
    carryOver(before.story, opened.story);
    setScene(opened.story, scene);
    return opened;
  }

  #before(scene: Scene) {
    const known = this.#databases.get(scene);
    if (known !== undefined) return known;
    const opening = rehearse(scene);
    this.#databases.set(scene, opening);
    return opening;
  }
}

/** The bot's channel is one for announcements: what is posted there is published too. */
async function openFollowed() {
  const opened = await openStory(BOT);
  opened.story.discord.channel = { type: 5 };
  return opened;
}

async function rehearse(scene: Scene) {
  const opened = await openFollowed();
  const { story } = opened;
  if (scene !== 'first run') await story.check(SEP_17);
  if (scene === 'correction' || scene === 'retraction') await story.check(SEP_18);
  if (scene === 'correction' || scene === 'retraction') {
    // The second reading decides.
    setScene(story, scene);
    await story.check(SEP_19);
  }
  return opened;
}

/** What the services had got before. */
function carryOver(from: Story, to: Story): void {
  to.discord.crossposts.push(...from.discord.crossposts);
  to.discord.messages.push(...from.discord.messages);
  to.smtp.messages.push(...from.smtp.messages);
}

function setScene(story: Story, scene: Scene): void {
  if (scene === 'correction') story.setClose('^RUT', '2025-09-18', 2460);
  if (scene !== 'retraction') return;
  story.setClose('^RUT', '2025-09-18', 2440);
  // The record close of the next evening would be the event instead.
  story.setClose('^RUT', '2025-09-19', 2435);
}

function evening(scene: Scene): string {
  return scene === 'correction' || scene === 'retraction' ? '2025-09-19T22:45:00Z' : SEP_18;
}

function expected(scene: Scene): string[] {
  const told = scene === 'correction' || scene === 'retraction' ? [`${EVENT}/${scene}`] : [];
  return [`${EVENT}/alert`, ...told];
}

/** Starts a check as a process of its own, by a clock that says `instant`. */
export function start({ environment, yahoo, discord }: Story, instant: string): ChildProcess {
  const now = Date.parse(instant);
  yahoo.now = now;
  discord.now = () => now;
  const blank = Object.fromEntries(VARIABLES.map((name) => [name, '']));
  return spawn(process.execPath, ['--import', CLOCK, '--import', QUICK_PICTURES, LAUNCH, 'check'], {
    env: { PATH: process.env.PATH, ...blank, ...environment, BELL_NOW: instant },
    cwd: '/',
    stdio: 'ignore',
  });
}

/** Tells each step that the stand-ins see, counted: `discord webhook accepted 1`. */
export function watch({ yahoo, discord, smtp }: Story, told: (step: string) => void): void {
  const counts = new Map<string, number>();
  const count = (step: string) => {
    const n = (counts.get(step) ?? 0) + 1;
    counts.set(step, n);
    told(`${step} ${n}`);
  };
  yahoo.watch = (step) => count(`yahoo ${step}`);
  discord.watch = (step) => count(`discord ${step}`);
  smtp.watch = (step) => count(`smtp ${step}`);
}

/** SIGKILL, from outside: at a step of the stand-ins or so long after it. True when it struck a run that still ran. */
async function runAndKill(story: Story, { step, delay }: Kill, instant: string): Promise<boolean> {
  const child = start(story, instant);
  const exit = once(child, 'exit');
  const strike = async () => {
    // In the same turn of the event loop where there is nothing to wait for.
    if (delay > 0) await setTimeout(delay);
    child.kill('SIGKILL');
  };
  if (step === 'start') void strike();
  else
    watch(story, (seen) => {
      if (seen === step) void strike();
    });
  const [, signal] = await exit;
  return signal === 'SIGKILL';
}

/**
 * A run at an instant, and every hour after it, until one finds nothing left to do. What may have arrived is not repeated
 * before an hour is over, so a run in between that does nothing is not the end.
 * @param atLeast so many runs
 * @param run one run, and its exit code; by default a process of its own
 */
export async function toTheEnd(
  story: Story,
  from: number,
  atLeast = 3,
  run: (instant: string) => Promise<number> = async (instant) => (await once(start(story, instant), 'exit'))[0],
): Promise<void> {
  for (let hour = 0; hour < RUNS_TO_THE_END; hour++) {
    const instant = new Date(from + hour * 60 * MINUTE_MS).toISOString();
    const before = story.discord.requests.length + story.smtp.connections;
    const code = await run(instant);
    if (hour + 1 >= atLeast && code === 0 && story.discord.requests.length + story.smtp.connections === before) return;
  }
}

/** What has come of a scene, counted. */
export function judge({ discord, smtp }: Story, scene: Scene): Omit<Outcome, 'kill' | 'killed'> {
  const posts = discord.messages.map(({ by, payload }) => ({
    channel: by,
    id: payload.embeds?.[0]?.footer?.text.split('\n').at(-1) ?? '',
    marked: payload.embeds?.[0]?.description?.includes('may be a repeat') ?? false,
  }));
  const mails = smtp.messages.map(({ headers, messageId, envelope, subject }) => ({
    channel: `email:${envelope.to.join()}`,
    id: String(headers.get('x-breakout-bell-id')),
    messageId: String(messageId),
    marked: subject?.includes('may be a repeat') ?? false,
  }));
  const due = expected(scene);
  const idOf = new Map(discord.messages.map(({ id }, at) => [id, posts[at]?.id]));
  const followed = discord.crossposts.map((id) => idOf.get(id));
  const channels = ['webhook', 'bot', 'email:ann@example.com', 'email:bob@example.com'];
  const all = [...posts, ...mails];
  const copies = (channel: string, id: string) => all.filter((one) => one.channel === channel && one.id === id);
  const second = (channel: string) => due.flatMap((id) => copies(channel, id).slice(1));
  const mailIds = due.flatMap((id) =>
    channels.slice(2).flatMap((channel) => {
      const distinct = new Set(
        mails.filter((one) => one.channel === channel && one.id === id).map((one) => one.messageId),
      );
      return [...distinct].slice(1);
    }),
  );
  return {
    lost: channels.flatMap((channel) =>
      due.filter((id) => copies(channel, id).length === 0).map((id) => `${channel} ${id}`),
    ),
    false: all.filter(({ id }) => !due.includes(id)).map(({ channel, id }) => `${channel} ${id}`),
    doubled: {
      webhook: second('webhook').map(({ id }) => id),
      bot: second('bot').map(({ id }) => id),
      email: mailIds,
    },
    unmarked: second('webhook').flatMap(({ id, marked }) => (marked ? [] : [id])),
    unpublished: due.filter((id) => followed.filter((one) => one === id).length !== 1),
    sameMail: channels.slice(2).flatMap(second).length - mailIds.length,
  };
}
