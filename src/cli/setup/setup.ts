import { SECRET_VARIABLES } from '../../settings/secret-files.ts';
import { askedKinds, neededBy, setUpChannels, variablesOf } from './channels.ts';
import type { Asked } from './draft.ts';
import { HEARTBEAT_VARIABLE, setUpHeartbeat } from './heartbeat.ts';
import { PAGE_VARIABLES, setUpPage } from './page.ts';
import { SOURCE_VARIABLES, setUpSource } from './source.ts';
import type { Stage } from './stage.ts';

/** What a person decided at the end: to write and start, to write, or to leave all as it is. */
export type Next = 'start' | 'write' | 'nothing';

/** What a setup asks for. It leaves all other variables alone. */
export async function askedVariables(): Promise<Asked> {
  const kinds = await askedKinds();
  const all = [...SOURCE_VARIABLES, ...kinds.flatMap(variablesOf), HEARTBEAT_VARIABLE, ...PAGE_VARIABLES];
  return { all: [...new Set(all)], groups: kinds.map(neededBy) };
}

/**
 * Asks for the settings, one thing after the other, and tries each at once. It writes nothing.
 * @throws {CancelledError} where the person ends it
 */
export async function planSetup(stage: Stage): Promise<Next> {
  const { prompter, draft } = stage;
  // What the settings remark on by themselves is no news of this setup.
  draft.remarks(draft.settings());
  await setUpSource(stage);
  await setUpChannels(stage);
  await setUpHeartbeat(stage);
  await setUpPage(stage);
  const lines = Object.entries(draft.changes()).map(([name, value]) => changeLine(name, value));
  prompter.explain('.env', lines.length === 0 ? ['no changes'] : lines);
  return prompter.choose<Next>({
    text:
      lines.length === 0
        ? 'Nothing has changed. What now?'
        : 'Write these settings? A copy of the previous .env is kept.',
    options: [
      { value: 'start', label: lines.length === 0 ? 'Start the daemon' : 'Write them and start the daemon' },
      ...(lines.length === 0 ? [] : [{ value: 'write', label: 'Only write them' } as const]),
      { value: 'nothing', label: 'Change nothing' },
    ],
    offer: 'start',
  });
}

/** Secrets are not shown. */
function changeLine(name: string, value: string): string {
  if (value === '') return `${name} is removed`;
  return SECRET_VARIABLES.includes(name) ? `${name} is set` : `${name}=${value}`;
}
