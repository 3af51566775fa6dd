import { describe, expect, test } from 'vitest';
import { readTelegram } from '../../../src/channel/telegram/settings.ts';
import { createTelegramChannel } from '../../../src/channel/telegram/transport.ts';
import type { Outgoing, Picture } from '../../../src/message/message.ts';
import { exampleMessage, outgoing } from '../../support/examples.ts';
import type { PostingStandIn } from '../../support/posting-server.ts';
import { CHAT_ID, startTelegram, TELEGRAM_ERRORS, telegramRefusal } from '../../support/telegram-server.ts';
import { useStandIn } from '../../support/temporary.ts';

const PICTURES: Picture[] = (['record', 'outcomes'] as const).map((name) => ({
  name,
  alt: `A chart: ${name}`,
  png: new Uint8Array([1]),
}));

async function startChat(now = Date.now) {
  const telegram = await useStandIn(startTelegram());
  const { token, api } = telegram;
  return { telegram, channel: createTelegramChannel({ token, api, chatId: CHAT_ID }, 300, now) };
}

async function resultOf(fault: PostingStandIn['fault'], message: Outgoing = outgoing()) {
  const { telegram, channel } = await startChat();
  telegram.fault = fault;
  return { telegram, result: await channel.send(message) };
}

describe('what the chat shows', () => {
  test('both pictures with what happened below them, and the evidence as a silent reply', async () => {
    const { telegram, channel } = await startChat();
    const result = await channel.send(outgoing(exampleMessage(), { pictures: PICTURES }));
    expect(result).toEqual({ state: 'sent', receipt: { messageId: '1' } });
    expect(telegram.messages).toMatchObject([
      { pictures: ['record', 'outcomes'], replyTo: undefined, silent: false },
      { pictures: [], replyTo: 1, silent: true, text: expect.stringMatching(/\nEvidence of russell-2000/) },
    ]);
    expect(telegram.messages[0]?.text).toMatch(/2 of 3 \(any day: 61%\)/);
    // On the way no line break became two characters: what is bold is where it was.
    expect(telegram.messages[0]?.marked).toEqual([exampleMessage().title]);
    expect(telegram.messages[1]?.marked).toEqual(
      expect.arrayContaining(exampleMessage().sections.map(({ heading }) => heading)),
    );
  });

  test('one picture is a photo', async () => {
    const { telegram, channel } = await startChat();
    await channel.send(outgoing(exampleMessage(), { pictures: PICTURES.slice(0, 1) }));
    expect(telegram.taken[0]?.url.pathname).toMatch(/sendPhoto$/);
    expect(telegram.messages[0]?.pictures).toHaveLength(1);
  });

  test('without pictures it is one text where that fits, and two where it does not', async () => {
    const { telegram, channel } = await startChat();
    await channel.send(outgoing());
    expect(telegram.messages).toHaveLength(1);
    await channel.send(outgoing(exampleMessage({ lead: 'word '.repeat(800) })));
    expect(telegram.messages.slice(1)).toMatchObject([{ replyTo: undefined }, { replyTo: 2 }]);
  });

  test('digests, follow-ups, all-clears and notes come without a sound', async () => {
    const { telegram, channel } = await startChat();
    for (const kind of ['digest', 'follow-up', 'all-clear', 'approaching', 'alert', 'reminder', 'warning'] as const)
      await channel.send(outgoing(exampleMessage({ kind })));
    expect(telegram.messages.map(({ silent }) => silent)).toEqual([true, true, true, true, false, false, false]);
  });

  test('evidence that does not arrive makes no second message', async () => {
    for (const fault of ['reset', 'hang', telegramRefusal(429, 'Too Many Requests', { retry_after: 9 })] as const) {
      const { telegram, channel } = await startChat();
      telegram.fault = ({ url }) => (url.pathname.endsWith('sendMessage') ? fault : undefined);
      const result = await channel.send(outgoing(exampleMessage(), { pictures: PICTURES }));
      expect(result).toMatchObject({ state: 'sent' });
      expect(telegram.messages).toHaveLength(1);
    }
  });

  test('who slept between the two leaves the evidence out: somebody else may be sending it', async () => {
    let calls = 0;
    const { telegram, channel } = await startChat(() => 1e12 + 3_600_000 * calls++);
    expect(await channel.send(outgoing(exampleMessage(), { pictures: PICTURES }))).toMatchObject({ state: 'sent' });
    expect(telegram.messages).toHaveLength(1);
  });
});

describe('what Telegram answers', () => {
  test.each([
    ['a revoked token', /copy it from @BotFather and set TELEGRAM_BOT_TOKEN$/],
    ['no such chat', /write to the bot first, or add it, and check TELEGRAM_CHAT_ID$/],
    ['blocked by the person', /has blocked the bot; unblock it/],
    ['never written to', /has never written to the bot/],
    ['kicked from the group', /was removed from the chat; add it again/],
    ['no rights to write', /may not write in the chat/],
    ['the group became a supergroup', /set TELEGRAM_CHAT_ID=-1009876543210$/],
    ['a caption too long', /HTTP 400: Bad Request: message caption is too long/],
  ])('%s is a refusal for good that says what to do', async (what, reason) => {
    const { result } = await resultOf(TELEGRAM_ERRORS[what]);
    expect(result).toMatchObject({ state: 'refused', permanent: true, reason: expect.stringMatching(reason) });
  });

  test('a limit says how long to wait', async () => {
    const { result } = await resultOf(TELEGRAM_ERRORS['too many requests']);
    expect(result).toMatchObject({ state: 'refused', permanent: false, retryAfter: 35_000 });
  });

  // As users of the Bot API report them: telebot#444 (rights), tdlib's photos of over 10,000 pixels.
  test.each([
    'Bad Request: not enough rights to send photos to the chat',
    'Bad Request: PHOTO_INVALID_DIMENSIONS',
    'Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN',
  ])('"%s" may be about the pictures: the words are sent without them', async (description) => {
    const { result } = await resultOf(telegramRefusal(400, description));
    expect(result).toMatchObject({ state: 'refused', perhapsPictures: true });
  });

  test.each(['hang', 'accept-then-hang', 'accept-then-reset', 'truncate'] as const)(
    '%s: it may have arrived',
    async (fault) => {
      expect((await resultOf(fault)).result).toMatchObject({ state: 'unknown' });
    },
  );

  test.each([502, 504])('HTTP %d: a gateway does not know what became of it', async (status) => {
    expect((await resultOf(telegramRefusal(status, 'Bad Gateway'))).result).toMatchObject({ state: 'unknown' });
  });

  test('a page with 404 is no word of Telegram, so it is tried again', async () => {
    const { result } = await resultOf({ status: 404, body: '<html>Not Found</html>' });
    expect(result).toMatchObject({ state: 'refused', permanent: false });
  });
});

describe('the settings', () => {
  const TELEGRAM_BOT_TOKEN = '123456789:AAsecretsecretsecretsecretsecret12345';

  test.each(['42', '-1001234567890', '@a_public_channel'])('%s is a chat', (TELEGRAM_CHAT_ID) => {
    expect(readTelegram({ TELEGRAM_BOT_TOKEN, TELEGRAM_CHAT_ID })).toMatchObject({
      chatId: TELEGRAM_CHAT_ID,
      api: 'https://api.telegram.org',
    });
  });

  test.each([
    [
      { TELEGRAM_BOT_TOKEN: 'hidden', TELEGRAM_CHAT_ID: '1' },
      /^TELEGRAM_BOT_TOKEN is not a token; copy it from @BotFather/,
    ],
    [{ TELEGRAM_BOT_TOKEN }, /^TELEGRAM_BOT_TOKEN is set without TELEGRAM_CHAT_ID/],
    [{ TELEGRAM_CHAT_ID: '1' }, /^TELEGRAM_CHAT_ID is set without TELEGRAM_BOT_TOKEN/],
    [{ TELEGRAM_BOT_TOKEN, TELEGRAM_CHAT_ID: 'ann' }, /^TELEGRAM_CHAT_ID must be the number/],
    [
      { TELEGRAM_BOT_TOKEN, TELEGRAM_CHAT_ID: '1', TELEGRAM_API_URL: 'ftp://x' },
      /^TELEGRAM_API_URL must be an address/,
    ],
  ])('refuses %j', (env, message) => {
    expect(() => readTelegram(env as Record<string, string>)).toThrow(message);
    expect(() => readTelegram(env as Record<string, string>)).not.toThrow(/hidden|AAsecret/);
  });
});
