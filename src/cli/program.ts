import { Argument, Command, CommanderError, Option } from 'commander';
import { CallError } from '../settings/call-error.ts';
import { withApp } from './app.ts';
import type { Action } from './background/background.ts';
import type { CheckOptions } from './commands/check.ts';
import type { ReplayOptions } from './commands/replay.ts';
import type { StudyOptions } from './commands/study.ts';
import { toSeed, toSession, toYears } from './options.ts';
import { DONE, print } from './output.ts';
import { versionLine } from './version.ts';

const JSON_OPTION = ['--json', 'print one JSON document and nothing else'] as const;
const AS_OF = ['--as-of <date>', "as it stood after that session, by today's values"] as const;

interface JsonOption {
  readonly json?: true;
}

/** The commands and their options, in the order of the help. What a command runs is loaded when it is called. */
export function createProgram(): Command {
  const program = new Command('breakout-bell')
    .description('Watches a market index for one rare event: a record close after more than a year without one.')
    .exitOverride()
    .showHelpAfterError('(--help lists the commands and their options)');
  for (const add of [addCheck, addEvidence, addReports, addTests, addImport, addPauses, addCopies, addServers])
    add(program);
  for (const command of [program, ...program.commands]) addVersion(command);
  return program;
}

/** Each command has it, as `npm run status -- --version`; the help of the program alone shows it. */
function addVersion(command: Command): void {
  const option = new Option('--version', 'print the version of this program and of Node');
  command.addOption(option.hideHelp(command.parent !== null));
  command.on('option:version', () => {
    print(versionLine());
    throw new CommanderError(DONE, 'commander.version', '');
  });
}

function addCheck(program: Command): void {
  program
    .command('check')
    .description('read closes, look for an event and send alerts')
    .option('--dry-run', 'store closes, but decide and send nothing')
    .option('--offline', 'use no network: only the folder channel delivers, the others stay pending')
    .option(AS_OF[0], `${AS_OF[1]}; implies --dry-run and --offline`, toSession)
    .option(...JSON_OPTION)
    .action(async (options: CheckOptions) => {
      const { runCheck } = await import('./commands/check.ts');
      await withApp((app) => runCheck(app, options));
    });
}

function addEvidence(program: Command): void {
  asking(program.command('study'))
    .description('what the benchmark did after every earlier event')
    .option(...AS_OF, toSession)
    .option('--sensitivity', 'how the count and the mean change with the rule')
    .option('--elsewhere', 'the same rule on other indices: those of the watch list, or some well-known ones')
    .option('--seed <number>', 'seed of the resampling; the same seed gives the same intervals', toSeed)
    .option(...JSON_OPTION)
    .action(async (options: StudyOptions) => {
      const { runStudy } = await import('./commands/study.ts');
      await withApp((app) => runStudy(app, options));
    });
  asking(program.command('replay'))
    .description('run every past evening again with what was known then, and compare with the study')
    .option('--from <date>', "first session (default: the index's first)", toSession)
    .option('--to <date>', 'last session (default: the newest)', toSession)
    .option(...JSON_OPTION)
    .action(async (options: ReplayOptions) => {
      const { runReplay } = await import('./commands/replay.ts');
      await withApp((app) => runReplay(app, options));
    });
}

/** A question without configuration. */
function asking(command: Command): Command {
  return command
    .option('--signal <id>', 'which signal, if there are several')
    .option('--index <symbol>', "another index, such as '^NDX'; missing closes are read")
    .option('--benchmark <symbol>', "the benchmark whose returns are studied, such as '^GSPC'")
    .option('--years <number>', 'calendar years without a record before the next one is an event', toYears);
}

function addReports(program: Command): void {
  program
    .command('status')
    .description('show where things stand, from stored data')
    .option(...JSON_OPTION)
    .action(async (options: JsonOption) => {
      const { runStatus } = await import('./commands/status.ts');
      await withApp((app) => runStatus(app, options));
    });
  program
    .command('digest')
    .description('show whether all is well and where things stand')
    .option('--send', 'send it to the channels set up for digests')
    .option(...JSON_OPTION)
    .action(async (options: JsonOption & { readonly send?: true }) => {
      const { postDigest, printDigest } = await import('./commands/digest.ts');
      const run = options.send ? postDigest : printDigest;
      await withApp((app) => run(app, options));
    });
}

function addTests(program: Command): void {
  program
    .command('setup')
    .description('ask for the settings on a terminal, try each, write .env and start the daemon')
    .action(async () => {
      const { runSetup } = await import('./commands/setup.ts');
      await runSetup();
    });
  program
    .command('drill')
    .description('send a labelled test message through every channel')
    .action(async () => {
      const { runDrill } = await import('./commands/drill.ts');
      await withApp(runDrill);
    });
  program
    .command('doctor')
    .description('test settings, database, source and channels, one line each')
    .action(async () => {
      const { runDoctor } = await import('./commands/doctor.ts');
      await runDoctor();
    });
}

function addImport(program: Command): void {
  program
    .command('import')
    .description('fill gaps in the stored closes from a CSV file (session,close), or undo an import')
    .argument('[symbol]', 'Yahoo symbol, such as ^RUT')
    .argument('[file]', 'the CSV file')
    .option('--dry-run', 'show what would change, and store nothing')
    .option('--undo', 'undo the newest import (of the symbol, if one is given)')
    .option('--list', 'list the imports, newest first')
    .action(async (symbol: string | undefined, file: string | undefined, options: ImportOptions) => {
      const { runImport, runImportList, runUndo } = await import('./commands/import.ts');
      const { dryRun = false, undo = false, list = false } = options;
      if (undo || list) {
        if (undo && list) throw new CallError('--undo and --list cannot be combined; use one');
        if (file !== undefined) throw new CallError(`--${undo ? 'undo' : 'list'} takes no file`);
        await withApp((app) => (undo ? runUndo(app, symbol, { dryRun }) : runImportList(app, symbol)));
        return;
      }
      if (symbol === undefined || file === undefined)
        throw new CallError('import needs a symbol and a file, such as ^RUT closes.csv');
      await withApp((app) => runImport(app, symbol, file, { dryRun }));
    });
}

interface ImportOptions {
  readonly dryRun?: true;
  readonly undo?: true;
  readonly list?: true;
}

function addPauses(program: Command): void {
  program
    .command('pause')
    .description('hold back the alerts of a channel until it is resumed, and send it nothing else')
    .argument('<channel>', 'channel id, as shown by doctor; email for all addresses, discord-webhook for all webhooks')
    .argument('[date]', 'same as --until', toSession)
    .option('--until <date>', 'resume by itself on that day (New York)', toSession)
    .action(async (channel: string, date: string | undefined, options: { readonly until?: string }) => {
      const { runPause } = await import('./commands/pause.ts');
      await withApp((app) => runPause(app, channel, date, options.until));
    });
  program
    .command('resume')
    .description('resume a channel and send what was kept; without an id, resume all')
    .argument('[channel]', 'channel id; email for all addresses, discord-webhook for all webhooks')
    .action(async (channel: string | undefined) => {
      const { runResume } = await import('./commands/pause.ts');
      await withApp((app) => runResume(app, channel));
    });
}

function addCopies(program: Command): void {
  program
    .command('backup')
    .description('copy the database to backups/ beside it, and check the copy')
    .action(async () => {
      const { runBackup } = await import('./commands/backup.ts');
      await withApp(runBackup);
    });
  program
    .command('restore')
    .description('replace the database with a copy; the old one is kept')
    .argument('<file>', 'a copy from backups/')
    .action(async (file: string) => {
      const { runRestore } = await import('./commands/backup.ts');
      await runRestore(file);
    });
  program
    .command('migrate-to-postgres')
    .description('move the SQLite file into the empty PostgreSQL at DATABASE_URL, and check every row')
    .action(async () => {
      const { runMigrateToPostgres } = await import('./commands/migrate-to-postgres.ts');
      await runMigrateToPostgres();
    });
}

function addServers(program: Command): void {
  program
    .command('start')
    .description('run the daemon in the foreground')
    .action(async () => {
      const { runDaemon } = await import('./commands/daemon.ts');
      await runDaemon();
    });
  program
    .command('daemon')
    .description('start the daemon in the background under pm2, or restart it with the current settings')
    .addArgument(new Argument('[action]', 'what to do instead').choices(['stop', 'logs', 'status']))
    .action(async (action: Action | undefined) => {
      const { runBackground } = await import('./background/background.ts');
      await runBackground(action);
    });
  program
    .command('pm2')
    .description('the pm2 that keeps the daemon, for what daemon does not do: pm2 startup, pm2 save')
    .argument('[words...]', "pm2's own command and its options")
    .allowUnknownOption()
    .helpOption(false)
    .action(async (words: readonly string[]) => {
      const { runPm2 } = await import('./background/background.ts');
      await runPm2(words);
    });
  program
    .command('dashboard')
    .description('serve the page in the foreground (the daemon serves it too)')
    .action(async () => {
      const { runDashboard } = await import('./commands/dashboard.ts');
      await withApp(runDashboard);
    });
  program
    .command('demo')
    .description('play the story of September 2025 offline, in a temporary database')
    .option('--dashboard', 'then serve its page until Ctrl-C')
    .action(async (options: { readonly dashboard?: true }) => {
      const { runDemo } = await import('./commands/demo.ts');
      await runDemo({ dashboard: options.dashboard === true });
    });
}
