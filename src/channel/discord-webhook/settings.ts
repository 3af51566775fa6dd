import { readApi } from '../discord/settings.ts';
import { SettingsError } from '../settings-error.ts';
import { type Variables, withoutSlash } from '../variables.ts';

export interface DiscordWebhookSettings {
  readonly id: string;
  readonly token: string;
  /** The thread that it posts into; undefined: none. */
  readonly threadId: string | undefined;
  /** The name of the posts that it makes in a forum; undefined: none. */
  readonly threadName?: string | undefined;
  /** Base of the API, without version: `https://discord.com/api`. */
  readonly api: string;
}

const DISCORD_HOSTS = /^((ptb|canary)\.)?discord(app)?\.com$/;
/** Source: Discord's reference, "Channel Object": a name has 1 to 100 characters. */
const LONGEST_THREAD_NAME = 100;

/** Takes the webhook's address apart; undefined where it is not set. @throws {SettingsError} */
export function readDiscordWebhook(env: Variables): DiscordWebhookSettings | undefined {
  const api = readApi(env);
  if (env.DISCORD_WEBHOOK_URL === undefined) return undefined;
  // The value itself is a secret: the message says its shape only.
  const url = URL.parse(env.DISCORD_WEBHOOK_URL);
  const [, id, token] = url?.pathname.match(/^\/.*?\/?webhooks\/([\w-]+)\/([\w-]+)\/?$/) ?? [];
  // The token goes nowhere but to Discord, or to the stand-in that DISCORD_API_URL names.
  const trusted = DISCORD_HOSTS.test(url?.hostname ?? '') ? url?.protocol === 'https:' : url?.host === api.host;
  if (url === null || !trusted || id === undefined || token === undefined) {
    throw new SettingsError(
      'DISCORD_WEBHOOK_URL is not a webhook address; copy it from Discord (channel settings, Integrations, Webhooks): ' +
        'https://discord.com/api/webhooks/<id>/<token>',
    );
  }
  return { id, token, ...thread(url.searchParams), api: withoutSlash(api) };
}

/** The thread that a webhook posts into, or the name of the posts that it makes in a forum. */
function thread(query: URLSearchParams): Pick<DiscordWebhookSettings, 'threadId' | 'threadName'> {
  const [threadId, threadName] = ['thread_id', 'thread_name'].map((name) => query.get(name)?.trim() || undefined);
  if (threadId !== undefined && !/^\d+$/.test(threadId)) {
    throw new SettingsError(
      'DISCORD_WEBHOOK_URL has a thread_id that is no id; allowed: digits only (turn on Developer Mode, Copy Thread ID)',
    );
  }
  if (threadId !== undefined && threadName !== undefined) {
    throw new SettingsError(
      'DISCORD_WEBHOOK_URL has thread_id and thread_name; allowed: thread_id (a thread that is there) or thread_name (a new post in a forum)',
    );
  }
  if (threadName !== undefined && threadName.length > LONGEST_THREAD_NAME) {
    throw new SettingsError(
      `DISCORD_WEBHOOK_URL has a thread_name of ${threadName.length} characters; allowed: up to ${LONGEST_THREAD_NAME}`,
    );
  }
  return { threadId, threadName };
}
