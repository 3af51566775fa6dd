import { describe, expect, test } from 'vitest';
import { readSlack } from '../../../src/channel/slack/settings.ts';
import { createSlackChannel } from '../../../src/channel/slack/transport.ts';
import { outgoing } from '../../support/examples.ts';
import type { PostingFault } from '../../support/posting-server.ts';
import { SLACK_ERRORS, startSlack } from '../../support/slack-server.ts';
import { useStandIn } from '../../support/temporary.ts';

const NOW = Date.parse('2025-09-18T20:45:00Z');

async function resultOf(fault: PostingFault | undefined) {
  const slack = await useStandIn(startSlack());
  slack.fault = fault;
  return createSlackChannel(new URL(slack.webhookUrl), 300, () => NOW).send(outgoing());
}

describe('what Slack answers', () => {
  // Its words and their statuses: docs.slack.dev, "Sending messages using incoming webhooks", "Handling errors".
  test.each([
    ['no_service', true, /was removed or switched off; make a new one and set SLACK_WEBHOOK_URL \(no_service\)$/],
    ['channel_is_archived', true, /is archived; unarchive it/],
    ['channel_not_found', true, /was deleted; make a new webhook/],
    ['action_prohibited', true, /an admin of the workspace does not allow it/],
    ['invalid_token', true, /the address is wrong or was revoked/],
    ['posting_to_general_channel_denied', true, /only admins may post in #general/],
    ['no_team', true, /the workspace does not exist/],
    ['invalid_payload', true, /^Slack answers HTTP 400: invalid_payload$/],
    ['rollup_error', false, /^Slack answers HTTP 500: rollup_error$/],
  ])('%s is a refusal that says what to do', async (word, permanent, reason) => {
    expect(await resultOf(SLACK_ERRORS[word])).toMatchObject({
      state: 'refused',
      permanent,
      reason: expect.stringMatching(reason),
    });
  });

  test('a limit says how long to wait, in seconds or by a date', async () => {
    for (const wait of ['30', 'Thu, 18 Sep 2025 20:45:30 GMT'])
      expect(await resultOf({ status: 429, headers: { 'retry-after': wait } })).toMatchObject({
        state: 'refused',
        permanent: false,
        retryAfter: 30_000,
      });
  });

  test.each<[string, PostingFault]>([
    ['nothing in time', 'hang'],
    ['nothing, and the connection broke', 'accept-then-reset'],
    ['half of its ok', 'truncate'],
    ['nothing but 200', { status: 200 }],
    ['through a gateway that gave up', { status: 504 }],
  ])('%s: it may have arrived', async (_what, fault) => {
    expect(await resultOf(fault)).toMatchObject({ state: 'unknown' });
  });

  test('a page with 200 is somebody else’s', async () => {
    const body = '<html>Log in to this network</html>';
    expect(await resultOf({ body })).toMatchObject({ state: 'refused', permanent: false, reason: /is not Slack/ });
  });
});

describe('the test of a webhook', () => {
  const tested = async (fault: PostingFault | undefined) => {
    const slack = await useStandIn(startSlack());
    slack.fault = fault;
    return createSlackChannel(new URL(slack.webhookUrl), 300, () => NOW).test();
  };

  test.each(['no_text', 'invalid_payload', 'missing_text_or_fallback_or_attachments'])(
    '%s is how a good one refuses nothing',
    async (body) => {
      expect(await tested({ status: 400, body })).toBe('the webhook is there');
    },
  );

  test.each<PostingFault>([
    { status: 400, body: '<html>Bad Request</html>' },
    { status: 200, body: 'ok' },
    { status: 404, body: 'no_service' },
    'reset',
  ])('any other answer is a failure: %j', async (fault) => {
    await expect(tested(fault)).rejects.toThrow(/Slack/);
  });
});

describe('the address of a webhook', () => {
  test.each(['https://hooks.slack.com/services/T0/B0/x', 'https://hooks.slack-gov.com/services/T0/B0/x'])(
    '%s is one',
    (url) => {
      expect(readSlack({ SLACK_WEBHOOK_URL: url })?.href).toBe(url);
    },
  );

  test.each([
    'https://hooks.slack.com.evil.example/services/T0/B0/x',
    'http://hooks.slack.com/services/T0/B0/x',
    'https://hooks.slack.com/workflows/T0/B0/x',
    'https://user:secret@hooks.slack.com/services/T0/B0/x',
    'secret',
  ])('%s is none, and is not shown', (url) => {
    const refused = () => readSlack({ SLACK_WEBHOOK_URL: url });
    expect(refused).toThrow(
      /^SLACK_WEBHOOK_URL is not the address of an incoming webhook; copy it from your Slack app/,
    );
    expect(refused).not.toThrow(/evil|secret|T0/);
  });
});
