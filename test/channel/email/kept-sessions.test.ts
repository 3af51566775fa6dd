import { describe, expect, test } from 'vitest';
import { createEmailChannel, shareMail } from '../../../src/channel/email/transport.ts';
import { outgoing } from '../../support/examples.ts';
import { type Reply, type Script, startScriptedSmtp } from '../../support/smtp-script.ts';
import { useStandIn } from '../../support/temporary.ts';
import { ANN, FROM, maybe } from './mail.ts';

describe('a connection that is kept for the next message', () => {
  const create = async (script: Script) => {
    const smtp = await useStandIn(startScriptedSmtp(script));
    const smtpUrl = `smtp://user:secret@127.0.0.1:${smtp.port}?ignoreTLS=true`;
    const settings = { smtpUrl, from: FROM, to: [ANN] };
    const shared = shareMail(settings, 300);
    return { smtp, server: shared.server, channel: createEmailChannel(settings, ANN, 300, shared) };
  };

  test('carries it, and ends with QUIT', async () => {
    const { smtp, server, channel } = await create({});
    for (let message = 0; message < 3; message++)
      expect(await channel.send(outgoing())).toMatchObject({ state: 'sent' });
    await server.rest();
    expect(smtp.connections).toBe(1);
    expect(smtp.commands.at(-1)).toBe('QUIT');
  });

  test('goes on after a refusal, from a clean start', async () => {
    const { smtp, channel } = await create({ RCPT: ['550 5.1.1 no', '250 OK'] });
    expect(await channel.send(outgoing())).toMatchObject({ state: 'refused' });
    expect(await channel.send(outgoing())).toMatchObject({ state: 'sent' });
    expect(smtp.connections).toBe(1);
    expect(smtp.commands).toContain('RSET');
  });

  test.each<Reply>(['421 4.7.0 too many messages', 'close', 'reset', 'silence'])(
    'that meets %j before the next message is made anew, and nobody notices',
    async (reply) => {
      const { smtp, channel } = await create({ MAIL: ['250 OK', reply] });
      expect(await channel.send(outgoing())).toMatchObject({ state: 'sent' });
      expect(await channel.send(outgoing())).toMatchObject({ state: 'sent' });
      expect(smtp.connections).toBe(2);
    },
  );

  test.each<Reply>(['close', 'reset', 'silence'])(
    'that meets %j after the next message is not: it may have been taken',
    async (reply) => {
      const { smtp, channel } = await create({ message: ['250 OK', reply] });
      expect(await channel.send(outgoing())).toMatchObject({ state: 'sent' });
      expect(await channel.send(outgoing())).toMatchObject(maybe);
      expect(smtp.connections).toBe(1);
      // What the first message saw says nothing of the next one.
      expect(await channel.send(outgoing())).toMatchObject({ state: 'sent' });
    },
  );
});
