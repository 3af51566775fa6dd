import { existsSync, realpathSync } from 'node:fs';
import { type Finding, find } from '../../health/finding.ts';
import { portTrouble, whyNotListen } from '../../health/page-port.ts';
import type { EnvChanges } from '../../settings/env-text.ts';
import { isLoopback } from '../../settings/hosts.ts';
import { accessLine } from '../../settings/page-access.ts';
import type { Settings } from '../../settings/settings.ts';
import { openElsewhere } from '../../store/sqlite/open-elsewhere.ts';
import { attempt } from './attempt.ts';
import { type Stage, tellHeld } from './stage.ts';

/** What says who reaches the page. */
export const PAGE_VARIABLES = ['PUBLIC_URL', 'DASHBOARD_HOST', 'DASHBOARD_PORT', 'DASHBOARD_TOKEN'] as const;

const PORT = '8787';
const EVERY_ADDRESS = '0.0.0.0';

/** Asks whether other machines shall reach the page, and looks whether its port is free. */
export async function setUpPage(stage: Stage): Promise<void> {
  const { prompter, draft } = stage;
  const before = Object.fromEntries(PAGE_VARIABLES.map((name) => [name, draft.present(name)]));
  prompter.explain('Page', [
    'The daemon serves a page: where things stand, the charts, every message. It is read-only.',
    'By default only this machine can open it. If others can, messages link to it.',
  ]);
  tellHeld(stage, PAGE_VARIABLES);
  let isFirst = true;
  const values = await attempt(
    stage,
    {
      what: 'the page',
      ask: async (present) => {
        const asked = await askAccess(stage, present);
        if (isFirst) isFirst = false;
        else if (!draft.isHeld('DASHBOARD_PORT')) {
          asked.DASHBOARD_PORT = await prompter.text({ text: 'Port', offer: present.DASHBOARD_PORT || PORT });
        }
        return asked;
      },
      try: async (settings) => [await tryPage(settings)],
    },
    before,
  );
  if (values !== undefined) draft.answer(values);
}

/** @param present as set, or as answered before: what is offered */
async function askAccess(
  { prompter, draft, hostName, newToken }: Stage,
  present: EnvChanges,
): Promise<Record<string, string>> {
  const { PUBLIC_URL = '', DASHBOARD_PORT = '' } = present;
  // What an answer before made of these does not stay for another answer.
  const [host, token] = [draft.present('DASHBOARD_HOST'), draft.present('DASHBOARD_TOKEN')];
  const listensToAll = host !== '' && !isLoopback(host);
  const offer = PUBLIC_URL !== '' || listensToAll;
  const closed = { ...present, PUBLIC_URL: '', DASHBOARD_HOST: listensToAll ? '' : host, DASHBOARD_TOKEN: token };
  if (!(await prompter.confirm({ text: 'Let other machines open the page?', offer }))) return closed;
  const port = DASHBOARD_PORT || PORT;
  prompter.explain('The page for other machines', [
    'http://…: the page listens on all addresses of this machine, unencrypted.',
    `https://…: a proxy on this machine forwards it to 127.0.0.1:${port}.`,
  ]);
  const address = draft.isHeld('PUBLIC_URL')
    ? draft.present('PUBLIC_URL')
    : await prompter.text({
        text: 'Address that they will use',
        offer: PUBLIC_URL || `http://${hostName}:${port}`,
      });
  const isNew = !draft.isSet('DASHBOARD_TOKEN');
  if (isNew) {
    const note = 'It asks for a password: DASHBOARD_TOKEN in .env, with any user name.';
    prompter.tell('note', note);
  }
  return {
    ...present,
    PUBLIC_URL: address,
    DASHBOARD_HOST: listensToAll || /^https:/i.test(address) ? host : EVERY_ADDRESS,
    DASHBOARD_TOKEN: isNew ? newToken() : token,
  };
}

/** Who may read it, unless another process has its port. */
function tryPage(settings: Settings): Promise<Finding> {
  return find(settings, 'page', async () => {
    const { dashboard, databasePath, postgres } = settings;
    // The daemon of this database may run, and have the port.
    const own =
      postgres === undefined && existsSync(databasePath) ? openElsewhere(realpathSync(databasePath)) : undefined;
    const trouble = await portTrouble(dashboard, own === undefined ? [] : [own]);
    const refusal = trouble ?? (own === undefined ? await whyNotListen(dashboard) : undefined);
    if (refusal !== undefined) throw new Error(refusal);
    return accessLine(dashboard);
  });
}
