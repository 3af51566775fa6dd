import { describe, expect, test } from 'vitest';
import { outgoing } from '../../support/examples.ts';
import type { Script } from '../../support/smtp-script.ts';
import { ANN, scripted } from './mail.ts';

describe('its test goes as far as an alert would', () => {
  test('and takes it back', async () => {
    const { smtp, channel } = await scripted({});
    await channel.test();
    expect(smtp.commands.slice(1)).toEqual([
      'AUTH PLAIN',
      'MAIL FROM:<bell@example.org>',
      `RCPT TO:<${ANN}>`,
      'RSET',
      'QUIT',
    ]);
  });

  test.each<[string, Script, RegExp]>([
    [
      'sender',
      { MAIL: '553 5.7.1 <bell@example.org>: Sender address rejected: not owned by user user' },
      /refused the sender: 553 .*EMAIL_FROM must be an address that this login may send from/,
    ],
    [
      'recipient',
      { RCPT: '550 5.1.1 <ann@example.org>: Recipient address rejected: User unknown' },
      /refused the recipient: 550 5\.1\.1/,
    ],
    ['sender with 421', { MAIL: '421 4.7.0 Try again later, closing connection.' }, /refused it for now: 421 4\.7\.0/],
    ['sender, for now', { MAIL: '452 4.3.1 Insufficient system storage' }, /refused it for now: 452/],
  ])('a refused %s fails it', async (_, script, words) => {
    const { channel } = await scripted(script);
    await expect(channel.test()).rejects.toThrow(words);
    expect(await channel.send(outgoing())).toMatchObject({ state: 'refused', reason: expect.stringMatching(words) });
  });

  test('a welcome of several lines does not', async () => {
    const { channel } = await scripted({ MAIL: '250-2.1.0 OK\n250 with pleasure', RCPT: '250-2.1.5\n250 OK' });
    expect(await channel.test()).toMatch(/accepts the login, and mail to ann@example\.org$/);
  });

  test('421 for the recipient fails it: the server has hung up', async () => {
    const { channel } = await scripted({ RCPT: '421 4.7.0 Try again later, closing connection.' });
    await expect(channel.test()).rejects.toThrow(/refused it for now: 421 4\.7\.0/);
  });

  test('greylisting does not: an alert would come a little later', async () => {
    const { channel } = await scripted({ RCPT: '450 4.2.0 <ann@example.org>: Recipient address rejected: Greylisted' });
    expect(await channel.test()).toMatch(
      /accepts the login, and mail to ann@example\.org, but not just now: 450 4\.2\.0 .*Greylisted$/,
    );
  });
});
