import fc from 'fast-check';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import { describe, expect, test } from 'vitest';
import { EMAIL_ASKS } from '../../../src/channel/email/asks.ts';
import { readEmail } from '../../../src/channel/email/settings.ts';

const split = (url: string) => EMAIL_ASKS.split?.({ SMTP_URL: url, EMAIL_FROM: 'a@example.com' });
const join = (answers: Readonly<Record<string, string>>, before = '') =>
  EMAIL_ASKS.join?.({ EMAIL_FROM: 'a@example.com', EMAIL_TO: 'b@example.com', ...answers }, { SMTP_URL: before }) ?? {};

describe('the address of a mail server', () => {
  test.each([
    [
      { host: 'mail.example.com', port: '587', user: 'ann', password: 'p@ss #1/2?%' },
      'smtp://ann:p%40ss%20%231%2F2%3F%25@mail.example.com:587',
    ],
    [
      { host: 'mail.example.com', port: '465', user: 'ann@example.com', password: "it's" },
      'smtps://ann%40example.com:it%27s@mail.example.com:465',
    ],
    [{ host: 'mail.example.com', port: '25' }, 'smtp://mail.example.com:25'],
    // Who takes the user out takes the password out with it.
    [{ host: 'mail.example.com', port: '25', password: 'left over' }, 'smtp://mail.example.com:25'],
    [{ host: '2001:db8::1', port: '587', user: 'u', password: 'p' }, 'smtp://u:p@[2001:db8::1]:587'],
    [{ host: 'localhost', port: '25' }, 'smtp://localhost:25?ignoreTLS=true'],
    [{ host: 'localhost', port: '465' }, 'smtps://localhost:465'],
  ])('%o', (answers, url) => {
    expect(join(answers).SMTP_URL).toBe(url);
  });

  test.each([
    'smtp://u:p%40@mail.example.com:587?name=bell.example.com',
    'smtps://mail.example.com',
    'smtp://u:p@[2001:db8::1]:2525',
    'SMTP://u:p@Mail.Example.com',
  ])('%s stays as it was written where nothing of it changes', (url) => {
    expect(join(split(url) ?? {}, url).SMTP_URL).toBe(url);
  });

  test('keeps its options while it names the same server', () => {
    const before = 'smtps://u:p@mail.example.com:2465?tls.rejectUnauthorized=false';
    const parts = split(before) ?? {};
    expect(join({ ...parts, password: 'new' }, before).SMTP_URL).toBe(before.replace('u:p', 'u:new'));
    expect(join({ ...parts, port: '587' }, before).SMTP_URL).toBe(
      'smtp://u:p@mail.example.com:587?tls.rejectUnauthorized=false',
    );
    expect(join({ ...parts, host: 'mx.example.com' }, before).SMTP_URL).toBe('smtp://u:p@mx.example.com:2465');
  });

  test.each(['', 'nonsense', 'https://mail.example.com', 'smtp://u:%E0%A4%A@mail.example.com'])(
    'of %j nothing is offered',
    (url) => {
      expect(split(url)).toEqual({ EMAIL_FROM: 'a@example.com' });
    },
  );

  test('whatever user and password are, the settings accept them and the library reads them again', () => {
    const text = fc.string({
      unit: fc.constantFrom(...'ab1@#$%&\'"`\\/?:;=+ ,.<>[]{}|^~!*()_-éß日'),
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(text, text, fc.constantFrom('587', '465', '2525'), (user, password, port) => {
        const env = join({ host: 'mail.example.com', port, user, password }) as Record<string, string>;
        expect(readEmail(env)).toMatchObject({ smtpUrl: env.SMTP_URL });
        expect(parseConnectionUrl(env.SMTP_URL)).toMatchObject({
          host: 'mail.example.com',
          port: Number(port),
          secure: port === '465',
          auth: { user, pass: password },
        });
        expect(split(env.SMTP_URL ?? '')).toMatchObject({ host: 'mail.example.com', port, user, password });
      }),
      { numRuns: 1000 },
    );
  });
});
