import { type ChannelSettings, SHARED, type SharedSettings } from './registry.ts';
import { FIELDS, KIND, setUp } from './set-up.ts';
import { readAll } from './settings-error.ts';
import type { Variables } from './variables.ts';

// What the settings ask of the channels, whichever there are.

/** The settings of each kind, and whether one is there by default. */
export type ChannelsRead = Omit<ChannelSettings, keyof SharedSettings> & {
  /** True where the folder is on only because nothing else is set up. */
  readonly folderByDefault: boolean;
};

/** The variables of `.env` that channels read. */
export const CHANNEL_VARIABLES: readonly string[] = [...new Set(FIELDS.flatMap((field) => KIND[field].variables))];

/** Those of them that may hold several values. */
export const CHANNEL_LISTS: readonly string[] = FIELDS.flatMap((field) => KIND[field].lists ?? []);

/** Those of them that hold a secret. */
export const CHANNEL_SECRETS: readonly string[] = FIELDS.flatMap((field) => KIND[field].secretVariables);

/** No channel at all, for who sets up one of his own. */
export const NO_CHANNELS = {
  ...Object.fromEntries([...FIELDS, ...Object.keys(SHARED)].map((field) => [field, undefined])),
  folderByDefault: false,
} as { readonly [Field in keyof ChannelSettings]: undefined } & { readonly folderByDefault: boolean };

/**
 * Reads which channels are set up, and how.
 * @throws {SettingsError} for all that cannot be used
 */
export function readChannels(env: Variables, root: string): ChannelsRead {
  const read = readAll(Object.fromEntries(FIELDS.map((field) => [field, () => KIND[field].read(env, root)])));
  const chosen = Object.entries(read);
  const isChosen = chosen.some(([, own]) => own !== undefined);
  const used = isChosen ? chosen : FIELDS.map((field) => [field, KIND[field].stepsIn?.(root)] as const);
  const isOn = used.some(([, own]) => own !== undefined);
  return { ...Object.fromEntries(used), folderByDefault: isOn && !isChosen } as ChannelsRead;
}

/** Reads what several kinds share. @throws {SettingsError} */
export function readShared(env: Variables): SharedSettings {
  return readAll(
    Object.fromEntries(Object.entries(SHARED).map(([field, read]) => [field, () => read(env)])),
  ) as SharedSettings;
}

/** What of the channels' settings must never be shown. */
export function channelSecrets(settings: ChannelSettings, env: Variables): string[] {
  return setUp(settings).flatMap(({ secrets }) => secrets(env));
}

/** True where a channel that is set up shows the dark twins of pictures. */
export function showDark(settings: ChannelSettings): boolean {
  return setUp(settings).some(({ showsDark }) => showsDark);
}

/** The variables of channels whose address leads to another machine and is not encrypted, each once. */
export function unencryptedChannels(env: Variables): string[] {
  return [...new Set(FIELDS.flatMap((field) => KIND[field].unencrypted?.(env) ?? []))];
}

/** What else a person should know of the channels' variables, a line each. @param root where relative paths begin */
export function channelRemarks(env: Variables, root: string): string[] {
  return [...new Set(FIELDS.flatMap((field) => KIND[field].remarks?.(env, root) ?? []))];
}
