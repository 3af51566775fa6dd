import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tlsOptions from 'smtp-server/lib/tls-options';
import { describe, expect, test } from 'vitest';
import { readEmail } from '../../../src/channel/email/settings.ts';
import { loadSettings } from '../../../src/settings/settings.ts';
import { root } from '../../settings/package-root.ts';

test('each address of EMAIL_TO counts once', () => {
  const env = { SMTP_URL: 'smtp://h', EMAIL_FROM: 'Bell <a@b.c>', EMAIL_TO: 'x@y.z, "Doe, Ann" <ann@y.z>,x@y.z' };
  expect(readEmail(env)).toEqual({
    smtpUrl: 'smtp://h',
    from: 'Bell <a@b.c>',
    to: ['x@y.z', 'ann@y.z'],
  });
});

test.each<[string, readonly string[]]>([
  ['ann@y.z bob@y.z', ['ann@y.z', 'bob@y.z']],
  ['ann@y.z;bob@y.z', ['ann@y.z', 'bob@y.z']],
  ['"ann@y.z\nbob@y.z"', ['ann@y.z', 'bob@y.z']],
  ['"ann@y.z,\n  bob@y.z,\n"', ['ann@y.z', 'bob@y.z']],
  ["'Ann <ann@y.z>\nBob Doe <bob@y.z>\r\n\tcarl@y.z'", ['ann@y.z', 'bob@y.z', 'carl@y.z']],
  ['\'Team: bob@y.z,\ncarl@y.z;\n"Doe, Ann" <ann@y.z>\'', ['bob@y.z', 'carl@y.z', 'ann@y.z']],
  ['Ann@y.z, ann@Y.Z, Ann <ANN@y.z>', ['Ann@y.z']],
])('EMAIL_TO=%s in .env names everybody once', (value, to) => {
  const folder = root(`SMTP_URL=smtp://h\nEMAIL_FROM=a@b.c\nEMAIL_TO=${value}\n`);
  expect(loadSettings(folder, {}).email?.to).toEqual(to);
});

test('a line break in any other variable is refused', () => {
  const env = { SMTP_URL: 'smtp://h', EMAIL_FROM: 'a@b.c\nd@e.f', EMAIL_TO: 'x@y.z' };
  expect(() => loadSettings(root(), env)).toThrow(/^EMAIL_FROM contains a line break/);
});

describe('of SMTP_URL', () => {
  const mail = { EMAIL_FROM: 'a@b.c', EMAIL_TO: 'x@y.z' };
  const faultOf = (url: string) => {
    try {
      return readEmail({ ...mail, SMTP_URL: url }) && '';
    } catch (error) {
      return (error as Error).message;
    }
  };

  test.each(['@', '#', '%', '/', '?', '@/', '#@', '/1', '%zz@'])('a raw %s in the password is refused', (sign) => {
    for (const url of [`smtp://zoe:hush${sign}secret@mail.example.com:587`, `smtps://zoe:${sign}hush-secret@h`]) {
      const said = faultOf(url);
      expect(said).toMatch(/^SMTP_URL has .* percent-encoded \(@ is %40, # is %23, \/ is %2F, \? is %3F, % is %25\)$/);
      expect(said).not.toMatch(/hush|secret|zoe/);
    }
  });

  test.each<[string, RegExp]>([
    ['mail.example.com:587', /must begin with smtp:\/\/ or smtps:/],
    ['http://mail.example.com', /must begin with smtp:\/\/ or smtps:/],
    ['smtp://', /names no host/],
    ['smtp://ann:pass@:587', /names no host/],
    ['smtp://ann:pass@mail example', /names a host that is neither a name nor an address/],
    ['smtp://2001:db8::1', /has several colons .* in brackets/],
    [
      'smtp://mail.example.com:smtp',
      /has no port after the colon of its host; allowed: 1 to 65535; without one it is 587/,
    ],
    ['smtps://mail.example.com:70000', /has no port after the colon .* without one it is 465/],
    ['smtp://:hush@mail.example.com', /has a password but no user/],
    ['smtp://mail.example.com/inbox', /has a path after its host/],
    ['smtp://mail.example.com#x', /has a path, a # or a \? after its host/],
  ])('the part that is wrong is named: %s', (url, message) => {
    expect(faultOf(url)).toMatch(message);
  });

  test.each([
    'smtp://mail.example.com',
    'smtp://mail.example.com/',
    'SMTP://user%40example.com:p%23%25%2F@mail.example.com:587',
    'smtps://ann:pass:word@[2001:db8::1]:465?tls.servername=mail.example.com',
    'smtp://ann@mail_1?ignoreTLS=true',
    'smtp://bücher.example',
  ])('what works goes on working: %s', (url) => {
    expect(faultOf(url)).toBe('');
  });

  test('smtp:// and port 465 are remarked, unless TLS is set', () => {
    const remarksOf = (SMTP_URL: string) => loadSettings(root(), { ...mail, SMTP_URL }).remarks;
    expect(remarksOf('smtp://h:465')).toEqual([expect.stringContaining('use smtps://, or port 587')]);
    for (const url of ['smtps://h:465', 'smtp://h:587', 'smtp://h:465?secure=true']) expect(remarksOf(url)).toEqual([]);
  });
});

test('SMTP_CA_FILE is a PEM file, and remarked where it is not used', () => {
  const mail = { SMTP_URL: 'smtp://h', EMAIL_FROM: 'a@b.c', EMAIL_TO: 'x@y.z' };
  const folder = root();
  const load = (env: Record<string, string>) => loadSettings(folder, { SMTP_CA_FILE: 'ca.pem', ...env });
  expect(() => load(mail)).toThrow(`SMTP_CA_FILE: ${folder}/ca.pem cannot be read: ENOENT`);
  writeFileSync(join(folder, 'ca.pem'), 'no certificate');
  expect(() => load(mail)).toThrow(`SMTP_CA_FILE: ${folder}/ca.pem contains no certificate in PEM form`);
  writeFileSync(join(folder, 'ca.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  expect(() => load(mail)).toThrow(`SMTP_CA_FILE: ${folder}/ca.pem contains a certificate that cannot be read`);
  writeFileSync(join(folder, 'ca.pem'), String(tlsOptions({}).cert));
  expect(load(mail).email?.ca).toMatch(/^-----BEGIN CERTIFICATE-----/);
  expect(load({}).remarks).toEqual([expect.stringMatching(/^SMTP_CA_FILE has no effect/)]);
});

describe('a bad setting is refused, naming it and what is allowed', () => {
  const mail = { SMTP_URL: 'smtp://h', EMAIL_FROM: 'a@b.c', EMAIL_TO: 'x@y.z' };
  test.each<[Record<string, string>, RegExp]>([
    ...[
      'requireTLS=false',
      'opportunisticTLS=true',
      'logger=true',
      'debug=true',
      'transactionLog=false',
      'jsonTransport=true',
      'streamTransport=true',
      'sendmail=true',
      'socketTimeout=0',
    ].map((option): [Record<string, string>, RegExp] => [
      { ...mail, SMTP_URL: `smtp://h?${option}` },
      /SMTP_URL has an option, .* not allowed; allowed: ignoreTLS, /,
    ]),
    [{ SMTP_URL: 'smtp://h' }, /EMAIL_FROM and EMAIL_TO are not set/],
    [{ ...mail, SMTP_URL: 'mail.example.com:587' }, /SMTP_URL is not a connection address/],
    [{ ...mail, EMAIL_TO: 'x@y.z, nobody' }, /EMAIL_TO is 'x@y\.z, nobody'; allowed: addresses/],
    [{ ...mail, EMAIL_FROM: 'a@b.c, d@e.f' }, /EMAIL_FROM is .*allowed: one address/],
  ])('%j', (env, message) => {
    expect(() => readEmail(env)).toThrow(message);
  });
});

describe('of EMAIL_TO_FILE', () => {
  const read = (text: string, changes: Readonly<Record<string, string>> = {}) => {
    const folder = root();
    writeFileSync(join(folder, 'readers.txt'), text);
    return readEmail({ SMTP_URL: 'smtp://h', EMAIL_FROM: 'a@b.c', EMAIL_TO_FILE: 'readers.txt', ...changes }, folder)
      ?.to;
  };

  test('each line names somebody, once', () => {
    const text = '# Readers\r\nann@y.z\r\n\r\nBob Doe <bob@y.z>\n  carl@y.z, dora@y.z\nANN@Y.Z\n# eve@y.z\n';
    expect(read(text)).toEqual(['ann@y.z', 'bob@y.z', 'carl@y.z', 'dora@y.z']);
    expect(read(`\uFEFF${Array.from({ length: 1000 }, (_, at) => `r${at}@y.z`).join('\n')}`)).toHaveLength(1000);
  });

  test.each<[string, RegExp]>([
    ['ann@y.z\nbob at y.z\n', /^EMAIL_TO_FILE: \/.*readers\.txt: line 2 is 'bob at y\.z'; allowed: an address/],
    ['x\n'.repeat(7), /line 1 is 'x', .*line 5 is 'x', and 2 more lines are unclear; allowed/],
    ['# nobody\n', /contains no address; allowed: one in each line/],
  ])('%j is refused with its lines', (text, words) => {
    expect(() => read(text)).toThrow(words);
  });

  test('is refused beside EMAIL_TO, and where it is no file', () => {
    expect(() => read('ann@y.z', { EMAIL_TO: 'bob@y.z' })).toThrow(
      /^EMAIL_TO and EMAIL_TO_FILE are both set; set one of them$/,
    );
    expect(() => read('ann@y.z', { EMAIL_TO_FILE: 'nowhere' })).toThrow(/^EMAIL_TO_FILE: \/.*nowhere cannot be read/);
  });
});
