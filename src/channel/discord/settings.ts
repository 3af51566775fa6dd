import { SettingsError } from '../settings-error.ts';
import { isOpenTo, type Variables, webUrl } from '../variables.ts';

/** What the webhook and the bot share. */
export const DISCORD_VARIABLES: readonly string[] = ['DISCORD_API_URL', 'DISCORD_MENTION'];

/** Where Discord's API is: a test or a proxy of one's own sets another place. @throws {SettingsError} */
export function readApi(env: Variables): URL {
  return webUrl('DISCORD_API_URL', env.DISCORD_API_URL ?? 'https://discord.com/api');
}

/** The one role or user that a Discord message may mention, `<@&123>` or `<@123>`. @throws {SettingsError} */
export function readMention(env: Variables): string | undefined {
  const value = env.DISCORD_MENTION;
  if (value === undefined || /^<@[&!]?\d+>$/.test(value)) return value?.replace('!', '');
  throw new SettingsError(`DISCORD_MENTION is '${value}'; allowed: a role '<@&123>' or a user '<@123>', by id`);
}

/** The variables that lead to another machine in the open. */
export function unencryptedApi(env: Variables): readonly string[] {
  return isOpenTo(URL.parse(env.DISCORD_API_URL ?? ''), 'http:') ? ['DISCORD_API_URL'] : [];
}

/** A mention that nobody gets: it is easily left in when the rest is taken out. */
export function mentionRemarks(env: Variables): readonly string[] {
  return env.DISCORD_MENTION === undefined ||
    env.DISCORD_WEBHOOK_URL !== undefined ||
    env.DISCORD_BOT_TOKEN !== undefined
    ? []
    : ['DISCORD_MENTION has no effect: neither DISCORD_WEBHOOK_URL nor DISCORD_BOT_TOKEN is set.'];
}
