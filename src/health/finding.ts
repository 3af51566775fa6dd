import { cleanWords } from '../message/clean-words.ts';
import type { Settings } from '../settings/settings.ts';

export type Lines = readonly [string, ...string[]];

/** One thing that was looked at. */
export interface Finding {
  readonly ok: boolean;
  /** True for what works as it is set up, and may well not be what is meant. */
  readonly note?: true;
  readonly what: string;
  /** What was found, or what is wrong and what to do. */
  readonly text: string;
}

type Secrets = Pick<Settings, 'secrets'>;

/** Looks at one thing. What comes of it, a refusal too, is told without secrets. */
export async function find(settings: Secrets, what: string, look: () => Promise<string> | string): Promise<Finding> {
  const [finding] = await findLines(settings, what, async () => [await look()]);
  return finding;
}

/** The same of a part that more is to be said of: a finding for each line. */
export async function findLines(
  settings: Secrets,
  what: string,
  look: () => Promise<Lines>,
): Promise<[Finding, ...Finding[]]> {
  const findingOf = (ok: boolean, text: string) => ({ ok, what, text: cleanWords(text, settings.secrets) });
  try {
    const [first, ...more] = await look();
    return [findingOf(true, first), ...more.map((line) => findingOf(true, line))];
  } catch (error) {
    return [findingOf(false, (error as Error).message)];
  }
}
