import { describe, expect, test } from 'vitest';
import { ntfyRequest } from '../../../src/channel/ntfy/request.ts';
import { readNtfy } from '../../../src/channel/ntfy/settings.ts';
import { createNtfyChannel } from '../../../src/channel/ntfy/transport.ts';
import type { MessageKind, Outgoing } from '../../../src/message/message.ts';
import { exampleMessage, outgoing } from '../../support/examples.ts';
import { NTFY_ERRORS, NTFY_TOKEN, startNtfy } from '../../support/ntfy-server.ts';
import type { PostingStandIn } from '../../support/posting-server.ts';
import { useStandIn } from '../../support/temporary.ts';

const NOW = Date.parse('2025-09-18T20:45:00Z');
const PICTURE = { name: 'record', alt: 'A chart', png: new Uint8Array([1, 2, 3]) } as const;

async function startTopic() {
  const ntfy = await useStandIn(startNtfy());
  ntfy.now = () => NOW;
  const url = new URL(ntfy.topicUrl);
  const settings = { server: new URL('/', url), topic: url.pathname.slice(1), token: NTFY_TOKEN };
  return { ntfy, channel: createNtfyChannel(settings, 300, () => NOW) };
}

async function resultOf(fault: PostingStandIn['fault'], message: Outgoing = outgoing()) {
  const { ntfy, channel } = await startTopic();
  ntfy.fault = fault;
  return channel.send(message);
}

describe('what a phone shows', () => {
  test('the title, the record picture, and a tap opens the page', async () => {
    const { ntfy, channel } = await startTopic();
    const message = exampleMessage({ title: 'Größer − „Rekord" 🔔' });
    const page = 'https://bell.example.com/?signal=russell-2000#event-2025-09-18';
    await channel.send(outgoing(message, { page, pictures: [PICTURE] }));
    expect(JSON.parse(ntfy.lines[0] ?? '')).toMatchObject({
      title: 'Größer − „Rekord" 🔔',
      click: page,
      priority: 5,
      tags: ['bell'],
      attachment: { name: 'record.png', size: 3 },
      message: expect.stringMatching(/2 of 3 \(any day: 61%\)[\s\S]*\nId: russell-2000\/2025-09-18\/alert$/),
    });
  });

  // Source: docs.ntfy.sh, "Message priority": 5 is the highest, 3 the default, 2 makes no sound.
  test.each<[MessageKind, number]>([
    ['alert', 5],
    ['retraction', 5],
    ['correction', 4],
    ['warning', 4],
    ['follow-up', 3],
    ['drill', 3],
    ['reminder', 4],
    ['approaching', 3],
    ['digest', 2],
    ['all-clear', 2],
  ])('%s has the priority %d', async (kind, priority) => {
    const { ntfy, channel } = await startTopic();
    await channel.send(outgoing(exampleMessage({ kind })));
    expect(JSON.parse(ntfy.lines[0] ?? '')).toMatchObject({ priority });
  });

  test.each(['word ', '指数 🔔 ', '%&\n'])('what is longer than ntfy takes is cut: %j', async (text) => {
    const { ntfy, channel } = await startTopic();
    const message = exampleMessage({ lead: text.repeat(3000) });
    expect(await channel.send(outgoing(message))).toMatchObject({ state: 'sent' });
    expect(await channel.send(outgoing(message, { pictures: [PICTURE] }))).toMatchObject({ state: 'sent' });
    for (const line of ntfy.lines) {
      const shown = JSON.parse(line).message;
      expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(4096);
      expect(shown).toMatch(/2 of 3 \(any day: 61%\)[\s\S]*\nId: russell-2000\/2025-09-18\/alert$/);
    }
    // An address that nginx reads in one piece.
    for (const { url } of ntfy.taken) expect(url.href.length).toBeLessThan(8000);
  });

  test('another picture than that of the record has no room', () => {
    const other = { ...PICTURE, name: 'outcomes' } as const;
    expect(ntfyRequest(outgoing(exampleMessage(), { pictures: [other] })).parameters).not.toHaveProperty('filename');
  });
});

describe('what ntfy answers', () => {
  test.each([
    ['no attachments', true],
    ['an attachment too large', true],
    ['the daily traffic of files', true],
    ['unauthorized', undefined],
  ])('%s: the words alone may pass: %s', async (what, perhapsPictures) => {
    const result = await resultOf(NTFY_ERRORS[what]);
    expect(result.state).toBe('refused');
    expect('perhapsPictures' in result && result.perhapsPictures).toBe(perhapsPictures ?? false);
  });

  test('a limit of requests is over in seconds, one of the day is not', async () => {
    expect(await resultOf(NTFY_ERRORS['too many requests'])).toMatchObject({ state: 'refused', retryAfter: 5000 });
    expect(await resultOf(NTFY_ERRORS['the daily limit of messages'])).not.toHaveProperty('retryAfter');
  });

  test.each(['hang', 'accept-then-hang', 'accept-then-reset', 'truncate'] as const)(
    '%s: it may have arrived',
    async (fault) => {
      expect(await resultOf(fault)).toMatchObject({ state: 'unknown' });
    },
  );
});

describe('reading the topic back', () => {
  test('finds what arrived though its answer was lost, with the server’s clock behind', async () => {
    const { ntfy, channel } = await startTopic();
    ntfy.now = () => NOW - 600_000;
    ntfy.fault = 'accept-then-reset';
    await channel.send(outgoing());
    ntfy.fault = undefined;
    expect(await channel.find?.('russell-2000/2025-09-18/alert', NOW)).toEqual({ messageId: 'msg1' });
  });

  test('says nothing where it is not there: a server that starts again forgets what it took', async () => {
    const { ntfy, channel } = await startTopic();
    await channel.send(outgoing());
    await expect(channel.find?.('russell-2000/2025-09-18/correction', NOW)).rejects.toThrow(
      /does not have it any more/,
    );
    ntfy.lines.length = 0;
    await expect(channel.find?.('russell-2000/2025-09-18/alert', NOW)).rejects.toThrow(/does not have it any more/);
  });
});

describe('the settings', () => {
  test.each([
    ['https://ntfy.sh/secret-topic', 'https://ntfy.sh/', 'secret-topic'],
    ['https://example.com/push/secret_topic', 'https://example.com/push/', 'secret_topic'],
  ])('%s is a topic', (NTFY_URL, server, topic) => {
    expect(readNtfy({ NTFY_URL, NTFY_TOKEN })).toEqual({ server: new URL(server), topic, token: NTFY_TOKEN });
  });

  test.each([
    [{ NTFY_TOKEN }, /^NTFY_TOKEN is set without NTFY_URL/],
    [{ NTFY_URL: 'https://ntfy.sh/' }, /^NTFY_URL does not end in a topic/],
    [{ NTFY_URL: 'https://ntfy.sh/hidden?auth=hidden' }, /^NTFY_URL does not end in a topic/],
    [{ NTFY_URL: 'https://ntfy.sh/topic', NTFY_TOKEN: 'hidden' }, /^NTFY_TOKEN is not an access token/],
  ])('refuses %j', (env, message) => {
    expect(() => readNtfy(env as Record<string, string>)).toThrow(message);
    expect(() => readNtfy(env as Record<string, string>)).not.toThrow(/hidden/);
  });
});
