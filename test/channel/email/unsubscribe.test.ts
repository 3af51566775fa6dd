import { expect, test } from 'vitest';
import { readEmail } from '../../../src/channel/email/settings.ts';
import { howToStop, unsubscribeLink } from '../../../src/channel/email/unsubscribe.ts';
import { loadSettings } from '../../../src/settings/settings.ts';
import { root } from '../../settings/package-root.ts';

const MAIL = { SMTP_URL: 'smtp://h', EMAIL_FROM: 'a@b.c', EMAIL_TO: 'x@y.z' };

test.each([
  ['ann@example.com', 'mailto:ann@example.com'],
  ['a%b&c@bücher.example', 'mailto:a%25b%26c@xn--bcher-kva.example'],
  ['mailto:ann@example.com?subject=stop', 'mailto:ann@example.com?subject=stop'],
  ['https://example.com/stop?list=ü', 'https://example.com/stop?list=%C3%BC'],
])('LIST_UNSUBSCRIBE=%s leads to %s', (LIST_UNSUBSCRIBE, link) => {
  expect(readEmail({ ...MAIL, LIST_UNSUBSCRIBE })?.unsubscribe).toBe(link);
});

test.each([
  'ann',
  'Ann <ann@example.com>',
  'ann@example.com, bob@example.com',
  'mailto:ann',
  'mailto:ann@example.com,bob@example.com',
  'mailto:ann@example.com?subject=stop it',
  '<mailto:ann@example.com>',
  'http://example.com/stop',
  'https://example.com/stop>, <mailto:ann@example.com',
  'javascript:alert(1)',
])('LIST_UNSUBSCRIBE=%s is refused, with what is allowed', (LIST_UNSUBSCRIBE) => {
  expect(() => readEmail({ ...MAIL, LIST_UNSUBSCRIBE })).toThrow(
    `LIST_UNSUBSCRIBE is '${LIST_UNSUBSCRIBE}'; allowed: an address such as 'ann@example.com', or a link without blanks ` +
      'that begins with mailto: or https://',
  );
});

test('a password in it is refused, and not shown', () => {
  const LIST_UNSUBSCRIBE = 'https://ann:hush@example.com/stop';
  const words = /^LIST_UNSUBSCRIBE holds a user or a password, which every reader of a mail would see$/;
  expect(() => readEmail({ ...MAIL, LIST_UNSUBSCRIBE })).toThrow(words);
});

test('it is told with the other faults of email, and remarked where it is not used', () => {
  expect(() => readEmail({ ...MAIL, EMAIL_TO: 'nobody', LIST_UNSUBSCRIBE: 'ann' })).toThrow(
    /^EMAIL_TO is 'nobody'.*\nLIST_UNSUBSCRIBE is 'ann'/,
  );
  expect(loadSettings(root(), { LIST_UNSUBSCRIBE: 'ann@example.com' }).remarks).toEqual([
    'LIST_UNSUBSCRIBE has no effect: SMTP_URL is not set.',
  ]);
});

// RFC 6068: what is not a letter or a digit is percent-encoded, and a domain in its ASCII form.
test.each([
  ['bell@example.org', 'mailto:bell@example.org?subject=Unsubscribe%20x%40y.z'],
  ['"B. Ell" <be+ll@bücher.example>', 'mailto:be%2Bll@xn--bcher-kva.example?subject=Unsubscribe%20x%40y.z'],
])('without it a mail to %s unsubscribes, and says whom', (from, link) => {
  expect(unsubscribeLink(from, 'x@y.z')).toBe(link);
});

test('a link of one’s own is left as it is, but for a mail without a subject', () => {
  const linkFor = (set: string) => unsubscribeLink('bell@example.org', 'x@y.z', set);
  expect(linkFor('https://example.com/stop')).toBe('https://example.com/stop');
  expect(linkFor('mailto:ann@example.com?subject=stop')).toBe('mailto:ann@example.com?subject=stop');
  expect(linkFor('mailto:ann@example.com')).toBe('mailto:ann@example.com?subject=Unsubscribe%20x%40y.z');
});

test('who has no such button reads the address as people write it', () => {
  expect(howToStop(unsubscribeLink('be+ll@example.org', 'x@y.z'), 'x@y.z')).toBe(
    'Sent to x@y.z. To stop, write to be+ll@example.org, or where Breakout Bell runs: npm run pause email:x@y.z',
  );
});
