import { readApi } from '../discord/settings.ts';
import { SettingsError } from '../settings-error.ts';
import { type Variables, withoutSlash } from '../variables.ts';

export interface DiscordBotSettings {
  readonly token: string;
  readonly channelId: string;
  /** Base of the API, without version: `https://discord.com/api`. */
  readonly api: string;
}

/** Reads the bot's token and channel; undefined where neither is set. @throws {SettingsError} */
export function readDiscordBot(env: Variables): DiscordBotSettings | undefined {
  const api = readApi(env);
  const { DISCORD_BOT_TOKEN: token, DISCORD_CHANNEL_ID: channelId } = env;
  if (token === undefined && channelId === undefined) return undefined;
  if (token === undefined || channelId === undefined) {
    const unset = token === undefined ? 'DISCORD_BOT_TOKEN' : 'DISCORD_CHANNEL_ID';
    throw new SettingsError(`${unset} is not set; the bot needs DISCORD_BOT_TOKEN and DISCORD_CHANNEL_ID`);
  }
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new SettingsError(
      "DISCORD_BOT_TOKEN is not a bot token; copy it from the application's 'Bot' page, without the word Bot",
    );
  }
  if (!/^\d+$/.test(channelId)) {
    throw new SettingsError(
      'DISCORD_CHANNEL_ID is not a channel id; allowed: digits only (turn on Developer Mode, then Copy Channel ID)',
    );
  }
  return { token, channelId, api: withoutSlash(api) };
}
