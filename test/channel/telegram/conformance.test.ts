import { createTelegramChannel } from '../../../src/channel/telegram/transport.ts';
import { freePort } from '../../support/ports.ts';
import { faultsOfPosting } from '../../support/posting-server.ts';
import { isEvidence } from '../../support/posting-services.ts';
import { CHAT_ID, startTelegram, TELEGRAM_ERRORS } from '../../support/telegram-server.ts';
import { useStandIn } from '../../support/temporary.ts';
import { conforms, type Stage } from '../conformance.ts';

conforms({ id: 'telegram', needsNetwork: true, start });

async function start(timeout: number): Promise<Stage> {
  const telegram = await useStandIn(startTelegram());
  const { token, api } = telegram;
  const messages = () => telegram.messages.filter(({ text }) => !isEvidence(text));
  const good = { token, api, chatId: CHAT_ID };
  const bad = [
    { token: '123456789:wrong-but-secret-wrong-but-secret' },
    { api: `http://127.0.0.1:${await freePort()}` },
    { chatId: '42' },
  ];
  return {
    channel: createTelegramChannel(good, timeout),
    arrived: () => messages().map(({ text }) => text),
    reference: ({ messageId }) => ({ found: messages()[1]?.replyTo, expected: Number(messageId) }),
    faults: faultsOfPosting(telegram, TELEGRAM_ERRORS),
    bad: bad.map((wrong) => createTelegramChannel({ ...good, ...wrong }, timeout)),
    secrets: [token, token.split(':')[1] ?? '', 'wrong-but-secret-wrong-but-secret'],
  };
}
