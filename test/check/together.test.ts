import { expect, test } from 'vitest';
import { together } from '../../src/check/together.ts';

const to = (channel: string, reason = '') => ({ message: 'a/2025-09-18/alert', channel, reason });
const mails = (count: number, reason?: (address: string) => string) =>
  Array.from({ length: count }, (_, at) => `p${at}@example.com`).map((address) =>
    to(`email:${address}`, reason?.(address)),
  );
const places = (deliveries: ReturnType<typeof to>[]) =>
  together(deliveries, ({ reason }) => reason).map(({ where }) => where);

test('a few are told one by one, a thousand are counted', () => {
  expect(places([to('discord-webhook'), ...mails(2)])).toEqual([
    'discord-webhook',
    'email:p0@example.com',
    'email:p1@example.com',
  ]);
  expect(places([to('discord-webhook'), ...mails(1000)])).toEqual(['discord-webhook', 'email (1,000 recipients)']);
});

test('those that fare otherwise are told apart, also where a server names the recipient', () => {
  const refused = mails(10, (address) => `550 5.1.1 <${address}>: Recipient address rejected`);
  expect(places([...mails(980), ...refused])).toEqual(['email (980 recipients)', 'email (10 recipients)']);
  expect(places([...mails(980), ...refused.slice(0, 2)])).toEqual([
    'email (980 recipients)',
    'email:p0@example.com',
    'email:p1@example.com',
  ]);
});
