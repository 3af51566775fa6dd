import { setFlagsFromString } from 'node:v8';
import { schedule } from 'node-cron';
import type { Logger } from 'pino';
import type { App } from '../app/app.ts';
import { openApp, realRuntime } from '../app/open.ts';
import { thisProcess } from '../app/this-process.ts';
import type { Bot } from '../bot/bot.ts';
import { together } from '../check/together.ts';
import { createSite, type Listening, listen } from '../dashboard/server.ts';
import { heartbeat } from '../health/heartbeat.ts';
import { nextCheck } from '../health/schedule.ts';
import { newYorkDate } from '../market/new-york.ts';
import { isToCome } from '../market/stamp.ts';
import { accessLine, accessOf } from '../settings/page-access.ts';
import type { Settings } from '../settings/settings.ts';
import { DatabaseGoneError } from '../store/errors.ts';
import { fileFault } from '../store/sqlite/database-file.ts';
import { isDatabaseFailure, warnPastLedger } from './ledger-failure.ts';
import { createLog } from './log.ts';
import { createPulse } from './pulse.ts';
import { type Round, round } from './round.ts';

const MINUTE_MS = 60_000;
/** A scheduled run that wakes up late is still wanted. */
const WAKE_TOLERANCE = MINUTE_MS;
/** How long the current round may take to end; `kill_timeout` in ecosystem.config.js is longer. */
const STOP_WITHIN = 25_000;
/** npm passes Ctrl-C on to a process that has it from the terminal already: one keystroke, told twice. */
const ECHO_MS = 100;
/** Starts within 10 minutes after which a process that keeps dying does nothing until the next time of the schedule. */
const TOO_MANY_STARTS = 5;

/** The scripts turn the optimizing compilers off, which saves 10 MB; with a long watch list a night would take three times as long. */
const MANY_SIGNALS = 20;
const OPTIMIZE = ['--opt', '--maglev'];

/**
 * Watches until it is told to stop. The schedule is a hint: at start and every hour the database is asked whether the
 * last session that should be there was evaluated, and what else is due; late or not, it is done then.
 * @throws {DatabaseError} where the database cannot be used
 */
export async function startDaemon(settings: Settings): Promise<void> {
  const log = await createLog(settings.logLevel, settings.secrets);
  const stopping = new AbortController();
  const releasers: (() => unknown)[] = [];
  let current = 'starting';
  const die = (err: unknown) => {
    log.fatal({ err, during: current }, 'ended by an error that nobody expected');
    process.exit(1);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);

  if (settings.signals.length >= MANY_SIGNALS) for (const flag of OPTIMIZE) setFlagsFromString(flag);
  const app = await open(settings, log, stopping.signal);
  releasers.push(() => app.close());
  const self = { ...thisProcess(), startedAt: new Date(app.now()).toISOString() };
  const lives = () => app.ledger.daemonLives({ ...self, seenAt: new Date(app.now()).toISOString() });
  // A ledger that cannot be used now, on a full disk, is for the first round to tell of: dying here would tell nobody.
  const dying = await isDyingAgainAndAgain(app).catch(() => false);
  await lives().catch((error: Error) => log.error({ err: error }, 'the ledger cannot be written'));
  releasers.push(() => app.ledger.daemonStopped(self.id));

  let server: Listening | undefined;
  let running: Promise<void> = Promise.resolve();
  const pulse = createPulse(app.now, () => performance.now());
  let warnedOn = '';
  releasers.push(() => running);
  // One round after another: a slow one is waited for, not doubled.
  const run = (why: string, always: boolean) => {
    pulse.begun();
    const turn = async () => {
      if (stopping.signal.aborted) return;
      current = why;
      if (fileFault(app.database) === undefined)
        await lives().catch((error: Error) => log.error({ err: error }, 'the ledger cannot be written'));
      server ??= await startServer(app, log);
      const done = await round(app, why, always);
      // Nor has a check been made where the lease of a process that is gone was in the way: it is over in two minutes.
      pulse.ended(why, done.report?.unread ?? done.skipped !== undefined);
      report(log, why, done);
      const failure = done.errors.find(isDatabaseFailure);
      if (failure !== undefined && warnedOn !== newYorkDate(app.now())) {
        warnedOn = newYorkDate(app.now());
        await warnPastLedger(app, failure);
      }
      current = 'waiting';
      // The history that a check reads is garbage until the next one, hours later: the memory goes back now.
      globalThis.gc?.();
    };
    // Whoever calls may swallow an error, and no round would follow a failed one.
    running = running.then(turn).catch(die);
    return running;
  };

  server = await startServer(app, log);
  if (accessOf(settings.dashboard) === 'closed') log.warn(`the page is ${accessLine(settings.dashboard)}`);
  releasers.push(() => server?.close());
  const { checks, digest } = settings.schedule;
  const plan = () =>
    [...new Set([...checks, digest.at])].map((time) => {
      const [hour, minute] = time.split(':').map(Number);
      return schedule(`${minute} ${hour} * * *`, () => run(`scheduled ${time}`, checks.includes(time)), {
        timezone: 'America/New_York',
        missedExecutionTolerance: WAKE_TOLERANCE,
        // Its own words would go to the console, beside the log.
        logger: log,
      });
    });
  let tasks = plan();
  let lost = fileFault(app.database);
  const minutely = setInterval(() => {
    const before = lost;
    lost = fileFault(app.database);
    if (lost?.reopen) {
      log.fatal({ reason: lost.why }, 'ending, so that the right database is opened at the next start');
      process.exit(1);
    }
    // Told at once; and gone on with at once.
    if (lost?.why !== before?.why) void run('database file', false);
    const why = pulse.due();
    if (why === 'clock') {
      // node-cron waits for the time that it has reckoned once: by a clock that was years ahead, for years.
      for (const task of tasks) void task.destroy();
      tasks = plan();
    }
    // What could not be read is read again, whatever is known.
    if (why !== undefined) void run(why, why === 'again' || why === 'clock');
  }, MINUTE_MS);
  releasers.push(() => {
    clearInterval(minutely);
    for (const task of tasks) void task.destroy();
  });
  const bot = await startTheBot(app, log);
  releasers.push(() => bot?.close());

  let told: { signal: string; at: number } | undefined;
  const stop = (signal: string) => {
    if (told !== undefined) {
      if (isEcho(told, signal, Date.now())) return;
      log.warn({ signal }, 'told twice: ending at once');
      process.exit(1);
    }
    told = { signal, at: Date.now() };
    stopping.abort();
    log.info({ signal, during: current }, 'stopping');
    setTimeout(() => {
      log.error({ during: current }, `the round did not end within ${STOP_WITHIN / 1000} s`);
      process.exit(1);
    }, STOP_WITHIN).unref();
    release(releasers).then(() => {
      log.info('stopped');
      process.exit(0);
    }, die);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  const channels = app.channels.map(({ id }) => id);
  const nextRun = new Date(nextCheck(checks, app.now())).toISOString();
  log.info({ pid: process.pid, checks, channels, page: server?.url, nextRun }, 'watching');
  // Where pm2 has gone meanwhile, nobody waits for it.
  process.send?.('ready', () => {});
  // Also where nothing seems to be due: after a boot the clock may be that of the last shutdown, and the answer tells the time.
  if (!dying) return run('start', true);
  log.warn('started again and again without a clean end: waiting for the next time of the schedule');
}

/** True when a signal is the same one again, not a person's second. */
export function isEcho(told: { readonly signal: string; readonly at: number }, signal: string, now: number): boolean {
  return signal === told.signal && now - told.at < ECHO_MS;
}

/** Only a clean stop takes a daemon out of the ledger. */
async function isDyingAgainAndAgain({ ledger, now }: Pick<App, 'ledger' | 'now'>): Promise<boolean> {
  if ((await ledger.daemon()) === undefined) return false;
  const runs = await ledger.runs(new Date(now() - 10 * MINUTE_MS).toISOString());
  const starts = runs.filter(({ command, startedAt }) => command === 'start' && !isToCome(startedAt, now()));
  return starts.length >= TOO_MANY_STARTS;
}

/** A database that cannot be opened is told to who watches the watcher: there is no ledger to warn through. */
async function open(settings: Settings, log: Logger, stopping: AbortSignal): Promise<App> {
  try {
    return openApp(
      settings,
      realRuntime((line) => log.info(line), stopping),
    );
  } catch (error) {
    const { heartbeatUrl } = settings;
    if (heartbeatUrl !== undefined) await heartbeat(heartbeatUrl, 'fail', (error as Error).message);
    throw error;
  }
}

/** Answers commands where a bot is set up; loaded there only, as it takes 80 MB. Without it the watch goes on. */
async function startTheBot(
  app: Pick<App, 'settings' | 'ledger' | 'now' | 'clean'>,
  log: Logger,
): Promise<Bot | undefined> {
  const { discordBot } = app.settings;
  if (discordBot === undefined) return undefined;
  try {
    const { startBotThread } = await import('../bot/start.ts');
    return startBotThread(app, log);
  } catch (err) {
    log.error({ err }, 'the bot cannot be started; alerts are posted all the same');
    return undefined;
  }
}

/** A page that cannot listen is tried again by the next round: the watch matters more. */
async function startServer(app: App, log: Logger): Promise<Listening | undefined> {
  const { settings } = app;
  const site = createSite(app);
  try {
    return await listen(site, settings.dashboard);
  } catch (error) {
    const { host, port } = settings.dashboard;
    const cure = 'set DASHBOARD_HOST and DASHBOARD_PORT to what is free';
    log.error(
      `the page, /healthz and /metrics cannot listen on ${host}:${port} (${(error as Error).message}); ${cure}`,
    );
    return undefined;
  }
}

/** Last in, first out; one that fails keeps no other from its turn. */
async function release(releasers: (() => unknown)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const free of releasers.toReversed()) {
    try {
      await free();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** One line a round: what it saw and did. A round without anything to do is told to who asks for details only. */
function report(log: Logger, why: string, { report, skipped, posted, backup, drilled, problems, errors }: Round): void {
  for (const err of errors) {
    if (err instanceof DatabaseGoneError) log.fatal({ reason: err.message, why }, 'nothing is watched');
    else log.error({ err, why }, 'a duty failed');
  }
  const did = { posted, ...(backup === undefined ? {} : { backup }), ...(drilled ? { drilled } : {}) };
  const seen = report && {
    asOf: report.asOf,
    signals: report.signals.map(({ signal, close, state, toRecord }) => ({ signal, close, state, toRecord })),
    fired: report.fired,
    deliveries: together(report.deliveries, ({ state, attempts }) => `${state} ${attempts}`).map(
      ({ where, first }) => ({
        ...first,
        channel: where,
      }),
    ),
    held: report.held,
    missing: report.missing.length,
  };
  const line = { why, ...seen, ...did, ...(skipped === undefined ? {} : { skipped }), problems };
  const text = report === undefined ? (skipped === undefined ? 'round done' : 'check skipped') : 'check done';
  const quiet =
    report === undefined && skipped === undefined && posted.length === 0 && backup === undefined && !drilled;
  if (problems.length > 0) log.warn(line, `${text}, with problems`);
  else if (quiet) log.debug(line, text);
  else log.info(line, text);
}
