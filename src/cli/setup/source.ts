import { createSource } from '../../app/sources.ts';
import { SettingsError } from '../../channel/settings-error.ts';
import { sourceFindings } from '../../health/source-findings.ts';
import type { EnvChanges } from '../../settings/env-text.ts';
import { isWell } from './attempt.ts';
import type { Choice } from './prompter.ts';
import { type Stage, tellHeld } from './stage.ts';

/** What helps where Yahoo does not answer. */
export const SOURCE_VARIABLES = ['YAHOO_USER_AGENT', 'HTTPS_PROXY'] as const;
type Cure = (typeof SOURCE_VARIABLES)[number];
type Next = Cure | 'again' | 'on';

/** What a browser calls itself; the newest one whose name Yahoo was seen to take is in .env.example. */
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

const CURES: Readonly<Record<Cure, Omit<Choice<Next>, 'value'>>> = {
  YAHOO_USER_AGENT: { label: 'Identify as a browser', hint: 'if it keeps saying HTTP 429 or 403' },
  HTTPS_PROXY: { label: 'Use a proxy', hint: 'if this machine reaches the web only through one' },
};

/** Looks whether the source of the closes can be reached, and helps until it can. */
export async function setUpSource(stage: Stage): Promise<void> {
  const { prompter, draft, runtime } = stage;
  const present = () => Object.fromEntries(SOURCE_VARIABLES.map((name) => [name, draft.present(name)]));
  let usable: EnvChanges = Object.fromEntries(SOURCE_VARIABLES.map((name) => [name, '']));
  draft.answer(present());
  tellHeld(stage, SOURCE_VARIABLES);
  for (;;) {
    let cures = SOURCE_VARIABLES.filter((name) => !draft.isHeld(name));
    // The name in lower case would win.
    if (draft.isSet('https_proxy')) cures = cures.filter((name) => name !== 'HTTPS_PROXY');
    try {
      const settings = draft.settings();
      usable = present();
      const { source } = settings;
      const what = source.name === 'yahoo' ? `Yahoo (${new URL(source.url).host})` : 'the files of closes';
      if (source.name !== 'yahoo') cures = [];
      const look = async () => sourceFindings(settings, await createSource(settings, runtime), runtime);
      if (await isWell(prompter, settings, `Testing ${what}`, look)) return;
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      for (const fault of error.message.split('\n')) prompter.tell('bad', fault);
      // Nothing else could be tested with it.
      draft.answer(usable);
    }
    if ((await help(stage, cures)) === 'on') return;
  }
}

async function help({ prompter, draft }: Stage, cures: readonly Cure[]): Promise<Next> {
  const next = await prompter.choose<Next>({
    text: 'The closes cannot be read. What now?',
    options: [
      { value: 'again', label: 'Try again' },
      ...cures.map((value) => ({ value, ...CURES[value] })),
      { value: 'on', label: 'Continue', hint: 'the daemon keeps trying, and warns' },
    ],
    offer: 'again',
  });
  if (next === 'YAHOO_USER_AGENT') {
    const text = 'User agent (empty: the default)';
    draft.answer({ [next]: await prompter.text({ text, offer: draft.present(next) || BROWSER }) });
  }
  if (next === 'HTTPS_PROXY') {
    prompter.explain('Proxy', [
      'http://proxy.example.com:3128, or with a login: http://user:password@…, percent-encoded.',
    ]);
    const text = 'Proxy address';
    const typed = await prompter.secret({ text, isSet: draft.isSet(next) });
    if (typed !== '') draft.answer({ [next]: typed });
  }
  return next;
}
