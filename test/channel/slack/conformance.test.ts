import { expect } from 'vitest';
import { createSlackChannel } from '../../../src/channel/slack/transport.ts';
import { freePort } from '../../support/ports.ts';
import { faultsOfPosting } from '../../support/posting-server.ts';
import { SLACK_ERRORS, startSlack } from '../../support/slack-server.ts';
import { useStandIn } from '../../support/temporary.ts';
import { conforms, type Stage } from '../conformance.ts';

conforms({ id: 'slack', needsNetwork: true, start });

async function start(timeout: number): Promise<Stage> {
  const slack = await useStandIn(startSlack());
  const wrong = [
    `http://127.0.0.1:${await freePort()}/services/T1/B1/secret-nobody-listens`,
    `${slack.webhookUrl}wrong-but-secret`,
  ];
  return {
    channel: createSlackChannel(new URL(slack.webhookUrl), timeout),
    arrived: () => slack.taken.map(({ body }) => body.toString()),
    // An incoming webhook cannot reply: the id is what people search for.
    reference: () => ({
      found: slack.taken[1]?.body.toString(),
      expected: expect.stringContaining('About: russell-2000/2025-09-18/alert'),
    }),
    faults: faultsOfPosting(slack, SLACK_ERRORS),
    bad: wrong.map((address) => createSlackChannel(new URL(address), timeout)),
    secrets: [new URL(slack.webhookUrl).pathname, 'secret-nobody-listens', 'wrong-but-secret'],
  };
}
