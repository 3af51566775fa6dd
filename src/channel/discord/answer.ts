import type { ResponseLike } from 'discord.js';
import { NotDiscordError, UnreadableError } from './errors.ts';

/** The biggest answer that is read, in bytes: a hundred messages have under one million. */
const MAX_BYTES = 8_000_000;

/**
 * The answer, where it is Discord's: JSON, with a message and a code where it refuses; but for status 429 and 5xx, which
 * Cloudflare answers in Discord's name with pages of its own.
 * @throws {NotDiscordError} for what is not Discord's
 * @throws {UnreadableError} for a success that broke off
 */
export async function judged(answer: ResponseLike): Promise<ResponseLike> {
  const { status, statusText, headers } = answer;
  const { bytes, whole } = await bodyOf(answer);
  const text = new TextDecoder().decode(bytes);
  const json = jsonOf(text);
  const respond = (type: string) =>
    new Response([204, 205, 304].includes(status) ? null : new Uint8Array(bytes), {
      status,
      statusText,
      headers: [...[...headers].filter(([name]) => name.toLowerCase() !== 'content-type'), ['content-type', type]],
    });
  if (status === 511) throw new NotDiscordError(status, 'the network asks for a login');
  if (status === 429 || status >= 500) return respond(json === undefined ? 'text/plain' : 'application/json');
  // The client does not follow it, which is right, but takes it for success.
  if (status >= 300 && status < 400) throw new NotDiscordError(status, 'it redirects elsewhere');
  if (status >= 400) {
    if (isRefusal(json)) return respond('application/json');
    const what = status === 407 ? 'a proxy asks for a login' : text.trim() === '' ? 'an empty answer' : 'a page';
    throw new NotDiscordError(status, what);
  }
  if (typeof json === 'object' && json !== null) return respond('application/json');
  const page = /^text\/html\b/i.test(headers.get('content-type') ?? '') || /^\s*[^\s{[]/.test(text);
  if (page) throw new NotDiscordError(status, 'a page');
  if (!whole || text.trim() !== '') throw new UnreadableError(`HTTP ${status}`);
  return respond('text/plain');
}

/** True for the way in which Discord refuses: a message with a code, or the faults of single fields, each a list. */
function isRefusal(json: unknown): boolean {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return false;
  const fields = Object.values(json);
  return textOf(json, 'message') !== undefined || (fields.length > 0 && fields.every(Array.isArray));
}

/** What came of the body, up to a size. */
async function bodyOf(answer: ResponseLike): Promise<{ bytes: Buffer; whole: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      chunks.push(chunk);
      if (size > MAX_BYTES) return { bytes: Buffer.concat(chunks), whole: false };
    }
  } catch {
    // A refusal is one, however little of it came; of a success the caller decides.
    return { bytes: Buffer.concat(chunks), whole: false };
  }
  return { bytes: Buffer.concat(chunks), whole: true };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A text field of an answer; undefined where it has none. */
export function textOf(answer: unknown, field: string): string | undefined {
  const value = typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>)[field] : undefined;
  return typeof value === 'string' ? value : undefined;
}
