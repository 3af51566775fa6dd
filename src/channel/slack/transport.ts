import { renderSlack } from '../../render/slack-blocks.ts';
import { type AttemptResult, type Channel, ChannelError, fingerprintOf } from '../channel.ts';
import { ANSWER_TIMEOUT, type Answer, ask, isSilence } from '../http/ask.ts';
import { refusal, unanswered } from '../http/result.ts';

const SERVICE = 'Slack';
const HEADERS = { 'content-type': 'application/json; charset=utf-8' };

/**
 * What Slack says of a webhook that takes nothing, in the words of its answer.
 * Source: docs.slack.dev, "Sending messages using incoming webhooks", "Handling errors".
 */
const SAYS: Readonly<Record<string, string>> = {
  no_service: 'the webhook was removed or switched off; make a new one and set SLACK_WEBHOOK_URL',
  no_service_id: 'the webhook does not exist; make a new one and set SLACK_WEBHOOK_URL',
  no_active_hooks: 'the webhook is switched off; switch it on, or make a new one and set SLACK_WEBHOOK_URL',
  invalid_token: 'the address is wrong or was revoked; copy it again and set SLACK_WEBHOOK_URL',
  no_team: 'the workspace does not exist; check SLACK_WEBHOOK_URL',
  team_disabled: 'the workspace is not active any more; set SLACK_WEBHOOK_URL to a webhook of another one',
  channel_not_found: 'the channel of the webhook was deleted; make a new webhook and set SLACK_WEBHOOK_URL',
  channel_is_archived: 'the channel of the webhook is archived; unarchive it, or make a new webhook',
  action_prohibited: 'an admin of the workspace does not allow it; ask one',
  posting_to_general_channel_denied: 'only admins may post in #general; make a webhook for another channel',
};

/**
 * Posts through an incoming webhook of Slack. It cannot tell whether it has seen a message, and takes no pictures.
 * @param now epoch milliseconds
 */
export function createSlackChannel(url: URL, timeout = ANSWER_TIMEOUT, now: () => number = Date.now): Channel {
  const post = (body: object, mayWrite?: () => Promise<void>) =>
    ask({ url, method: 'POST', headers: HEADERS, body: JSON.stringify(body) }, timeout, mayWrite);
  return {
    id: 'slack',
    needsNetwork: true,
    fingerprint: fingerprintOf(url.href),
    send: async (outgoing, mayWrite): Promise<AttemptResult> => {
      const answer = await post(renderSlack(outgoing), mayWrite);
      if (isSilence(answer)) return unanswered(answer, SERVICE);
      if (isTaken(answer)) return { state: 'sent', receipt: { messageId: outgoing.message.id } };
      return refused(answer, now());
    },
    test: async () => {
      // A webhook that works finds fault with an empty message, in one word such as no_text, and posts nothing. One that
      // does not answers 403, 404 or 410.
      const answer = await post({ text: '' });
      if (isSilence(answer)) throw new ChannelError(`${SERVICE} cannot be reached: ${answer.code}`);
      const word = answer.text.trim();
      if (answer.status === 400 && /^\w+$/.test(word) && SAYS[word] === undefined) return 'the webhook is there';
      throw new ChannelError(refused(answer, now()).reason);
    },
  };
}

function isTaken({ status, text }: Answer): boolean {
  return status === 200 && text.trim() === 'ok';
}

function refused(answer: Answer, now: number): Exclude<AttemptResult, { state: 'sent' }> {
  const { status, text, whole } = answer;
  const word = text.trim();
  const says = SAYS[word];
  if (says !== undefined) return { state: 'refused', permanent: true, reason: `${SERVICE}: ${says} (${word})` };
  // Slack's only success is "ok": a part of it is one that broke off, and a page is somebody else's.
  if (status === 200 && (!whole || 'ok'.startsWith(word))) {
    return { state: 'unknown', reason: `the answer of ${SERVICE} broke off` };
  }
  if (status < 300) {
    return {
      state: 'refused',
      permanent: false,
      reason: `what answered is not ${SERVICE}; check the network and SLACK_WEBHOOK_URL`,
    };
  }
  // Its own words are a code; anything longer is a page.
  return refusal(answer, SERVICE, /^\w+$/.test(word) ? word : '', now);
}
