import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { readWebhook } from '../../../src/channel/webhook/settings.ts';
import { createWebhookChannel } from '../../../src/channel/webhook/transport.ts';
import { drill } from '../../../src/jobs/drill.ts';
import type { Outgoing } from '../../../src/message/message.ts';
import { exampleMessage, outgoing } from '../../support/examples.ts';
import { type PostingStandIn, startPosting } from '../../support/posting-server.ts';
import { SEP_17, SEP_18, SEP_19, SEP_22, startStory } from '../../support/story.ts';
import { temporaryFolder, useStandIn } from '../../support/temporary.ts';
import { WebhookSchema, webhookJsonSchema } from '../../support/webhook-schema.ts';

const DOCS = join(import.meta.dirname, '../../../docs');
const NOW = Date.parse('2025-09-18T20:45:00Z');
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

type Verified = (
  headers: Readonly<Record<string, string>>,
  body: string,
  secret: string,
  now?: number,
) => Record<string, unknown> | undefined;

/** The example of docs/webhook.md, as a reader would copy it. */
async function exampleOfDocs(): Promise<Verified> {
  const code = readFileSync(join(DOCS, 'webhook.md'), 'utf8').match(/```js\n([\s\S]*?)```/)?.[1] ?? '';
  const path = join(temporaryFolder(), 'verified.mjs');
  writeFileSync(path, code);
  return (await import(path)).verified;
}

const startReceiver = () =>
  useStandIn(startPosting(({ method }) => ({ answer: { status: 204 }, takes: method === 'POST' })));

async function posted(message: Outgoing, secret = SECRET): Promise<PostingStandIn['taken'][number]> {
  const receiver = await startReceiver();
  const settings = readWebhook({ WEBHOOK_URL: `http://127.0.0.1:${receiver.port}/bell`, WEBHOOK_SECRET: secret });
  if (settings === undefined) throw new Error('nothing is set');
  await createWebhookChannel(settings, 2000, () => NOW).send(message);
  const [first] = receiver.taken;
  if (first === undefined) throw new Error('nothing was posted');
  return first;
}

describe('the example in docs/webhook.md', () => {
  test.each([SECRET, 'a plain text of 24 bytes or more'])('verifies what is posted: %s', async (secret) => {
    const verified = await exampleOfDocs();
    const { headers, body } = await posted(outgoing(exampleMessage({ title: 'Größer 🔔' })), secret);
    const message = verified(headers, body.toString(), secret, NOW + 299_000);
    expect(message).toMatchObject({ id: 'russell-2000/2025-09-18/alert', version: 1, repeat: false, page: null });
  });

  test('refuses another body, another secret, another id, what is old, and what is not signed', async () => {
    const verified = await exampleOfDocs();
    const { headers, body } = await posted(outgoing());
    const text = body.toString();
    expect(verified(headers, text, SECRET, NOW)).toBeDefined();
    expect(verified(headers, text.replace('2,467.70', '2,467.71'), SECRET, NOW)).toBeUndefined();
    expect(verified(headers, text, SECRET.replace('MfKQ', 'MfKR'), NOW)).toBeUndefined();
    expect(verified({ ...headers, 'webhook-id': 'other' }, text, SECRET, NOW)).toBeUndefined();
    expect(verified(headers, text, SECRET, NOW + 301_000)).toBeUndefined();
    const { 'webhook-signature': _, ...unsigned } = headers;
    expect(verified(unsigned, text, SECRET, NOW)).toBeUndefined();
  });
});

test('a repeat has the same id, and says so', async () => {
  const first = await posted(outgoing());
  const second = await posted(outgoing(exampleMessage(), { repeat: true }));
  expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
  expect(JSON.parse(second.body.toString())).toMatchObject({ id: 'russell-2000/2025-09-18/alert', repeat: true });
});

// What is signed is joined with full stops: one in an id could be moved from one part to the next.
test('an id with a full stop, a space or a letter beyond ASCII is encoded in its header', async () => {
  const id = 'warning/größer 1.5/2025-09-18T20:45:00.000Z';
  const { headers, body } = await posted(outgoing(exampleMessage({ id })));
  expect(headers['webhook-id']).toBe('warning/gr%C3%B6%C3%9Fer%201%2E5/2025-09-18T20:45:00%2E000Z');
  expect(decodeURIComponent(headers['webhook-id'] ?? '')).toBe(id);
  expect(JSON.parse(body.toString()).id).toBe(id);
});

describe('docs/webhook.schema.json', () => {
  test('is current (npm run schemas)', () => {
    expect(readFileSync(join(DOCS, 'webhook.schema.json'), 'utf8')).toBe(webhookJsonSchema());
  });

  test('has every field of what the bot posts in an evening: an alert and its reminder, a correction, a digest, a drill', async () => {
    const receiver = await startReceiver();
    const story = await startStory({
      WEBHOOK_URL: `http://127.0.0.1:${receiver.port}/bell`,
      PUBLIC_URL: 'https://bell.example.com',
    });
    const { load } = story;
    story.load = () => {
      const settings = load();
      const digest = { ...settings.schedule.digest, channels: ['webhook'] };
      return { ...settings, schedule: { ...settings.schedule, digest } };
    };
    await story.check(SEP_17);
    await story.round(SEP_18);
    story.setClose('^RUT', '2025-09-18', 2467.9);
    for (const instant of [SEP_19, '2025-09-19T22:10:00Z', SEP_22]) await story.round(instant);
    await story.at(SEP_22, (app) => drill(app));
    const bodies = receiver.taken.map(({ body }) => JSON.parse(body.toString()));
    expect(new Set(bodies.map(({ message }) => message.kind))).toEqual(
      new Set(['alert', 'correction', 'reminder', 'digest', 'drill']),
    );
    // What the schema does not know is left out of what it gives back.
    for (const body of bodies) expect(v.parse(WebhookSchema, body)).toEqual(body);
  });
});
