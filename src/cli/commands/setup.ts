import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { realRuntime } from '../../app/runtime.ts';
import { createChannels } from '../../channel/channels.ts';
import { SettingsError } from '../../channel/settings-error.ts';
import { whatToExpect } from '../../console/what-to-expect.ts';
import { newYorkDate } from '../../market/new-york.ts';
import { commandLine } from '../../message/command-line.ts';
import { CallError } from '../../settings/call-error.ts';
import { requireWritable, writeEnvFile } from '../../settings/env-file.ts';
import { ENV_EXAMPLE } from '../../settings/places.ts';
import { home } from '../app.ts';
import { DID_NOT_WORK, DONE, print } from '../output.ts';
import { createDraft, type Draft } from '../setup/draft.ts';
import { CancelledError } from '../setup/prompter.ts';
import { createRehearsal } from '../setup/rehearsal.ts';
import { askedVariables, type Next, planSetup } from '../setup/setup.ts';
import { createTerminal } from '../setup/terminal.ts';

const NO_TERMINAL =
  `setup asks questions and needs a terminal. Without one: cp ${ENV_EXAMPLE} .env && chmod 600 .env, set in it what you ` +
  `use, then ${commandLine('doctor')} and ${commandLine('daemon')}`;

/**
 * Asks for the settings, writes `.env`, and starts the daemon.
 * @throws {CallError} where there is no terminal
 */
export async function runSetup(): Promise<void> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw new CallError(NO_TERMINAL);
  const folder = home();
  requireWritable(folder);
  const draft = createDraft(folder, process.env, await askedVariables());
  refuseOtherFaults(draft);
  const runtime = realRuntime(() => {});
  const rehearsal = createRehearsal(runtime);
  process.once('exit', rehearsal.close);
  const terminal = createTerminal();
  terminal.begin('Breakout Bell setup. Enter accepts, Ctrl-C quits and changes nothing.');
  let next: Next;
  try {
    const newToken = () => randomBytes(24).toString('hex');
    next = await planSetup({ prompter: terminal, draft, runtime, rehearsal, hostName: hostname(), newToken });
    terminal.end(next === 'nothing' ? 'Nothing was changed.' : 'That is everything.');
  } catch (error) {
    const isEnded = error instanceof CancelledError;
    terminal.end(isEnded ? 'Cancelled. Nothing was changed.' : 'This did not work. Nothing was changed.');
    if (!isEnded) throw error;
    // What was under way may go on for a while; nobody waits for it.
    process.exit(DID_NOT_WORK);
  }
  if (next !== 'nothing') process.exitCode = await carryOut(folder, draft, next);
}

/** Nothing can be tried while a setting that nobody is asked for cannot be used. @throws {SettingsError} */
function refuseOtherFaults(draft: Draft): void {
  try {
    draft.settings();
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const more = 'setup does not ask for this: correct it first, then run setup again';
    throw new SettingsError(`${error.message}\n${more}`, { cause: error });
  }
}

async function carryOut(folder: string, draft: Draft, next: Exclude<Next, 'nothing'>): Promise<number> {
  if (Object.keys(draft.changes()).length > 0) {
    const kept = writeEnvFile(folder, draft.text(), newYorkDate(Date.now()));
    print(`Written     ${join(folder, '.env')}${kept === undefined ? '' : `; the previous one is ${kept}`}`);
  }
  if (next === 'write')
    print(`Next        ${commandLine('daemon')} starts the daemon; ${commandLine('doctor')} tests everything`);
  else {
    const { startBackground } = await import('../background/start.ts');
    const code = await startBackground();
    if (code !== DONE) return code;
  }
  const settings = draft.settings();
  const channels = await createChannels(settings);
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  print('');
  whatToExpect({ settings, channels, now: Date.now(), timeZone }, process.stdout.columns).forEach(print);
  return DONE;
}
