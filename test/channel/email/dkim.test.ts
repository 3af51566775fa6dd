import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkDkimRecord, dkimRecord } from '../../../src/channel/email/dkim-record.ts';
import { readEmail, serverRemarks } from '../../../src/channel/email/settings.ts';
import { createEmailChannel, shareMail } from '../../../src/channel/email/transport.ts';
import { cleanWords } from '../../../src/message/clean-words.ts';
import type { Picture } from '../../../src/message/message.ts';
import { loadSettings } from '../../../src/settings/settings.ts';
import { root } from '../../settings/package-root.ts';
import { exampleMessage, outgoing } from '../../support/examples.ts';
import { startSmtp } from '../../support/smtp-server.ts';
import { useStandIn } from '../../support/temporary.ts';

const NAME = 'bell._domainkey.example.org';
let folder: string;
let key: string;

/** Keys as people make them; `openssl` is the source of what is expected. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'breakout-bell-dkim-'));
  key = openssl('rsa.pem', 'genrsa', '2048');
});

afterAll(() => rmSync(folder, { recursive: true }));

function openssl(name: string, ...args: string[]): string {
  const path = join(folder, name);
  writeFileSync(path, execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'ignore'] }), { mode: 0o600 });
  return path;
}

/** `p=` as openssl writes a public key. */
function publicKey(path: string): string {
  const pem = execFileSync('openssl', ['rsa', '-in', path, '-pubout'], { stdio: ['ignore', 'pipe', 'ignore'] });
  return String(pem).replace(/-----[^-]+-----|\s/g, '');
}

const variables = (changes: Readonly<Record<string, string | undefined>> = {}) => {
  const all = {
    SMTP_URL: 'smtp://mail.example.org',
    EMAIL_FROM: 'Bell <bell@example.org>',
    EMAIL_TO: 'ann@example.net',
    DKIM_DOMAIN: 'example.org',
    DKIM_SELECTOR: 'bell',
    DKIM_KEY_FILE: key,
    ...changes,
  };
  return Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value ? [[name, value]] : [])));
};
const settingsOf = (changes: Readonly<Record<string, string | undefined>> = {}) => {
  const settings = readEmail(variables(changes));
  if (settings?.dkim === undefined) throw new Error('nothing is signed');
  return { ...settings, dkim: settings.dkim };
};

describe('a signature', () => {
  // What is hard to canonicalize: dots and blanks at both ends of lines, tables, letters of elsewhere.
  const message = exampleMessage({
    lead: '. A dot  and blanks \t . ',
    notes: ['Grüße, 指数: ≥ 2,467.70 = “new”', `${'long '.repeat(60)}end`],
  });
  const pictures: Picture[] = [
    { name: 'record', alt: 'a', png: Buffer.alloc(50_000, 'A picture.'), dark: Buffer.alloc(7, '\0') },
    { name: 'outcomes', alt: 'b', png: Buffer.alloc(100, '..\r\n') },
  ];
  const verify = (raw: string, record: string) =>
    dkimVerify(Buffer.from(raw, 'latin1'), {
      resolver: async (name: string) => (name === NAME ? [[record]] : []),
    });
  const record = () => `v=DKIM1; k=rsa; p=${publicKey(key)}`;

  async function signed(...to: string[]) {
    const smtp = await useStandIn(startSmtp());
    const settings = { ...settingsOf(), smtpUrl: smtp.url, to };
    const shared = shareMail(settings);
    for (const each of to) {
      const channel = createEmailChannel(settings, each, 5000, shared);
      expect(await channel.send(outgoing(message, { pictures }))).toMatchObject({ state: 'sent' });
    }
    await shared.server.rest();
    return smtp.messages;
  }

  test('of every recipient is good, and covers what a mail program acts on', async () => {
    const mails = await signed('ann@example.net', 'bob@example.net');
    expect(mails).toHaveLength(2);
    for (const { raw } of mails) {
      const { results } = await verify(raw, record());
      expect(results).toHaveLength(1);
      expect(results[0]).toMatchObject({ signingDomain: 'example.org', selector: 'bell', algo: 'rsa-sha256' });
      expect(results[0]).toMatchObject({
        format: 'relaxed/relaxed',
        status: { result: 'pass', aligned: 'example.org' },
      });
      const [, headers = ''] = /\bh=([^;]*)/.exec(raw.replace(/\r\n[ \t]+/g, '')) ?? [];
      expect(headers.split(':')).toEqual(
        expect.arrayContaining(['from', 'to', 'subject', 'date', 'message-id', 'list-unsubscribe', 'list-id']),
      );
    }
  });

  test('is bad once a byte of a picture, a word or a head is another, or the key is', async () => {
    const [mail] = await signed('ann@example.net');
    const raw = mail?.raw ?? '';
    const changed: [string, string][] = [
      ['pictures.', raw.replace('QSBwaWN0dXJl', 'QSBwaWN0dXJm')],
      ['words', raw.replace('A dot', 'A cot')],
      ['unsubscribe', raw.replace('mailto:bell@', 'mailto:hell@')],
    ];
    for (const [what, other] of changed) {
      expect(other, what).not.toBe(raw);
      const { results } = await verify(other, record());
      expect(results[0]?.status.result, what).not.toBe('pass');
    }
    const { results } = await verify(raw, `v=DKIM1; k=rsa; p=${publicKey(openssl('other.pem', 'genrsa', '2048'))}`);
    expect(results[0]?.status.result).not.toBe('pass');
  });
});

describe('the DNS record', () => {
  const answer =
    (...records: string[][]) =>
    async () =>
      records;
  const failing = (code: string) => async () => {
    throw Object.assign(new Error(code), { code });
  };

  test('is the public key, as openssl writes it', () => {
    expect(dkimRecord(settingsOf().dkim)).toEqual({ name: NAME, value: `v=DKIM1; k=rsa; p=${publicKey(key)}` });
  });

  const check = (resolve: Parameters<typeof checkDkimRecord>[1]) => checkDkimRecord(settingsOf().dkim, resolve);

  test('is found, also in pieces', async () => {
    const { value } = dkimRecord(settingsOf().dkim);
    const pieces = [value.slice(0, 200), value.slice(200)];
    expect(await check(answer(['other=1'], pieces))).toEqual({
      ok: true,
      text: `${NAME} has the key that mails are signed with`,
    });
  });

  test.each([
    ['missing', failing('ENOTFOUND'), false, /is not in the DNS, so no signature can be verified; publish/],
    ['of another key', answer(['v=DKIM1; p=AAAA']), false, /has another key/],
    ['none at all', answer(['hello']), false, /has no key/],
    ['perhaps there, where nobody can be asked', failing('ETIMEOUT'), true, /the DNS could not be asked \(ETIMEOUT\)/],
  ])('that is %s is told whole', async (_, resolve, ok, words) => {
    const copy = `${NAME} TXT "v=DKIM1; k=rsa; p=${publicKey(key)}"`;
    expect(await check(resolve)).toEqual({ ok, text: expect.stringMatching(words), copy });
  });
});

describe('of the settings', () => {
  const faultOf = (changes: Readonly<Record<string, string | undefined>>) => {
    try {
      readEmail(variables(changes));
      return 'none';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };

  test('all are set, or none', () => {
    expect(faultOf({ DKIM_SELECTOR: undefined })).toBe(
      'DKIM_SELECTOR is not set; signing needs DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY_FILE',
    );
    const none = { DKIM_DOMAIN: undefined, DKIM_SELECTOR: undefined, DKIM_KEY_FILE: undefined };
    expect(readEmail(variables(none))).not.toHaveProperty('dkim');
  });

  test('what cannot be used is named with the cure', () => {
    expect(faultOf({ DKIM_DOMAIN: 'example' })).toMatch(/^DKIM_DOMAIN is 'example'; allowed: a domain/);
    expect(faultOf({ DKIM_SELECTOR: 'a b' })).toMatch(/^DKIM_SELECTOR is 'a b'; allowed: letters/);
    expect(faultOf({ DKIM_KEY_FILE: join(folder, 'nowhere') })).toMatch(/^DKIM_KEY_FILE: .*nowhere cannot be read/);
    expect(faultOf({ DKIM_KEY_FILE: file('words', 'hush') })).toMatch(/contains no private key without a passphrase/);
    const broken = '-----BEGIN PRIVATE KEY-----\nhushhush\n-----END PRIVATE KEY-----\n';
    expect(faultOf({ DKIM_KEY_FILE: file('broken', broken) })).toMatch(
      /a private key that cannot be read; copy the file/,
    );
    const locked = openssl('locked.pem', 'genrsa', '-aes256', '-passout', 'pass:hush', '1024');
    expect(faultOf({ DKIM_KEY_FILE: locked })).toMatch(/contains no private key without a passphrase/);
    const ed = openssl('ed.pem', 'genpkey', '-algorithm', 'ed25519');
    expect(faultOf({ DKIM_KEY_FILE: ed })).toMatch(/a key of the type ed25519; allowed: rsa/);
    expect(faultOf({ DKIM_KEY_FILE: openssl('short.pem', 'genrsa', '512') })).toMatch(
      /a key of 512 bits; allowed: at least 1024/,
    );
  });

  test('no line of the key may be shown', () => {
    const { secrets } = loadSettings(root(), variables());
    const lines = readFileSync(key, 'utf8')
      .split('\n')
      .filter((line) => line.length > 20 && !line.startsWith('-'));
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) expect(cleanWords(`the server says: ${line}`, secrets)).not.toContain(line);
  });

  test('a domain that DMARC does not count is told', () => {
    for (const domain of ['example.org', 'EXAMPLE.org', 'mail.example.org']) {
      expect(serverRemarks(variables({ DKIM_DOMAIN: domain }))).toEqual([]);
    }
    expect(serverRemarks(variables({ EMAIL_FROM: 'bell@news.example.org' }))).toEqual([]);
    expect(serverRemarks(variables({ DKIM_DOMAIN: 'relay.example' }))).toEqual([
      expect.stringMatching(/^DKIM_DOMAIN is relay\.example, but EMAIL_FROM is at example\.org: DMARC does not count/),
    ]);
  });

  test.skipIf(process.platform === 'win32')('a key that others can read, or that is short, is told', () => {
    const short = openssl('1024.pem', 'genrsa', '1024');
    chmodSync(short, 0o640);
    expect(serverRemarks(variables({ DKIM_KEY_FILE: short }))).toEqual([
      `${short} can be read by other users of this machine; it holds the key that signs mails: chmod 600 ${short}`,
      expect.stringMatching(/a key of under 2048 bits, which some servers distrust/),
    ]);
  });
});
