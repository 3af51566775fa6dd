import { readMention } from './discord/settings.ts';
import { DISCORD_BOT } from './discord-bot/kind.ts';
import { DISCORD_WEBHOOK } from './discord-webhook/kind.ts';
import { EMAIL } from './email/kind.ts';
import { FOLDER } from './folder/kind.ts';
import { NTFY } from './ntfy/kind.ts';
import { SLACK } from './slack/kind.ts';
import { TELEGRAM } from './telegram/kind.ts';
import { WEBHOOK } from './webhook/kind.ts';

/**
 * Every kind of channels, by the name of its settings among all settings. The order is that in which they are read, told
 * of and listed. The one place that knows them all.
 */
export const KINDS = {
  discordWebhook: DISCORD_WEBHOOK,
  discordBot: DISCORD_BOT,
  email: EMAIL,
  slack: SLACK,
  telegram: TELEGRAM,
  ntfy: NTFY,
  webhook: WEBHOOK,
  outboxDir: FOLDER,
};

/** What several kinds share, by the name of it among all settings, and how it is read. */
export const SHARED = { mention: readMention };

type Kinds = typeof KINDS;

/** The settings of each kind, by name. */
export type OwnSettings = { readonly [K in keyof Kinds]: NonNullable<ReturnType<Kinds[K]['read']>> };

/** The settings of all channels; a kind that is undefined is off. */
export type ChannelSettings = { readonly [K in keyof Kinds]: OwnSettings[K] | undefined } & SharedSettings;

export type SharedSettings = {
  readonly [K in keyof typeof SHARED]: ReturnType<(typeof SHARED)[K]>;
};
