import assert from 'node:assert/strict';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import type { Session } from '../../src/market/close.ts';
import { lastSessionOver, nextSession, sessionsBetween } from '../../src/market/new-york.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { BOT } from '../support/discord-stand-in.ts';
import { openStory, type Story } from '../support/story.ts';
import type { Fuzzing } from './fuzz.ts';
import { type Act, act, BREAKS, RECORD } from './life-acts.ts';

const ROOT = join(import.meta.dirname, '../..');
const HOUR_MS = 3_600_000;
/** A process that surely is none: beyond what Linux numbers. */
const NO_PROCESS = 4_194_305;

/** The index had its record on the first day of its history, stays below it, and is armed when the life begins. */
const BEGIN = '2024-06-03';
const FIRST_DAY = '2025-07-10';

/** What a process that dies leaves behind: the database, its log, and the note of which ledger it is. */
const LEFT_BEHIND = ['', '-wal', '.known'];

/**
 * A life of the bot: closes come, are revised and lost, services break, the process dies. Whatever happens, when all works
 * again each channel has been told what the closes say, and nothing else, once.
 */
export function fuzzLife(): Fuzzing {
  const property = fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 25 }), async (acts) => {
    const life = await Life.begin();
    try {
      for (const one of acts) await life.do(one);
      await life.end();
      life.judge();
    } finally {
      await life.close();
    }
  });
  return { name: 'lives', property: property as never, runs: 25 };
}

class Life {
  readonly #story: Story;
  readonly #close: () => Promise<void>;
  #now = Date.parse(`${FIRST_DAY}T20:45:00Z`);
  /** The truth: what Yahoo says in the end. */
  readonly #closes = new Map<Session, number>();
  readonly #lost = new Set<Session>();
  /** The model of the ledger: the closes that a run has read, and every event that they ever made. */
  readonly #known = new Map<Session, number>();
  readonly #events = new Set<Session>();
  #day: Session = FIRST_DAY;
  /** True once the bot could not look whether a message had arrived. */
  #blind = false;

  private constructor(story: Story, close: () => Promise<void>) {
    this.#story = story;
    this.#close = close;
  }

  static async begin(): Promise<Life> {
    const { story, close } = await openStory({ ...BOT, EMAIL_TO: 'ann@example.com' });
    const root = join(story.settings.databasePath, '../package');
    mkdirSync(join(root, 'config'), { recursive: true });
    cpSync(join(ROOT, 'config/schedule.json'), join(root, 'config/schedule.json'));
    const file = JSON.parse(readFileSync(join(ROOT, 'config/signals.json'), 'utf8'));
    const { beforeHistory: _, ...signal } = file.signals[0];
    writeFileSync(join(root, 'config/signals.json'), JSON.stringify({ ...file, signals: [signal] }));
    const settings = loadSettings(root, story.environment);
    story.load = () => settings;
    const life = new Life(story, close);
    for (const [index, session] of sessionsBetween(BEGIN, FIRST_DAY).entries())
      life.#closes.set(session, index === 0 ? RECORD : 95);
    life.#serve();
    story.yahoo.closes.set(
      '^GSPC',
      [...life.#closes.keys()].map((session, index) => ({ session, close: 5000 + index })),
    );
    await life.#run();
    return life;
  }

  async do(one: Act): Promise<void> {
    if (one.act === 'evening') {
      this.#day = nextSession(this.#day);
      this.#now = Math.max(this.#now + HOUR_MS, Date.parse(`${this.#day}T20:45:00Z`));
      this.#closes.set(this.#day, one.close);
    }
    if (one.act === 'hours') this.#now += one.hours * HOUR_MS;
    const session = 'back' in one ? this.#session(one.back) : undefined;
    if (one.act === 'revise' && session !== undefined) this.#closes.set(session, one.close);
    if (one.act === 'lose' && session !== undefined) this.#lost.add(session);
    if (one.act === 'break') {
      BREAKS[one.what](this.#story);
      this.#blind ||= one.what.endsWith('is not read back');
    }
    if (one.act === 'mend') this.#mend();
    this.#serve();
    if (one.act === 'run') await this.#run();
    if (one.act === 'die') await this.#die(one.step);
  }

  /**
   * Everything works again, and the bot runs as its schedule has it, for two days without a record; then for two more, as what
   * was changed once is changed again only when the readings of two days agree.
   */
  async end(): Promise<void> {
    this.#mend();
    this.#lost.clear();
    for (let day = 0; day < 2; day++) {
      await this.do({ act: 'evening', close: 94 });
      for (let run = 0; run < 3; run++) {
        await this.#run();
        this.#now += 2 * HOUR_MS;
      }
    }
    for (let run = 0; run < 4; run++) {
      this.#now += 12 * HOUR_MS;
      await this.#run();
    }
  }

  judge(): void {
    const truth = eventsOf(this.#known);
    assert.deepEqual(this.#known, this.#closes, 'the bot has not read what Yahoo says');
    for (const channel of ['webhook', 'bot', 'mail'] as const) {
      const told = this.#told(channel);
      const ids = [...new Set(told.map(({ id }) => id))];
      for (const id of ids) {
        const [first, ...more] = told.filter((one) => one.id === id);
        if (channel === 'bot' && !this.#blind)
          assert.equal(more.length, 0, `${channel}: ${id} came ${more.length + 1} times`);
        if (channel === 'mail')
          assert(
            more.every(({ mail }) => mail === first?.mail),
            `${id} has two Message-IDs`,
          );
        assert(more.length <= 3 && more.every(({ marked }) => marked), `${channel}: ${id} came again without a word`);
      }
      for (const session of new Set([...truth, ...ids.map((id) => id.split('/')[1] ?? '')])) {
        assert(this.#events.has(session), `${channel}: ${session} was never an event`);
        const kinds = ids
          .filter((id) => id.split('/')[1] === session)
          .map((id) => id.split('/')[2]?.replace(/-\d+$/, ''));
        if (this.#hasUnknown(channel, session, 4) || this.#hasFailed(channel, session)) continue;
        // A retraction goes where the alert may have arrived too.
        const begins = this.#hasUnknown(channel, session, 1) ? ['alert', 'retraction'] : ['alert'];
        if (kinds.length > 0) assert(begins.includes(kinds[0] ?? ''), `${channel}: ${session} begins with ${kinds}`);
        if (truth.has(session))
          assert(kinds.length > 0 && kinds.at(-1) !== 'retraction', `${channel}: lost ${session}: ${kinds}`);
        else assert(kinds.length === 0 || kinds.at(-1) === 'retraction', `${channel}: false ${session}: ${kinds}`);
      }
    }
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** A session of this life, counted from its end; undefined on its first day, whose events are history. */
  #session(back: number): Session | undefined {
    const sessions = [...this.#closes.keys()].filter((session) => session > FIRST_DAY).sort();
    return sessions.at(-1 - back) ?? sessions[0];
  }

  #mend(): void {
    this.#story.yahoo.fault = this.#story.discord.fault = this.#story.smtp.fault = undefined;
  }

  #serve(): void {
    const visible = [...this.#closes].filter(([session]) => !this.#lost.has(session));
    const closes = visible
      .map(([session, value]) => ({ session, close: value }))
      .sort((a, b) => (a.session < b.session ? -1 : 1));
    this.#story.yahoo.closes.set('^RUT', closes);
  }

  async #run(): Promise<void> {
    const instant = new Date(this.#now).toISOString();
    const { problems } = await this.#story.check(instant);
    if (!problems.some((problem) => problem.startsWith('^RUT'))) this.#learn();
  }

  /** What a run that has read knows from then on. */
  #learn(): void {
    const until = lastSessionOver(this.#now);
    for (const { session, close: value } of this.#story.yahoo.closes.get('^RUT') ?? []) {
      if (session <= until) this.#known.set(session, value);
    }
    for (const session of eventsOf(this.#known)) this.#events.add(session);
  }

  /**
   * A run that dies at a step of the stand-ins: its database stays as it is at that moment, and what it would have said
   * afterwards nobody hears.
   */
  async #die(step: number): Promise<void> {
    const { yahoo, discord, smtp, settings } = this.#story;
    const path = settings.databasePath;
    let steps = 0;
    let dead = false;
    const count = () => {
      if (++steps !== step) return;
      dead = true;
      for (const suffix of LEFT_BEHIND)
        if (existsSync(`${path}${suffix}`)) copyFileSync(`${path}${suffix}`, `${path}.dead${suffix}`);
      yahoo.fault = () => 'reset';
      discord.fault = () => 'reset';
      smtp.fault = () => ({ connect: 421 });
    };
    const faults = [yahoo.fault, discord.fault, smtp.fault] as const;
    yahoo.watch = discord.watch = smtp.watch = count;
    try {
      await this.#run().catch((error) => assert(dead, String(error)));
    } finally {
      yahoo.watch = discord.watch = smtp.watch = undefined;
      [yahoo.fault, discord.fault, smtp.fault] = faults;
    }
    if (!dead) return;
    for (const suffix of [...LEFT_BEHIND, '-shm']) rmSync(`${path}${suffix}`, { force: true });
    for (const suffix of LEFT_BEHIND)
      if (existsSync(`${path}.dead${suffix}`)) copyFileSync(`${path}.dead${suffix}`, `${path}${suffix}`);
    for (const suffix of LEFT_BEHIND) rmSync(`${path}.dead${suffix}`, { force: true });
    // The process of this test lives on; the one that held the lease does not.
    const database = new Database(path);
    database.prepare('update lease set pid = ?').run(NO_PROCESS);
    database.close();
  }

  #told(channel: 'webhook' | 'bot' | 'mail') {
    const { discord, smtp } = this.#story;
    if (channel === 'mail') {
      return smtp.messages.map(({ headers, subject, messageId }) => ({
        id: String(headers.get('x-breakout-bell-id')),
        marked: subject?.includes('may be a repeat') ?? false,
        mail: messageId,
      }));
    }
    return discord.messages
      .filter(({ by }) => by === channel)
      .map(({ payload: { embeds } }) => ({
        id: embeds?.[0]?.footer?.text.split('\n').at(-1) ?? '',
        marked: embeds?.[0]?.description?.includes('may be a repeat') ?? false,
        mail: undefined,
      }));
  }

  /** True where a channel has refused for good, and nobody ran in the 7 days for which that is tried again. */
  #hasFailed(channel: string, session: Session): boolean {
    return this.#count(channel, session, "state = 'failed'") > 0;
  }

  /** True where so many attempts may have arrived: after four no more are made, and the other channels say so. */
  #hasUnknown(channel: string, session: Session, attempts: number): boolean {
    return this.#count(channel, session, `unknown_attempts >= ${attempts}`) > 0;
  }

  #count(channel: string, session: Session, where: string): number {
    const id = channel === 'mail' ? 'email:ann@example.com' : `discord-${channel}`;
    const database = new Database(this.#story.settings.databasePath, { readonly: true });
    const count = database
      .prepare(`select count(*) from deliveries where channel = ? and message like ? and ${where}`)
      .pluck()
      .get(id, `%/${session}/%`) as number;
    database.close();
    return count;
  }
}

/** Sessions that close above everything before, over a year after the last such session. Written anew, for these tests. */
function eventsOf(closes: ReadonlyMap<Session, number>): Set<Session> {
  const events = new Set<Session>();
  let record: { session: Session; close: number } | undefined;
  for (const [session, value] of [...closes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (record !== undefined && value <= record.close) continue;
    if (record !== undefined && session > `${Number(record.session.slice(0, 4)) + 1}${record.session.slice(4)}`)
      events.add(session);
    record = { session, close: value };
  }
  return events;
}
