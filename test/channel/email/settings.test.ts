import { describe, expect, test } from 'vitest';
import { readEmail } from '../../../src/channel/email/settings.ts';

test('each address of EMAIL_TO counts once', () => {
  const env = { SMTP_URL: 'smtp://h', EMAIL_FROM: 'Bell <a@b.c>', EMAIL_TO: 'x@y.z, "Doe, Ann" <ann@y.z>,x@y.z' };
  expect(readEmail(env)).toEqual({
    smtpUrl: 'smtp://h',
    from: 'Bell <a@b.c>',
    to: ['x@y.z', 'ann@y.z'],
  });
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
      /SMTP_URL has an option that is not allowed, .* allowed: ignoreTLS, /,
    ]),
    [{ SMTP_URL: 'smtp://h' }, /EMAIL_FROM and EMAIL_TO not set/],
    [{ ...mail, SMTP_URL: 'mail.example.com:587' }, /SMTP_URL is not a connection address/],
    [{ ...mail, EMAIL_TO: 'x@y.z, nobody' }, /EMAIL_TO is 'x@y\.z, nobody'; allowed: addresses/],
    [{ ...mail, EMAIL_FROM: 'a@b.c, d@e.f' }, /EMAIL_FROM is .*allowed: one address/],
  ])('%j', (env, message) => {
    expect(() => readEmail(env)).toThrow(message);
  });
});
