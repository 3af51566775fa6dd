import { type AttemptResult, type Channel, ChannelError, fingerprintOf } from '../channel.ts';
import { ANSWER_TIMEOUT, ask, isSilence } from '../http/ask.ts';
import { unanswered } from '../http/result.ts';
import { ntfyRequest } from './request.ts';
import { foundIn, publishedOr, refused, SERVICE } from './result.ts';
import type { NtfySettings } from './settings.ts';

/** How far the server's clock may be behind, in milliseconds: what it took is looked for from so much earlier on. */
const CLOCKS_DIFFER = 3_600_000;

/**
 * Publishes to a topic of ntfy, of ntfy.sh or of a server of one's own. One attempt is one request: a picture is its body,
 * and the text goes with it.
 * @param now epoch milliseconds
 */
export function createNtfyChannel(
  settings: NtfySettings,
  timeout = ANSWER_TIMEOUT,
  now: () => number = Date.now,
): Channel {
  const { server, topic, token } = settings;
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const at = (path: string, parameters: Readonly<Record<string, string>> = {}) => {
    const url = new URL(`${topic}${path}`, server);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url;
  };
  return {
    id: 'ntfy',
    needsNetwork: true,
    fingerprint: fingerprintOf(server.href, topic, token ?? ''),
    send: async (outgoing, mayWrite): Promise<AttemptResult> => {
      const { parameters, body } = ntfyRequest(outgoing);
      const answer = await ask({ url: at('', parameters), method: 'PUT', headers, body }, timeout, mayWrite);
      return isSilence(answer) ? unanswered(answer, SERVICE) : publishedOr(answer, now());
    },
    find: async (messageId, since) => {
      const from = Math.floor((since - CLOCKS_DIFFER) / 1000);
      const url = at('/json', { poll: '1', since: String(from) });
      const answer = await ask({ url, method: 'GET', headers }, timeout);
      if (isSilence(answer)) throw new ChannelError(`${SERVICE} cannot be reached: ${answer.code}`);
      if (answer.status !== 200 || !answer.whole) throw new ChannelError(refused(answer, now()).reason);
      const found = foundIn(answer.text, messageId);
      if (found !== undefined) return found;
      // A server that keeps nothing on disk forgets what it took when it starts again, which breaks connections too. Source:
      // docs.ntfy.sh, "Message caching".
      throw new ChannelError(`${SERVICE} does not have it any more, or never had it`);
    },
    test: async () => {
      const answer = await ask({ url: at('/auth'), method: 'GET', headers }, timeout);
      if (isSilence(answer)) throw new ChannelError(`${SERVICE} cannot be reached: ${answer.code}`);
      const { status, text } = answer;
      if (status === 200 && /"success"\s*:\s*true/.test(text)) {
        return `the topic can be read at ${server.host}; only a drill shows whether it can be written to`;
      }
      const { reason } = refused(answer, now());
      throw new ChannelError(/NTFY_TOKEN/.test(reason) ? reason : `${reason}; check that ntfy answers at NTFY_URL`);
    },
  };
}
