import { type AttemptResult, type Channel, ChannelError, fingerprintOf } from '../channel.ts';
import { ANSWER_TIMEOUT, ask, isSilence } from '../http/ask.ts';
import { isPage, refusal, unanswered } from '../http/result.ts';
import { webhookBody } from './body.ts';
import type { WebhookSettings } from './settings.ts';
import { signed } from './signature.ts';

const SERVICE = 'the webhook (WEBHOOK_URL)';
/** The longest id of a receiver that is kept. */
const LONGEST_ID = 100;

/**
 * Posts messages as signed JSON to an address of one's own. A repeat has the id of the first attempt, by which a receiver
 * knows that it has it; whether it has, only the receiver can tell.
 * @param now epoch milliseconds
 */
export function createWebhookChannel(
  { url, key }: WebhookSettings,
  timeout = ANSWER_TIMEOUT,
  now: () => number = Date.now,
): Channel {
  return {
    id: 'webhook',
    needsNetwork: true,
    fingerprint: fingerprintOf(url.href, key ?? ''),
    send: async (outgoing, mayWrite): Promise<AttemptResult> => {
      const body = JSON.stringify(webhookBody(outgoing));
      const headers = { 'content-type': 'application/json', ...signed(outgoing.message.id, body, key, now()) };
      const answer = await ask({ url, method: 'POST', headers, body }, timeout, mayWrite);
      if (isSilence(answer)) return unanswered(answer, SERVICE);
      // Words of an unknown service may hold what it was sent, the address among it.
      if (answer.status < 200 || answer.status > 299) return refusal(answer, SERVICE, '', now());
      if (isPage(answer))
        return {
          state: 'refused',
          permanent: false,
          reason: `${SERVICE} answers with a page for people, not as a webhook does`,
        };
      return { state: 'sent', receipt: { messageId: idOf(answer.text) ?? outgoing.message.id } };
    },
    test: async () => {
      const answer = await ask({ url, method: 'HEAD' }, timeout);
      if (isSilence(answer)) throw new ChannelError(`${SERVICE} cannot be reached: ${answer.code}`);
      const { status } = answer;
      // Nothing is posted here: many a receiver knows no HEAD, and says so with 404 or 405.
      if (status >= 500 || status === 407 || status === 429 || (status >= 300 && status < 400))
        throw new ChannelError(
          `${refusal(answer, SERVICE, '', now()).reason}; check the address and what listens there`,
        );
      const signs = key === undefined ? 'messages are not signed (WEBHOOK_SECRET)' : 'messages are signed';
      return `the server answers (HTTP ${status} to HEAD); ${signs}; only a drill shows whether it takes one`;
    },
  };
}

/** The id that a receiver gives to what it took, where it answers with one. */
function idOf(text: string): string | undefined {
  try {
    const { id } = JSON.parse(text);
    return typeof id === 'string' || typeof id === 'number' ? String(id).slice(0, LONGEST_ID) : undefined;
  } catch {
    return undefined;
  }
}
