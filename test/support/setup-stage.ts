import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createDraft } from '../../src/cli/setup/draft.ts';
import { createRehearsal } from '../../src/cli/setup/rehearsal.ts';
import { askedVariables } from '../../src/cli/setup/setup.ts';
import type { Stage } from '../../src/cli/setup/stage.ts';
import { createFakePrompter, type FakePrompter } from './fake-prompter.ts';
import { startHeartbeat } from './heartbeat-server.ts';
import { SEP_17, startStory } from './story.ts';
import { temporaryFolder, useStandIn } from './temporary.ts';

const PACKAGE = join(import.meta.dirname, '../..');

/** Random, as far as a test knows. */
export const NEW_TOKEN = 'a-token-of-24-characters';

/** Stand-ins of all services on the evening of 17 September 2025, and a folder with an `.env` that leads to them. */
export async function startSetup() {
  const story = await startStory();
  const heartbeat = await useStandIn(startHeartbeat());
  const now = Date.parse(SEP_17);
  story.yahoo.now = now;
  const root = temporaryFolder();
  for (const name of ['config', 'data/before-yahoo.csv'])
    cpSync(join(PACKAGE, name), join(root, name), { recursive: true });
  const services = `YAHOO_FINANCE_URL=${story.yahoo.url}\nDISCORD_API_URL=${story.discord.url}\nDASHBOARD_PORT=0\n`;
  const write = (text: string) => writeFileSync(join(root, '.env'), services + text, { mode: 0o600 });
  write('');
  return {
    ...story,
    heartbeat,
    root,
    /** Puts lines behind those that lead to the stand-ins. */
    write,
    /** What lies in the folder, and what is in `.env`. */
    files: () => [readdirSync(root, { recursive: true }).sort(), readFileSync(join(root, '.env'), 'utf8')],
    /** A setup of that folder. @param environment the variables of the shell */
    stage: async (
      prompter: FakePrompter = createFakePrompter(),
      environment: Readonly<Record<string, string>> = {},
    ): Promise<Stage & { readonly prompter: FakePrompter }> => {
      let calls = 0;
      const runtime = {
        // A drill is called after its instant.
        now: () => now + calls++,
        sleep: async () => {},
        random: () => 0.5,
        progress: () => {},
        draw: async () => [],
      };
      const rehearsal = createRehearsal(runtime);
      onTestFinished(rehearsal.close);
      const draft = createDraft(root, environment, await askedVariables());
      return { prompter, draft, runtime, rehearsal, hostName: 'box', newToken: () => NEW_TOKEN };
    },
  };
}
