import type { Answer } from './http.ts';
import { type PostingStandIn, startPosting } from './posting-server.ts';

/**
 * Slack's incoming webhooks on loopback. What they answer is from docs.slack.dev, "Sending messages using incoming
 * webhooks": HTTP 200 and `ok`; errors are one word in plain text, with the status of each under "Handling errors"; more
 * than a message a second is refused with 429 and `Retry-After`. Slack calls its words text/html. What breaks for others: a
 * block of over 3,000 characters (sourcegraph-public-snapshot#49979), an address without https:// in a block
 * (louislam/uptime-kuma#941), a webhook that is gone (slackapi/slack-github-action#249).
 */
export interface SlackStandIn extends PostingStandIn {
  readonly webhookUrl: string;
}

const PATH = '/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX';
const said = (status: number, body: string): Answer => ({ status, body, headers: { 'content-type': 'text/html' } });

/** The errors of the documentation. */
export const SLACK_ERRORS: Readonly<Record<string, Answer>> = {
  invalid_payload: said(400, 'invalid_payload'),
  action_prohibited: said(403, 'action_prohibited'),
  invalid_token: said(403, 'invalid_token'),
  posting_to_general_channel_denied: said(403, 'posting_to_general_channel_denied'),
  channel_not_found: said(404, 'channel_not_found'),
  no_service: said(404, 'no_service'),
  no_team: said(404, 'no_team'),
  channel_is_archived: said(410, 'channel_is_archived'),
  rollup_error: said(500, 'rollup_error'),
};

export async function startSlack(): Promise<SlackStandIn> {
  const standIn = await startPosting(({ url, body }) => {
    if (url.pathname !== PATH) return { answer: said(404, 'no_service'), takes: false };
    const wrong = whatIsWrong(JSON.parse(body.toString()));
    return wrong === undefined ? { answer: said(200, 'ok'), takes: true } : { answer: said(400, wrong), takes: false };
  });
  return Object.assign(standIn, { webhookUrl: `http://127.0.0.1:${standIn.port}${PATH}` });
}

interface Block {
  readonly type: string;
  readonly text?: { readonly text: string };
  readonly elements?: readonly { readonly text: string }[];
}

/** Slack's limits. Source: docs.slack.dev, "Blocks", "Section block", "Header block", "Context block". */
function whatIsWrong({ text, blocks = [] }: { text?: string; blocks?: readonly Block[] }): string | undefined {
  if ((text ?? '') === '' && blocks.length === 0) return 'no_text';
  const fits = blocks.every(({ type, text: own, elements = [] }) => {
    const texts = [own?.text, ...elements.map((element) => element.text)].filter((one) => one !== undefined);
    return texts.length > 0 && texts.every((one) => one !== '' && one.length <= (type === 'header' ? 150 : 3000));
  });
  return fits && blocks.length <= 50 ? undefined : 'invalid_blocks';
}
