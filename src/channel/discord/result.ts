import type { AttemptResult } from '../channel.ts';
import { NotSentError } from '../http/not-sent.ts';
import { textOf } from './answer.ts';
import { DISCORD_CODES } from './codes.ts';
import { NotDiscordError, UnreadableError } from './errors.ts';

/** Who calls: what is wrong is another thing for a bot than for a webhook. */
export type Caller = 'bot' | 'webhook';

/** What a posted message came to, by the message that Discord answers with. */
export function sentWhere(answer: unknown): AttemptResult {
  const messageId = textOf(answer, 'id');
  const channelId = textOf(answer, 'channel_id');
  if (messageId !== undefined && channelId !== undefined && /^\d+$/.test(messageId))
    return { state: 'sent', receipt: { messageId, channelId } };
  // An empty success may be one that somebody on the way has emptied.
  if (answer instanceof ArrayBuffer) return { state: 'unknown', reason: 'Discord answered without a message' };
  return notDiscord('an answer of another service');
}

function notDiscord(what: string): Exclude<AttemptResult, { state: 'sent' }> {
  return {
    state: 'refused',
    permanent: false,
    reason: `the answer did not come from Discord (${what}), so it was not sent; check the network, its proxy, and DISCORD_API_URL if set`,
  };
}

/** Statuses of refusals that may be about the pictures; what Discord's code says of it comes first. */
const PERHAPS_PICTURES = [400, 403, 413, 415, 422];

/** What an error of the client says about the message. */
export function resultOf(error: unknown, caller: Caller): Exclude<AttemptResult, { state: 'sent' }> {
  const { name, message, status, code, retryAfter } = error as Error & {
    status?: number;
    code?: string | number;
    retryAfter?: number;
  };
  const refused = (permanent: boolean, reason: string, wait?: number) => ({
    state: 'refused' as const,
    permanent,
    reason,
    ...(wait === undefined ? {} : { retryAfter: wait }),
  });

  if (name.startsWith('RateLimitError')) {
    // Without a header, or with a date in it, the client says 0 or NaN.
    const wait = Math.max(1000, retryAfter || 0);
    return refused(false, `Discord asks to slow down (HTTP 429) for ${Math.ceil(wait / 1000)} s`, wait);
  }
  if (error instanceof NotDiscordError) {
    const result = notDiscord(`HTTP ${error.status}: ${message}`);
    return { ...result, ...(PERHAPS_PICTURES.includes(error.status) && { perhapsPictures: true }) };
  }
  if (error instanceof NotSentError) return notSent(error.code);
  if (status === 429) return refused(false, 'Discord asks to slow down (HTTP 429)', 1000);
  // The gateway before Discord waited in vain for what it had handed over.
  if (status === 504 || status === 524)
    return { state: 'unknown', reason: `Discord did not answer its gateway in time (HTTP ${status})` };
  if (status !== undefined && status >= 500)
    return { ...refused(false, `Discord answered HTTP ${status}`, 1000), perhapsPictures: true };
  if (status !== undefined) {
    const known = typeof code === 'number' ? DISCORD_CODES[code] : undefined;
    const pictures = known?.notThePictures !== true && PERHAPS_PICTURES.includes(status);
    const reason = `${sentenceOf(code, status, caller)} (HTTP ${status}): ${message}${code ? `, code ${code}` : ''}`;
    return { ...refused(known?.passes !== true, reason), ...(pictures && { perhapsPictures: true }) };
  }
  if (error instanceof UnreadableError) return { state: 'unknown', reason: `Discord's answer broke off (${message})` };
  if (name === 'AbortError' || name === 'TimeoutError')
    return { state: 'unknown', reason: 'Discord did not answer in time' };
  return { state: 'unknown', reason: `the connection to Discord broke (${code ?? name})` };
}

/** What Discord's own code says, or else the status. */
function sentenceOf(code: unknown, status: number, caller: Caller): string {
  const byStatus: Readonly<Record<number, number>> = { 401: 40001, 403: 50013, 404: caller === 'bot' ? 10003 : 10015 };
  const known = (typeof code === 'number' && DISCORD_CODES[code]) || DISCORD_CODES[byStatus[status] ?? -1];
  if (known === undefined) return 'Discord refused it';
  return typeof known.says === 'string' ? known.says : known.says[caller];
}

function notSent(code: string): Exclude<AttemptResult, { state: 'sent' }> {
  const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_|^ERR_TLS|^ERR_SSL|^EPROTO/.test(code);
  const reason = untrusted ? `no trusted connection to Discord (${code})` : `Discord cannot be reached (${code})`;
  // What ended fast may be over in a second; what took its time has had it.
  const quick = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/.test(code);
  return { state: 'refused', permanent: false, reason, ...(quick && { retryAfter: 1000 }) };
}
