import { describe, expect, it, test } from 'vitest';
import { placesOf, publicName, readerName, shortNames, together } from '../../src/channel/names.ts';

const ALL = [
  'discord-webhook',
  'email:ann.zephyrine@example.com',
  'email:bob+alerts@bücher.example',
  "email:o'quill@example.org",
  'folder',
];

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

describe('the public name of a channel', () => {
  it('counts the addresses in the order of the settings', () => {
    expect(ALL.map((id) => publicName(id, ALL))).toEqual([
      'discord-webhook',
      'email 1 of 3',
      'email 2 of 3',
      'email 3 of 3',
      'folder',
    ]);
  });

  it('needs no number for the only address, and has none for one that is not set up', () => {
    expect(publicName('email:ann@example.com', ['email:ann@example.com', 'folder'])).toBe('email');
    expect(publicName('email:gone@example.com', ALL)).toBe('email');
  });
});

describe('where something is the case', () => {
  const addresses = Array.from({ length: 60 }, (_, at) => `email:p${at}@example.com`);
  const all = ['discord-webhook', ...addresses, 'folder'];

  test.each([
    [['discord-webhook', ...addresses.slice(0, 10)], 'discord-webhook and 10 of 60 addresses by email'],
    [addresses, 'all 60 addresses by email'],
    [['folder'], 'folder'],
    [['discord-bot'], 'discord-bot'],
  ])('is counted for addresses: %j', (channels, told) => {
    expect(placesOf(channels, all)).toBe(told);
  });

  test('needs no number for the only address', () => {
    expect(placesOf(['email:ann@example.com'], ['email:ann@example.com', 'folder'])).toBe('email');
  });
});

test('short names count the addresses', () => {
  expect(shortNames(['discord-webhook', 'email:ann@example.com', 'email:bob@example.com', 'folder'])).toEqual([
    'discord-webhook',
    'email (2)',
    'folder',
  ]);
  expect(shortNames(['email:ann@example.com'])).toEqual(['email']);
});

test('each of several webhooks is named by its id, and is no address', () => {
  const webhooks = ['discord-webhook', 'discord-webhook:99'];
  expect(shortNames([...webhooks, 'email:ann@example.com'])).toEqual([...webhooks, 'email']);
  expect(webhooks.map((id) => publicName(id, webhooks))).toEqual(webhooks);
  expect(placesOf(['discord-webhook:99'], webhooks)).toBe('discord-webhook:99');
});

test('who has seen something is named as on Discord, and in a mail by number', () => {
  const all = ['discord-bot', 'email:ann@example.com', 'email:bob@example.com'];
  expect(readerName({ channel: 'discord-bot', name: 'Anna' }, all)).toBe('Anna');
  const bob = { channel: 'email:bob@example.com', name: 'bob@example.com' };
  expect(readerName(bob, all)).toBe('email recipient 2 of 2');
  expect(readerName(bob, ['email:bob@example.com'])).toBe('the email recipient');
  // Of an address that is not set up any more no number is known.
  expect(readerName(bob, ['discord-bot'])).toBe('the email recipient');
});
