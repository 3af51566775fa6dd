import { describe, expect, test } from 'vitest';
import { createEmailChannel } from '../../../src/channel/email/transport.ts';
import { startSmtp } from '../../support/smtp-server.ts';
import { useStandIn } from '../../support/temporary.ts';
import { asked, WITH_PICTURE, WORDS } from '../may-write.ts';

describe('a mail', () => {
  const EMAIL = { from: 'bell@example.com', to: ['ann@example.com'] };

  test('asks once the server has said 354, and before the end of the message', async () => {
    const smtp = await useStandIn(startSmtp());
    const steps: string[] = [];
    smtp.watch = (step) => void steps.push(step);
    const channel = createEmailChannel({ ...EMAIL, smtpUrl: smtp.url }, 'ann@example.com', 5000);
    const { mayWrite, seen } = asked(() => steps.at(-1));
    expect(await channel.send(WITH_PICTURE, mayWrite)).toMatchObject({ state: 'sent' });
    expect(seen).toEqual(['data', 'data']);
    await channel.server?.rest();
    expect(smtp.messages).toHaveLength(1);
  });

  test.each([1, 2])('ends without the message where it may not be written (call %i)', async (call) => {
    const smtp = await useStandIn(startSmtp());
    const channel = createEmailChannel({ ...EMAIL, smtpUrl: smtp.url }, 'ann@example.com', 5000);
    await channel.send(WITH_PICTURE, asked(() => 0, call).mayWrite);
    expect(smtp.messages).toEqual([]);
    expect(smtp.connections).toBe(1);
    // The connection is not used again.
    expect(await channel.send(WORDS, asked(() => 0).mayWrite)).toMatchObject({ state: 'sent' });
    await channel.server?.rest();
    expect([smtp.connections, smtp.messages.length]).toEqual([2, 1]);
  });
});
