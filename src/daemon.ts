import { schedule } from 'node-cron';
import type { Logger } from 'pino';
import { GIVE_UP_AFTER, hasEnded } from './channel/deliver.ts';
import { check } from './check.ts';
import { createLog } from './log.ts';
import { lastSessionOver } from './market/calendar.ts';
import type { Settings } from './settings.ts';
import { openWorld, realSurroundings, type World } from './world.ts';

const HOUR_MS = 3_600_000;
/** A run that wakes up late, after a suspend, is still wanted. In milliseconds. */
const WAKE_TOLERANCE = 60_000;

/**
 * Watches until it is told to stop. The schedule is a hint: at start and every hour the database is asked whether the
 * last session that should be there was evaluated, and whether a delivery is open; if so, it checks, late or not.
 */
export async function startDaemon(settings: Settings): Promise<void> {
  const log = createLog(settings.logLevel, settings.secrets);
  const world = openWorld(
    settings,
    realSurroundings((line) => log.info(line)),
  );
  let running: Promise<void> = Promise.resolve();
  let stopping = false;

  // One run after another: a slow one is waited for, not doubled.
  const run = (why: string, wanted?: typeof isBehind) => {
    running = running.then(async () => {
      if (!stopping) await runOnce(world, why, log, wanted);
    });
    return running;
  };
  const tasks = settings.schedule.checks.map((time) => {
    const [hour, minute] = time.split(':').map(Number);
    return schedule(`${minute} ${hour} * * *`, () => run(`scheduled ${time}`), {
      timezone: 'America/New_York',
      missedExecutionTolerance: WAKE_TOLERANCE,
    });
  });
  const hourly = setInterval(() => void run('catching up', isBehind), HOUR_MS);

  const stop = (signal: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping after the current run');
    clearInterval(hourly);
    for (const task of tasks) void task.destroy();
    void running.finally(() => {
      world.close();
      log.info('stopped');
    });
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  log.info({ checks: settings.schedule.checks, channels: world.channels.map(({ id }) => id) }, 'watching');
  process.send?.('ready');
  await run('start');
}

/** True when an expected session was not evaluated, or something is still to be delivered. */
export async function isBehind({ settings, ledger, now }: World): Promise<boolean> {
  const expected = lastSessionOver(now());
  for (const { id } of settings.signals) {
    const record = await ledger.signal(id);
    if (record === undefined || record.evaluatedSession < expected) return true;
  }
  return (await ledger.unsent()).some(
    (delivery) =>
      delivery.kind !== 'drill' && !hasEnded(delivery) && now() - Date.parse(delivery.decidedAt) <= GIVE_UP_AFTER,
  );
}

async function runOnce(world: World, why: string, log: Logger, wanted?: typeof isBehind): Promise<void> {
  try {
    if (wanted !== undefined && !(await wanted(world))) return;
    const result = await check(world, { dryRun: false, offline: false, warnings: true, command: why });
    if ('skipped' in result) return log.info({ why, skipped: result.skipped }, 'check skipped');
    const { asOf, signals, fired, deliveries, held, missing, problems } = result;
    const states = signals.map(({ signal, close, state, toRecord }) => ({ signal, close, state, toRecord }));
    const line = { why, asOf, signals: states, fired, deliveries, held, missing: missing.length, problems };
    if (problems.length > 0) log.warn(line, 'check done, with problems');
    else log.info(line, 'check done');
  } catch (error) {
    // The next run repairs what this one left: no single fault may end the watch.
    log.error({ err: error, why }, 'check failed');
  }
}
