import type { App } from '../app/app.ts';

/**
 * Notes the channels that are set up: what a later run compares with. A folder that is there by default is no choice of
 * anybody, and leaves the note alone.
 */
export async function rememberChannels({
  settings,
  ledger,
  channels,
}: Pick<App, 'settings' | 'ledger' | 'channels'>): Promise<void> {
  if (settings.folderByDefault) return;
  const ids = channels.filter(({ needsNetwork }) => needsNetwork).map(({ id }) => id);
  if (ids.join() !== (await ledger.channelsBefore()).join()) await ledger.noteChannels(ids);
}

/**
 * The channels that earlier runs had, where none but the folder by default is set up any more: a `.env` that is gone sets
 * nothing up, and an alert would lie in a folder that nobody looks into.
 */
export async function forgottenChannels({
  settings,
  ledger,
}: Pick<App, 'settings' | 'ledger'>): Promise<readonly string[]> {
  return settings.folderByDefault ? ledger.channelsBefore() : [];
}

/**
 * What to say of channels that are forgotten: one line, or none.
 * @param forgotten their ids for who runs the bot, their short names for anybody else
 */
export function forgottenLines(forgotten: readonly string[]): string[] {
  if (forgotten.length === 0) return [];
  const one = forgotten.length === 1 && !forgotten[0]?.endsWith(')');
  return [
    `${forgotten.join(', ')} ${one ? 'was' : 'were'} set up before, but no channel is now: is .env still in place? Alerts are kept for ${one ? 'it' : 'them'} for 7 days. If you want only the folder, set OUTBOX_DIR.`,
  ];
}
