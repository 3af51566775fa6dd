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
  prompter.explain('.env', lines.length === 0 ? ['stays as it is'] : lines);
  return prompter.choose<Next>({
    text: lines.length === 0 ? 'All is as it was. What now?' : 'Write this? What was there before is kept in a copy.',
    options: [
      { value: 'start', label: lines.length === 0 ? 'Start the daemon' : 'Write it and start the daemon' },
      ...(lines.length === 0 ? [] : [{ value: 'write', label: 'Write it only' } as const]),
      { value: 'nothing', label: 'Leave everything as it is' },
    ],
    offer: 'start',
  });
}

/** Secrets are not shown. */
function changeLine(name: string, value: string): string {
  if (value === '') return `${name} is taken out`;
  return SECRET_VARIABLES.includes(name) ? `${name} is set` : `${name}=${value}`;
}
