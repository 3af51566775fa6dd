import { describe, expect, it } from 'vitest';
import { replyWithoutAddresses, withoutAddresses } from '../../src/channel/without-addresses.ts';

const ADDRESSES = ['ann.zephyrine@example.com', 'bob+alerts@bücher.example', "o'quill@example.org"];

describe('a text without addresses', () => {
  it.each([
    ['delivery to email:ann.zephyrine@example.com failed', 'delivery to email 1 of 3 failed'],
    ['550 5.1.1 <Ann.Zephyrine@EXAMPLE.com>: unknown', '550 5.1.1 <email 1 of 3>: unknown'],
    ['550 <bob+alerts@xn--bcher-kva.example> unknown', '550 <email 2 of 3> unknown'],
    ['see https://help.example/?to=bob%2Balerts%40b%C3%BCcher.example', 'see https://help.example/?to=an address'],
    ['see https://help.example/?to=ann.zephyrine%40example.com&x=1', 'see https://help.example/?to=email 1 of 3&x=1'],
    ['bounced to <v-ann.zephyrine=example.com@relay.example>', 'bounced to <v-email 1 of 3>'],
    ["o'quill@example.org is full", 'email 3 of 3 is full'],
    ['alias of "ann zephyrine"@inside.example', 'alias of an address'],
    ['forwarded to zephyrine@inside.example, which is full', 'forwarded to an address, which is full'],
    ['cut off: ann.zephyrine@exam', 'cut off: an address'],
    ['cut off: ann.zephyrine@', 'cut off: an address'],
    ['ann.zephyrine@example.com.', 'email 1 of 3.'],
    ['nothing here: @everyone, 12:30, russell-2000/2025-09-18', undefined],
  ])('%s', (text, expected = text) => {
    expect(withoutAddresses(text, ADDRESSES)).toBe(expected);
  });

  it('takes bounce addresses apart, and mailboxes in brackets', () => {
    for (const text of [
      'bounces+ann.zephyrine=example.com@relay.example',
      'ann.zephyrine(at)example.com',
      'mailto:ann.zephyrine@example.com',
    ]) {
      expect(withoutAddresses(text, ADDRESSES)).not.toContain('zephyrine');
    }
  });

  it('takes out the name before the @ where a mail server speaks, and there only', () => {
    // Sendmail's form; Exim's and MDaemon's say the name alone as well.
    const said = (words: string) => replyWithoutAddresses(`the mail server refused ann.zephyrine: ${words}`, ADDRESSES);
    expect(said('550 5.1.1 ann.zephyrine... User unknown')).toBe(
      'the mail server refused ann.zephyrine: 550 5.1.1 an address... User unknown',
    );
    expect(said('550 No such user bob here')).toContain('550 No such user an address here');
    expect(said('550 bobsleigh is no user')).toContain('550 bobsleigh is no user');
    expect(replyWithoutAddresses('the mail server cannot be reached', ['mail@example.com'])).toBe(
      'the mail server cannot be reached',
    );
  });

  it('takes its time for many addresses', () => {
    const many = Array.from({ length: 1000 }, (_, at) => `reader-${at}@example.com`);
    const text = `${'No. '.repeat(500)}550 <reader-999@example.com> unknown`;
    expect(replyWithoutAddresses(text, many)).toContain('550 <email 1000 of 1000> unknown');
  });
});
