import type { Receipt } from '../../message/message.ts';
import type { AttemptResult } from '../channel.ts';
import type { Answer } from '../http/ask.ts';
import { refusal } from '../http/result.ts';

export const SERVICE = 'ntfy (NTFY_URL)';

// Source: ntfy's server/errors.go.
/** A limit of files or their traffic: the words alone may pass. */
const ABOUT_FILES = [40014, 41301, 42905];
/** All messages of a day are used up. */
const DAY_IS_FULL = 42908;
/** One request in five seconds is let through. Source: docs.ntfy.sh, "Limitations". */
const ONE_REQUEST = 5000;

/** What a published message came to: an answer of 200 with the message is the only success. */
export function publishedOr(answer: Answer, now: number): AttemptResult {
  const { status, text, whole } = answer;
  if (status !== 200) return refused(answer, now);
  const taken = jsonOf(text);
  if (taken?.event === 'message' && typeof taken.id === 'string')
    return { state: 'sent', receipt: { messageId: taken.id } };
  if (!whole || text.trim() === '' || text.trimStart().startsWith('{'))
    return { state: 'unknown', reason: `the answer of ${SERVICE} broke off` };
  return { state: 'refused', permanent: false, reason: `what answered is not ntfy; check the network and NTFY_URL` };
}

/** What an answer that is no success says. */
export function refused(answer: Answer, now: number): Exclude<AttemptResult, { state: 'sent' }> {
  const { error, code } = jsonOf(answer.text) ?? {};
  if (answer.status === 401 || answer.status === 403) {
    const reason = `${SERVICE} refuses the login (HTTP ${answer.status}); check NTFY_TOKEN, and that it may read and write the topic`;
    return { state: 'refused', permanent: true, reason };
  }
  const result = refusal(answer, SERVICE, typeof error === 'string' ? error : '', now);
  if (result.state !== 'refused') return result;
  const { retryAfter, ...rest } = result;
  const files = ABOUT_FILES.some((one) => one === code) ? { perhapsPictures: true } : {};
  if (answer.status !== 429 || answer.headers.has('retry-after')) return { ...result, ...files };
  return { ...rest, ...files, ...(code === DAY_IS_FULL ? {} : { retryAfter: ONE_REQUEST }) };
}

/** The message of an id among those that a topic was read back with, a line of JSON each. */
export function foundIn(lines: string, messageId: string): Receipt | undefined {
  const message = lines
    .split('\n')
    .map(jsonOf)
    .find((one) => typeof one?.message === 'string' && one.message.split('\n').includes(`Id: ${messageId}`));
  return typeof message?.id === 'string' ? { messageId: message.id } : undefined;
}

function jsonOf(text: string): Record<string, unknown> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
