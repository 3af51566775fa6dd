import { setFlagsFromString } from 'node:v8';
import type { Logger } from 'pino';
import type { App } from '../app/app.ts';
import { openApp } from '../app/open.ts';
import { realRuntime } from '../app/runtime.ts';
import { heartbeat } from '../health/heartbeat.ts';
import { nextCheck } from '../health/schedule.ts';
import { accessLine, accessOf } from '../settings/page-access.ts';
import type { Settings } from '../settings/settings.ts';
import { UnreachableError } from '../store/errors.ts';
import { createBotOfLeader } from './bot-of-leader.ts';
import { createLeadership } from './leadership.ts';
import { beginLife } from './life.ts';
import { createLog } from './log.ts';
import { lookMinutely } from './minutely.ts';
import { createPage } from './page.ts';
import { createPulse } from './pulse.ts';
import { isDyingAgainAndAgain } from './restarts.ts';
import { createRounds } from './rounds.ts';
import { createSchedule } from './schedule.ts';
import { stopOnSignals } from './stop.ts';

/** A database that cannot be reached is tried again after so long, in milliseconds. */
const OPEN_AGAIN_MS = 5_000;

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
  const life = beginLife(log);
  if (settings.signals.length >= MANY_SIGNALS) for (const flag of OPTIMIZE) setFlagsFromString(flag);
  const app = await open(settings, log, life.stopping.signal);
  life.atEnd(() => app.close());
  const bot = createBotOfLeader(app, log);
  // A ledger that cannot be used now, on a full disk, is for the first round to tell of: dying here would tell nobody.
  const dying = await isDyingAgainAndAgain(app).catch(() => false);
  const monotonic = () => performance.now();
  const leadership = createLeadership(app, log, monotonic, {
    gained: () => {
      void bot.start();
      void run({ why: 'takeover', check: 'always' });
    },
    lost: () => {
      void bot.stop();
      // A standby's round does nothing, but looks again soon where the database is away, and then warns.
      void run({ why: 'lost the lead', check: 'when due' });
    },
  });
  const page = createPage(app, log, leadership);
  const pulse = createPulse(app.now, monotonic);
  const { run, over } = createRounds(app, { life, page, leadership, pulse });
  const role = await leadership.begin();
  life.atEnd(leadership.end);
  life.atEnd(over);
  await page.open();
  life.atEnd(page.close);
  if (accessOf(settings.dashboard) === 'closed') log.warn(`the page is ${accessLine(settings.dashboard)}`);

  const schedule = createSchedule(settings.schedule, log, run);
  life.atEnd(schedule.stop);
  life.atEnd(lookMinutely(app, { life, pulse, schedule, run }));
  if (role === 'leader') await bot.start();
  life.atEnd(bot.stop);
  stopOnSignals(life);

  const { checks } = settings.schedule;
  const channels = app.channels.map(({ id }) => id);
  const nextRun = new Date(nextCheck(checks, app.now())).toISOString();
  log.info({ pid: process.pid, role, checks, channels, page: page.url(), nextRun }, 'watching');
  // Where pm2 has gone meanwhile, nobody waits for it.
  process.send?.('ready', () => {});
  if (role === 'standby') return log.info('another daemon leads; this one stands by and takes over where it is gone');
  // Also where nothing seems to be due: after a boot the clock may be that of the last shutdown, and the answer tells the time.
  if (!dying) return run({ why: 'start', check: 'always' });
  log.warn('started again and again without a clean end: waiting for the next time of the schedule');
}

/** A database that cannot be opened is told to who watches the watcher: there is no ledger to warn through. */
async function open(settings: Settings, log: Logger, stopping: AbortSignal): Promise<App> {
  const runtime = realRuntime((line) => log.info(line), stopping);
  for (let time = 1; ; time++) {
    try {
      return await openApp(settings, runtime);
    } catch (error) {
      const { message } = error as Error;
      const { heartbeatUrl } = settings;
      if (heartbeatUrl !== undefined && time === 1) await heartbeat(heartbeatUrl, 'fail', message);
      // After a power cut this machine may be up before that of the database.
      if (!(error instanceof UnreachableError) || stopping.aborted) throw error;
      if (time === 1) log.error({ reason: message }, 'waiting for the database');
      await runtime.sleep(OPEN_AGAIN_MS);
    }
  }
}
