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
  /** The id of its channel, by which its deliveries are stored; absent: that of the only webhook. */
  readonly channel?: string;
}

/** The id of the channel of the only webhook, or of the oldest of several. */
export const FIRST_WEBHOOK = 'discord-webhook';

const DISCORD_HOSTS = /^((ptb|canary)\.)?discord(app)?\.com$/;
/** Source: Discord's reference, "Execute Webhook", query string parameters. */
const PARAMETERS = ['thread_id', 'thread_name', 'wait', 'with_components'];
/** Source: Discord's reference, "Channel Object": a name has 1 to 100 characters. */
const LONGEST_THREAD_NAME = 100;
const NEXT_ADDRESS = /[\s,;]+(?=https?:\/\/)/i;

/** How one address is named in an error: the value itself is a secret. */
type Named = (what: string) => SettingsError;

/**
 * Takes the webhooks' addresses apart; undefined where none is set. The oldest webhook comes first: Discord's ids count up
 * with time, so neither their order in the list nor a new webhook in it gives one of them another id.
 * @throws {SettingsError}
 */
export function readDiscordWebhooks(env: Variables): readonly DiscordWebhookSettings[] | undefined {
  const api = readApi(env);
  const addresses = webhookAddresses(env);
  if (addresses.length === 0) return undefined;
  const webhooks = addresses.map((address, at) => readWebhook(address, api, faultOf(at, addresses.length)));
  return [...Map.groupBy(webhooks, ({ id }) => id).values()]
    .flatMap(theOne)
    .sort((a, b) => a.id.length - b.id.length || (a.id < b.id ? -1 : 1))
    .map((webhook, at) => (at === 0 ? webhook : { ...webhook, channel: `${FIRST_WEBHOOK}:${webhook.id}` }));
}

/** The addresses in the variable, as they stand in it: separated by blanks, line breaks, commas or semicolons. */
export function webhookAddresses({ DISCORD_WEBHOOK_URL = '' }: Variables): string[] {
  // A comma or a blank may also belong to a thread_name.
  return DISCORD_WEBHOOK_URL.split(NEXT_ADDRESS)
    .map((address) => address.replace(/[\s,;]+$/, ''))
    .filter((address) => address !== '');
}

function faultOf(at: number, total: number): Named {
  const which = total === 1 ? 'DISCORD_WEBHOOK_URL' : `DISCORD_WEBHOOK_URL, number ${at + 1} of ${total},`;
  return (what) => new SettingsError(`${which} ${what}`);
}

function readWebhook(address: string, api: URL, fault: Named): DiscordWebhookSettings {
  if (/:\/\/.*(:\/\/|webhooks\/.*webhooks\/)/i.test(address)) {
    throw fault(
      'contains two addresses that run together; begin each with https:// and separate them with a comma, a space or a line break',
    );
  }
  const url = URL.parse(address);
  const [, id, token] = url?.pathname.match(/^\/.*?\/?webhooks\/([\w-]+)\/([\w-]+)\/?$/) ?? [];
  // The token goes nowhere but to Discord, or to the stand-in that DISCORD_API_URL names.
  const trusted = DISCORD_HOSTS.test(url?.hostname ?? '') ? url?.protocol === 'https:' : url?.host === api.host;
  if (url === null || !trusted || id === undefined || token === undefined) {
    throw fault(
      'is not a webhook address; copy it from Discord (channel settings, Integrations, Webhooks): ' +
        'https://discord.com/api/webhooks/<id>/<token>',
    );
  }
  return { id, token, ...thread(url.searchParams, fault), api: withoutSlash(api) };
}

/** The webhook of one or more addresses, which must all say the same. */
function theOne([first, ...others]: readonly DiscordWebhookSettings[]): DiscordWebhookSettings[] {
  if (first === undefined) return [];
  const differs = (field: 'token' | 'threadId' | 'threadName') => others.some((other) => other[field] !== first[field]);
  if (differs('token')) {
    throw new SettingsError(
      `DISCORD_WEBHOOK_URL has the webhook ${first.id} twice, with two tokens; keep the address that Discord shows`,
    );
  }
  if (differs('threadId') || differs('threadName')) {
    throw new SettingsError(
      `DISCORD_WEBHOOK_URL has the webhook ${first.id} twice, with different threads; create a webhook for each thread`,
    );
  }
  return [first];
}

/** The thread that a webhook posts into, or the name of the posts that it makes in a forum. */
function thread(query: URLSearchParams, fault: Named): Pick<DiscordWebhookSettings, 'threadId' | 'threadName'> {
  const names = [...query.keys()];
  const unknown = names.find((name, at) => !PARAMETERS.includes(name) || names.indexOf(name) !== at);
  if (unknown !== undefined) {
    throw fault(
      `has ${PARAMETERS.includes(unknown) ? `${unknown} twice` : 'an unknown parameter'}; ` +
        'allowed after the question mark: thread_id=… or thread_name=…',
    );
  }
  const [threadId, threadName] = ['thread_id', 'thread_name'].map((name) => query.get(name)?.trim() || undefined);
  if (threadId !== undefined && !/^\d+$/.test(threadId)) {
    throw fault(
      'has a thread_id that is not an id; allowed: digits only (turn on Developer Mode, then Copy Thread ID)',
    );
  }
  if (threadId !== undefined && threadName !== undefined) {
    throw fault(
      'has both thread_id and thread_name; allowed: thread_id (an existing thread) or thread_name (a new post in a forum)',
    );
  }
  if (threadName !== undefined && threadName.length > LONGEST_THREAD_NAME) {
    throw fault(`has a thread_name of ${threadName.length} characters; allowed: up to ${LONGEST_THREAD_NAME}`);
  }
  return { threadId, threadName };
}
