import { mkdtempSync, rmSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Before anything else is imported: start-up is mostly compiling, and compiled once is compiled for ever.
enableCompileCache();
// Whatever is written from here on is its owner's alone: the database and the messages name every recipient. The cache
// above is made before, as all users of a machine share its folder.
process.umask(0o077);
const { Command, InvalidArgumentError } = await import('commander');
const { paint } = await import('./console/paint.ts');

const ROOT = join(import.meta.dirname, '..');
/** 0 done, 1 something did not work, 2 bad arguments or settings. */
const DONE = 0;
const DID_NOT_WORK = 1;
const BAD_CALL = 2;

type App = import('./app/app.ts').App;
type Settings = import('./settings/settings.ts').Settings;
type Report = import('./check/report.ts').Report;
type Signal = import('./signal/signal.ts').Signal;
type Message = import('./message/message.ts').Message;
type Delivery = Pick<import('./store/ledger.ts').Delivery, 'message' | 'channel' | 'state' | 'reason'>;

interface Options {
  readonly dryRun?: true;
  readonly offline?: true;
  readonly asOf?: string;
  readonly signal?: string;
  readonly index?: string;
  readonly benchmark?: string;
  readonly years?: number;
  readonly send?: true;
  readonly seed?: number;
  readonly sensitivity?: true;
  readonly until?: string;
  readonly from?: string;
  readonly to?: string;
  readonly dashboard?: true;
  readonly json?: true;
}

/** There is nothing to answer from. */
class NothingError extends Error {
  override name = 'NothingError';
}

/** Bad arguments that only the settings can tell. */
class CallError extends Error {
  override name = 'CallError';
}

/** Errors by name, as loading their classes would load half the program. */
const BAD_CALLS = ['CallError', 'QuestionError', 'SettingsError', 'OtherSourceError', 'PauseError'];
const TOLD_IN_A_LINE = [
  ...BAD_CALLS,
  'NothingError',
  'DatabaseError',
  'DatabaseGoneError',
  'DamagedError',
  'BackupError',
  'SourceError',
];

async function main(argv: readonly string[]): Promise<void> {
  const { isDate } = await import('./market/session.ts');
  const toSession = (text: string) => {
    if (isDate(text)) return text;
    throw new InvalidArgumentError(`'${text}' is not a date; allowed: YYYY-MM-DD.`);
  };
  const toSeed = (text: string) => {
    if (/^\d{1,9}$/.test(text)) return Number(text);
    throw new InvalidArgumentError('Allowed: a whole number from 0 to 999999999.');
  };
  const program = new Command('breakout-bell')
    .description('Watches a market index for one rare event, a record close after over a year without one.')
    .exitOverride()
    .showHelpAfterError('(add --help for the commands and their options)');
  const json = ['--json', 'print one JSON document and nothing else'] as const;
  const asOf = ['--as-of <date>', 'as it stood after that session, on current values'] as const;

  const toYears = (text: string) => {
    if (/^([1-9]|1\d|20)$/.test(text)) return Number(text);
    throw new InvalidArgumentError('Allowed: a whole number of years from 1 to 20.');
  };
  /** A question without configuration. */
  const asking = (command: InstanceType<typeof Command>) =>
    command
      .option('--signal <id>', 'the signal, where there are several')
      .option('--index <symbol>', "another index, e.g. '^NDX'; its closes are read where they are missing")
      .option('--benchmark <symbol>', "what is studied after its events, e.g. '^GSPC'")
      .option('--years <number>', 'calendar years without a record that make the next one an event', toYears);

  program
    .command('check')
    .description('read closes, look for an event, tell people')
    .option('--dry-run', 'store closes, but decide and send nothing')
    .option('--offline', 'use no network: other channels than the folder stay pending')
    .option(asOf[0], `${asOf[1]}; implies --dry-run and --offline`, toSession)
    .option(...json)
    .action((options: Options) => withApp((app) => runCheck(app, options)));
  asking(program.command('study'))
    .description('what the benchmark did after every earlier event')
    .option(...asOf, toSession)
    .option('--sensitivity', 'how the count and the mean change with the rule')
    .option('--seed <number>', 'where the resampling begins; the same number gives the same intervals', toSeed)
    .option(...json)
    .action((options: Options) => withApp((app) => runStudy(app, options)));
  asking(program.command('replay'))
    .description('live every evening again with what was known then, and compare with the study')
    .option('--from <date>', 'first session; by default the first one of the index', toSession)
    .option('--to <date>', 'last session; by default the newest', toSession)
    .option(...json)
    .action((options: Options) => withApp((app) => runReplay(app, options)));
  program
    .command('status')
    .description('where things stand, from what is stored')
    .option(...json)
    .action((options: Options) => withApp((app) => runStatus(app, options)));
  program
    .command('digest')
    .description('all is well or not, and where things stand')
    .option('--send', 'send it to the channels that take digests')
    .option(...json)
    .action((options: Options) => {
      const send = options.send === true || npmOption('send', (text) => text === 'true') === true;
      return withApp((app) => runDigest(app, send, options.json === true));
    });
  program
    .command('drill')
    .description('send a labelled test message through every channel')
    .action(() => withApp(runDrill));
  program
    .command('doctor')
    .description('look at settings, database, source and channels, one line each')
    .action(runDoctor);
  program
    .command('import')
    .description('fill gaps in the stored closes from a CSV file (session,close)')
    .argument('<symbol>', "Yahoo's symbol, e.g. ^RUT")
    .argument('<file>', 'the CSV file')
    .action((symbol: string, file: string) => withApp((app) => runImport(app, symbol, file)));
  program
    .command('pause')
    .description('keep the alerts of a channel for later, and send it nothing else')
    .argument('<channel>', 'its id as status and doctor name it; email for all addresses')
    .argument('[date]', 'as --until, for npm run without --', toSession)
    .option('--until <date>', 'go on by itself on that day (New York)', toSession)
    .action((channel: string, date: string | undefined, options: Options) => {
      // Without `--` npm takes the option for one of its own, and the pause would have no end.
      const until = options.until ?? date ?? npmOption('until', toSession);
      return withApp((app) => runPause(app, channel, until));
    });
  program
    .command('resume')
    .description('end the pause of a channel and send what was kept; of all channels without a name')
    .argument('[channel]', 'its id; email for all addresses')
    .action((channel: string | undefined) => withApp((app) => runResume(app, channel)));
  program
    .command('backup')
    .description('copy the database to backups/ beside it, and check the copy')
    .action(() => withApp(runBackup));
  program
    .command('restore')
    .description('put a copy in the place of the database, which is kept')
    .argument('<file>', 'a copy from backups/')
    .action(runRestore);
  program
    .command('start')
    .description('the daemon, in the foreground: watch, and prove that it does')
    .action(runDaemon);
  program
    .command('dashboard')
    .description('the page alone, in the foreground: the daemon serves it too')
    .action(() => withApp(runDashboard));
  program
    .command('demo')
    .description('the story of September 2025, offline, in a database of its own')
    .option('--dashboard', 'and its page, until Ctrl-C')
    .action(async ({ dashboard }: Options) => {
      const { demo } = await import('./demo/demo.ts');
      const page = dashboard === true || npmOption('dashboard', (text) => text === 'true') === true;
      await demo(ROOT, print, page ? serveUntilStopped : undefined);
    });

  await program.parseAsync(argv, { from: 'user' });
}

/** The value of an option that npm took for its own: `npm run pause email --until=2026-01-05`. */
function npmOption<T>(name: string, parse: (text: string) => T): T | undefined {
  const value = process.env[`npm_config_${name}`];
  if (value === undefined || value === '') return undefined;
  try {
    return parse(value);
  } catch (error) {
    throw new CallError(`--${name}: ${(error as Error).message}`);
  }
}

async function withApp(run: (app: App) => Promise<number>): Promise<void> {
  const settings = await settingsOf();
  const { openApp, realRuntime } = await import('./app/open.ts');
  const app = openApp(settings, realRuntime(note));
  try {
    process.exitCode = await run(app);
  } finally {
    app.close();
  }
}

async function runCheck(app: App, options: Options): Promise<number> {
  const report = await reportAsAsked(app, options);
  if ('skipped' in report) return skip(report, options.json === true);
  return tell(app, report, options);
}

async function reportAsAsked(app: App, options: Options): Promise<Report | { skipped: string }> {
  const { asOf } = options;
  const offline = options.offline === true;
  const command = 'check';
  if (asOf !== undefined) {
    const { checkAsOf } = await import('./check/as-of.ts');
    return checkAsOf(app, asOf, command);
  }
  if (options.dryRun) {
    const { dryRun } = await import('./check/dry-run.ts');
    return dryRun(app, { offline, command });
  }
  const { check } = await import('./check/check.ts');
  return check(app, { offline, command });
}

async function runStatus(app: App, options: Options): Promise<number> {
  const { status } = await import('./check/status.ts');
  const { watchOf } = await import('./health/watching.ts');
  const watch = await watchOf(app);
  const code = await tell(app, { ...(await status(app)), ...watch }, options);
  if (!options.json) {
    const { watchLines } = await import('./console/report.ts');
    watchLines(watch).forEach(print);
  }
  return code;
}

async function runDigest(app: App, send: boolean, json: boolean): Promise<number> {
  const { digest, sendDigest } = await import('./jobs/digest.ts');
  if (!send) {
    const { facts, posting } = await digest(app);
    if (json) printJson({ id: posting.message.id, ...facts });
    else {
      const { renderText } = await import('./render/text.ts');
      print(renderText({ message: posting.message, repeat: false, refersTo: null }).trimEnd());
    }
    return DONE;
  }
  const result = await sendDigest(app);
  if ('skipped' in result) return skip(result, json);
  const { id, facts, writtenBefore, deliveries } = result;
  if (json) printJson({ id, ...facts });
  // With --json the document is the answer, and what became of it goes to standard error.
  const say = json ? note : print;
  if (writtenBefore !== null) say(`${id} was written before; what arrived then is not sent again.`);
  for (const delivery of deliveries) say(deliveryLine(delivery));
  if (deliveries.length === 0) {
    say(
      'No channel takes digests: add one that is set up, and not paused, to digest.channels in config/schedule.json.',
    );
  }
  return haveArrived(deliveries) ? DONE : DID_NOT_WORK;
}

async function runPause(
  app: Pick<App, 'ledger' | 'channels' | 'now'>,
  channel: string,
  until: string | undefined,
): Promise<number> {
  const { pause } = await import('./jobs/pause.ts');
  for (const id of await pause(app, channel, until)) {
    print(`${id}: paused until ${until ?? `you resume it (npm run resume ${id})`}; alerts are kept.`);
  }
  return DONE;
}

async function runResume(app: App, channel: string | undefined): Promise<number> {
  const { resume } = await import('./jobs/pause.ts');
  const { sendKept } = await import('./jobs/send-kept.ts');
  const resumed = await resume(app, channel);
  if (resumed.length === 0) print('Nothing was paused.');
  for (const id of resumed) print(`${id}: resumed.`);
  const result = await sendKept(app, resumed);
  if ('skipped' in result) print(`What was kept is sent by the next run: ${result.skipped}.`);
  else for (const delivery of result.deliveries) print(deliveryLine(delivery));
  return 'skipped' in result || result.deliveries.every(({ state }) => state === 'sent') ? DONE : DID_NOT_WORK;
}

async function runBackup(app: Pick<App, 'settings' | 'database' | 'now'>): Promise<number> {
  const { backup } = await import('./jobs/backup.ts');
  print(`${backup(app)} is written and checked.`);
  return DONE;
}

async function runRestore(file: string): Promise<void> {
  const { restore } = await import('./jobs/restore.ts');
  const { realRuntime } = await import('./app/open.ts');
  const settings = await settingsOf();
  const { until, kept } = await restore(settings, realRuntime(note), file);
  print(`${settings.databasePath} is restored; the newest thing it knows of is from ${until}.`);
  if (kept !== null) print(`What was there before is kept: ${kept}`);
  print(
    'Messages that may have been sent since say that they may be a repeat. Next: npm run check, or npm run daemon.',
  );
}

async function tell(app: Pick<App, 'settings' | 'source' | 'now'>, report: Report, options: Options): Promise<number> {
  const { problems, unread: _, ...rest } = report;
  if (options.json) {
    printJson(rest);
    problems.forEach(note);
  } else {
    const { reportLines } = await import('./console/report.ts');
    const { labelsById } = await import('./app/labels.ts');
    reportLines(report, labelsById(app)).forEach(print);
  }
  return problems.length === 0 ? DONE : DID_NOT_WORK;
}

/** The signal that was named, or the one that was asked for. */
async function signalOf(
  { settings }: Pick<App, 'settings'>,
  { signal: id, index, benchmark, years }: Options,
): Promise<Signal> {
  const { signals } = settings;
  const { signalNamed } = await import('./settings/signal-named.ts');
  const signal = signalNamed(signals, id);
  if (signal === undefined) {
    const { firstOf } = await import('./message/format.ts');
    throw new CallError(`--signal is '${id}'; allowed: ${firstOf(signals.map((candidate) => candidate.id))}`);
  }
  if (index === undefined && benchmark === undefined && years === undefined) return signal;
  const { askedSignal } = await import('./analysis/ad-hoc-signal.ts');
  return askedSignal(settings, signal, { index, benchmark, years });
}

async function runReplay(app: App, options: Options): Promise<number> {
  const { from, to, json } = options;
  if (from !== undefined && to !== undefined && from > to) {
    throw new CallError(`--from is '${from}'; allowed: a date up to --to, ${to}`);
  }
  const signal = await signalOf(app, options);
  const { fillCloses } = await import('./ingest/backfill.ts');
  const { replay } = await import('./analysis/replay.ts');
  const { replayedMessageLines, replayLines } = await import('./console/replay.ts');
  const problems = await fillCloses(app, signal);
  problems.forEach(note);
  const { heldLines } = await import('./console/report.ts');
  heldLines(app.closes, signal).forEach(note);
  const folder = mkdtempSync(join(tmpdir(), 'breakout-bell-replay-'));
  const show = json ? undefined : (message: Message) => replayedMessageLines(message).forEach(print);
  const result = await replay(app, signal, { from, to, folder, ...(show && { show }) });
  if (result === undefined) {
    rmSync(folder, { recursive: true });
    const between = `${from === undefined ? '' : ` from ${from}`}${to === undefined ? '' : ` to ${to}`}`;
    throw new NothingError(`There are no closes of ${signal.index} to live through${between}.`);
  }
  const empty = result.messages.length === 0;
  if (empty) rmSync(folder, { recursive: true });
  if (json) printJson({ ...result, folder: empty ? null : folder });
  else replayLines(result, folder).forEach(print);
  return problems.length + result.differences.length === 0 ? DONE : DID_NOT_WORK;
}

async function runStudy(app: App, options: Options): Promise<number> {
  const { sensitivityStored, studySignal } = await import('./analysis/study-signal.ts');
  const signal = await signalOf(app, options);
  const { study, problems } = await studySignal(app, signal, options);
  problems.forEach(note);
  const { heldLines } = await import('./console/report.ts');
  heldLines(app.closes, signal).forEach(note);
  if (study === undefined) {
    throw new NothingError(
      `There are no closes of ${signal.index} to study${options.asOf ? ` up to ${options.asOf}` : ''}.`,
    );
  }
  const sensitive = options.sensitivity ?? npmOption('sensitivity', (text) => text === 'true');
  const rows = sensitive ? sensitivityStored(app, signal, options.asOf) : undefined;
  if (options.json) printJson({ ...study, ...(rows && { sensitivity: rows }) });
  else {
    const { sensitivityLines, studyLines } = await import('./console/study.ts');
    const { labelsOf } = await import('./app/labels.ts');
    const labels = labelsOf(app, signal);
    (rows === undefined ? studyLines(study, labels) : sensitivityLines(rows, labels)).forEach(print);
  }
  return problems.length === 0 ? DONE : DID_NOT_WORK;
}

async function runDrill(app: App): Promise<number> {
  const { drill } = await import('./jobs/drill.ts');
  const result = await drill(app);
  if ('skipped' in result) return skip(result, false);
  for (const delivery of result.deliveries) print(deliveryLine(delivery));
  if (result.deliveries.length === 0) print('Every channel is paused: nothing was sent. npm run resume ends a pause.');
  return haveArrived(result.deliveries) ? DONE : DID_NOT_WORK;
}

async function runDoctor(): Promise<void> {
  const { doctor } = await import('./health/doctor.ts');
  const { realRuntime } = await import('./app/open.ts');
  const findings = await doctor(await settingsOf(), realRuntime(note), ROOT);
  for (const { ok, what, text } of findings) print(`${ok ? 'ok  ' : 'FAIL'}  ${what}: ${text}`);
  process.exitCode = findings.every(({ ok }) => ok) ? DONE : DID_NOT_WORK;
}

async function runImport(
  app: Pick<App, 'settings' | 'database' | 'closes' | 'ledger' | 'source' | 'now'>,
  symbol: string,
  file: string,
): Promise<number> {
  const { importCloses } = await import('./ingest/import.ts');
  const result = await importCloses(app, symbol, file);
  if ('skipped' in result) return skip(result, false);
  const { importLines } = await import('./console/report.ts');
  importLines(result).forEach(print);
  return DONE;
}

async function runDaemon(): Promise<void> {
  const settings = await settingsOf();
  const { startDaemon } = await import('./daemon/daemon.ts');
  await startDaemon(settings);
}

async function runDashboard(app: App): Promise<number> {
  const { host, port } = app.settings.dashboard;
  try {
    await serveUntilStopped(app);
    return DONE;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      const { runningDaemon } = await import('./app/lease.ts');
      if ((await runningDaemon(app)) !== undefined) {
        print(`The daemon serves the page already: http://${host}:${port}`);
        return DONE;
      }
    }
    note(`The page cannot listen on ${host}:${port} (${(error as Error).message}).`);
    note('Set DASHBOARD_HOST and DASHBOARD_PORT in .env to what is free.');
    return DID_NOT_WORK;
  }
}

/** Serves the page until the process is told to stop. */
async function serveUntilStopped(app: App): Promise<void> {
  const { createSite, listen } = await import('./dashboard/server.ts');
  const { accessLine, accessOf } = await import('./settings/page-access.ts');
  const server = await listen(createSite(app), app.settings.dashboard);
  print(`The page is at ${server.url} (Ctrl-C ends it)`);
  if (accessOf(app.settings.dashboard) === 'closed') note(`It is ${accessLine(app.settings.dashboard)}.`);
  await new Promise<void>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop());
  });
  await server.close();
}

function haveArrived(deliveries: readonly Delivery[]): boolean {
  return deliveries.length > 0 && deliveries.every(({ state }) => state === 'sent');
}

function deliveryLine({ message, channel, state, reason }: Delivery): string {
  return `${channel}: ${state}${reason === null ? '' : ` (${reason})`}  ${message}`;
}

async function settingsOf(): Promise<Settings> {
  const { loadSettings } = await import('./settings/settings.ts');
  const settings = loadSettings(ROOT, process.env);
  secrets = settings.secrets;
  databasePath = settings.databasePath;
  settings.remarks.forEach(note);
  if (settings.proxy !== undefined) {
    const { useProxy } = await import('./settings/proxy.ts');
    if (useProxy(settings.proxy) === undefined) {
      note(`HTTPS_PROXY is not used: Node ${process.versions.node} cannot do it by itself; use Node 24.14 or newer.`);
    }
  }
  return settings;
}

function skip(skipped: { skipped: string }, json: boolean): number {
  if (json) printJson(skipped);
  else print(`Skipped: ${skipped.skipped}.`);
  return DONE;
}

let secrets: readonly string[] = [];
let databasePath = 'the database';

function print(line: string): void {
  process.stdout.write(`${paint(line)}\n`);
}

function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Whatever is not the answer goes to standard error. */
function note(line: string): void {
  process.stderr.write(`${withoutSecrets(line)}\n`);
}

function withoutSecrets(line: string): string {
  return secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), line);
}

// What is printed must not end what is done. `npm run status | head` closes the pipe early, which is no fault; on a full disk
// the answer is lost, so that the command has failed, but the work is done to its end.
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') return;
  note(`Standard output could not be written (${message}); the work is done.`);
  process.on('exit', () => {
    process.exitCode ||= DID_NOT_WORK;
  });
});
// There is nowhere left to say it.
process.stderr.on('error', () => {});

try {
  await main(process.argv.slice(2));
} catch (error) {
  const { name, message, stack, exitCode } = error as Error & { exitCode?: number };
  // commander has printed its own errors, and help is none.
  if (name === 'CommanderError') {
    process.exitCode = exitCode === 0 ? DONE : BAD_CALL;
    if (exitCode !== 0 && process.argv.includes('--json'))
      printJson({ error: withoutSecrets(message.replace(/^error: /, '')) });
  } else {
    const say = (line: string) => {
      note(line);
      // One document on standard output, whatever happens.
      if (process.argv.includes('--json')) printJson({ error: withoutSecrets(line) });
    };
    if (name === 'SqliteError') {
      const { explainDatabaseError } = await import('./store/sqlite/explain.ts');
      say(explainDatabaseError(error as Error, databasePath));
    } else say(TOLD_IN_A_LINE.includes(name) ? message : String(stack));
    process.exitCode = BAD_CALLS.includes(name) ? BAD_CALL : DID_NOT_WORK;
  }
}
