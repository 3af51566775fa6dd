import { SettingsError } from '../../channel/settings-error.ts';
import type { Finding } from '../../health/finding.ts';
import { commandLine } from '../../message/command-line.ts';
import type { EnvChanges } from '../../settings/env-text.ts';
import { useProxy } from '../../settings/proxy.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Draft } from './draft.ts';
import type { Choice, Prompter } from './prompter.ts';

/** What is asked, and how the answers are tried. */
export interface Attempt {
  /** In the middle of a sentence: `the Discord webhook`. */
  readonly what: string;
  /**
   * Asks for the variables; absent: all of them are set elsewhere.
   * @param before as they are set, or as they were answered last
   * @returns undefined where the person goes on without
   */
  readonly ask?: (before: EnvChanges) => Promise<EnvChanges | undefined>;
  /** False where the rest of it is set elsewhere, so that it cannot be done without. */
  readonly canLeave?: boolean;
  /** Tries them, without leaving anything behind. */
  try(settings: Settings): Promise<readonly Finding[]>;
  /** What else the person may want of it once that is well. @returns false where it did not work */
  after?(settings: Settings, values: EnvChanges): Promise<boolean>;
}

type Next = 'again' | 'same' | 'keep' | 'without';

const CHOICES: Readonly<Record<Next, Omit<Choice<Next>, 'value'>>> = {
  again: { label: 'Correct it', hint: 'with your answers as suggestions' },
  same: { label: 'Test it again, unchanged' },
  keep: { label: 'Keep it anyway', hint: `${commandLine('doctor')} tests it later` },
  without: { label: 'Continue without it', hint: 'it is left out of .env' },
};

/**
 * Asks, tries at once, and asks again until it works or the person goes on all the same.
 * @param present the variables as they are set
 * @returns the variables to keep; undefined: without them
 */
export async function attempt(
  { prompter, draft }: { readonly prompter: Prompter; readonly draft: Draft },
  { what, ask, canLeave = true, ...one }: Attempt,
  present: EnvChanges,
): Promise<EnvChanges | undefined> {
  let values: EnvChanges = present;
  let next: Next = 'again';
  const leave: readonly Next[] = canLeave ? ['without'] : [];
  for (;;) {
    if (next === 'again' && ask !== undefined) {
      const answers = await ask(values);
      if (answers === undefined) return undefined;
      values = answers;
    }
    const settings = settingsOrFaults(draft, values);
    if (Array.isArray(settings)) {
      for (const fault of settings) prompter.tell('bad', fault);
      next = await chooseNext(prompter, what, ['again', ...leave]);
    } else {
      for (const remark of draft.remarks(settings)) prompter.tell('note', remark);
      const works = await isWell(prompter, settings, `Testing ${what}`, () => one.try(settings));
      if (works && ((await one.after?.(settings, values)) ?? true)) return values;
      next = await chooseNext(prompter, what, ask ? ['again', 'same', 'keep', ...leave] : ['same', 'keep']);
    }
    if (next === 'keep') return values;
    if (next === 'without') return undefined;
  }
}

/**
 * Tries something, over the proxy that is set, and says what comes of it.
 * @param doing what is said meanwhile
 */
export async function isWell(
  prompter: Prompter,
  settings: Settings,
  doing: string,
  look: () => Promise<readonly Finding[]>,
): Promise<boolean> {
  const undo = settings.proxy && useProxy(settings.proxy);
  try {
    const findings = await prompter.during(doing, look);
    for (const { ok, what: part, text } of findings) prompter.tell(ok ? 'good' : 'bad', `${part}: ${text}`);
    return findings.every(({ ok }) => ok);
  } finally {
    undo?.();
  }
}

function settingsOrFaults(draft: Draft, values: EnvChanges): Settings | string[] {
  try {
    return draft.settings(values);
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n');
    throw error;
  }
}

function chooseNext(prompter: Prompter, what: string, options: readonly [Next, ...Next[]]): Promise<Next> {
  return prompter.choose({
    text: `What to do about ${what}?`,
    options: options.map((value) => ({ value, ...CHOICES[value] })),
    offer: options[0],
  });
}
