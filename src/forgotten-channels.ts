import type { World } from './world.ts';

/** A channel that took a message within this time was meant to be there: every quarter has its drill. In milliseconds. */
const REMEMBERED_MS = 100 * 86_400_000;

/**
 * The channels that took messages lately, where none but the folder is set up any more: a `.env` that is gone sets nothing
 * up, and an alert would lie in a folder that nobody looks into.
 */
export async function forgottenChannels({ settings, ledger, now }: World): Promise<string[]> {
  if (!settings.folderByDefault) return [];
  const known = (await ledger.proven()).filter(({ at }) => Date.parse(at) > now() - REMEMBERED_MS);
  return known.map(({ channel }) => channel).filter((id) => id !== 'folder');
}

/** What to say of channels that are forgotten: one line, or none. */
export function forgottenLines(forgotten: readonly string[]): string[] {
  if (forgotten.length === 0) return [];
  const they = `${forgotten.join(', ')} took messages before and ${forgotten.length === 1 ? 'is' : 'are'} not set up any more`;
  return [
    `${they}: is .env where it was? Alerts are kept for them for 7 days. If only the folder is meant, set OUTBOX_DIR.`,
  ];
}
