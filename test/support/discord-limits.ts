import type { APIEmbed, RESTPostAPIWebhookWithTokenJSONBody } from 'discord.js';
import type { Answer } from './http.ts';

/**
 * Discord's refusal of a message that is empty or too long, of an address that is none of the web's, or of a name that
 * nobody may have; undefined when it would be taken.
 * Source: Discord's reference, "Embed Limits" and "Execute Webhook"; the codes as discord-api-docs#5837 and
 * Discord-MC-Chat#286 report them.
 */
export function brokenLimit(
  payload: RESTPostAPIWebhookWithTokenJSONBody,
  files: readonly unknown[],
): Answer | undefined {
  const { content = '', embeds = [] } = payload;
  if (!content && embeds.length === 0 && files.length === 0) {
    return { status: 400, body: JSON.stringify({ message: 'Cannot send an empty message', code: 50006 }) };
  }
  const limits: [path: string[], actual: number, limit: number][] = [
    [['content'], content.length, 2000],
    [['embeds'], embeds.length, 10],
    [['embeds'], embeds.flatMap(texts).reduce((sum, text) => sum + text.length, 0), 6000],
  ];
  embeds.forEach((embed, index) => {
    const at = ['embeds', String(index)];
    limits.push([[...at, 'title'], embed.title?.length ?? 0, 256]);
    limits.push([[...at, 'description'], embed.description?.length ?? 0, 4096]);
    limits.push([[...at, 'footer', 'text'], embed.footer?.text.length ?? 0, 2048]);
    limits.push([[...at, 'author', 'name'], embed.author?.name.length ?? 0, 256]);
    limits.push([[...at, 'fields'], embed.fields?.length ?? 0, 25]);
    embed.fields?.forEach(({ name, value }, n) => {
      limits.push([[...at, 'fields', String(n), 'name'], name.length, 256]);
      limits.push([[...at, 'fields', String(n), 'value'], value.length, 1024]);
    });
  });
  limits.push([['username'], payload.username?.length ?? 0, 80]);
  const broken = limits.find(([, actual, limit]) => actual > limit);
  if (broken) return invalid(broken[0], 'BASE_TYPE_MAX_LENGTH', `Must be ${broken[2]} or fewer in length.`);
  const name = payload.username?.toLowerCase().match(/discord|clyde/)?.[0];
  if (name) return invalid(['username'], 'USERNAME_INVALID_CONTAINS', `Username cannot contain "${name}"`);
  const at = embeds.findIndex(({ url }) => url !== undefined && !/^https?:/.test(url));
  if (at === -1) return undefined;
  const scheme = embeds[at]?.url?.split(':')[0];
  return invalid(
    ['embeds', String(at), 'url'],
    'URL_TYPE_INVALID_SCHEME',
    `Scheme "${scheme}" is not supported. Scheme must be one of ('http', 'https').`,
  );
}

function invalid(path: readonly string[], code: string, message: string): Answer {
  const problem = { _errors: [{ code, message }] };
  const errors = path.reduceRight<object>((inner, key) => ({ [key]: inner }), problem);
  return { status: 400, body: JSON.stringify({ message: 'Invalid Form Body', code: 50035, errors }) };
}

/** The texts of an embed that count towards 6,000 characters. */
function texts({ title, description, footer, author, fields = [] }: APIEmbed): string[] {
  return [title, description, footer?.text, author?.name, ...fields.flatMap(({ name, value }) => [name, value])].filter(
    (text) => text !== undefined,
  );
}
