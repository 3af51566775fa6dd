import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { authorities } from '../../../src/channel/email/authorities.ts';
import { createEmailChannel } from '../../../src/channel/email/transport.ts';
import { NO_OPENSSL, selfSigned } from '../../support/certificate.ts';
import { outgoing } from '../../support/examples.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { ANN, FROM, refused } from './mail.ts';

/** A mail server whose certificate is for this machine, and signed by nobody else. */
async function startOwn(secure: boolean, hosts: readonly string[]) {
  const { certificate, key } = selfSigned(temporaryFolder(), hosts);
  const cert = readFileSync(certificate, 'utf8');
  const server = new SMTPServer({
    secure,
    cert,
    key: readFileSync(key, 'utf8'),
    authOptional: true,
    disableReverseLookup: true,
    onData: (stream, _session, callback) => stream.on('end', () => callback(null)).resume(),
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as AddressInfo;
  const url = `${secure ? 'smtps' : 'smtp'}://127.0.0.1:${port}`;
  return { url, cert, port };
}

const channelOf = (smtpUrl: string, ca?: string) =>
  createEmailChannel({ smtpUrl, from: FROM, to: [ANN], ...(ca === undefined ? {} : { ca }) }, ANN, 5000);

describe.skipIf(NO_OPENSSL !== undefined)('a certificate that an authority of one’s own has signed', () => {
  test.each([true, false])(
    'is trusted with SMTP_CA_FILE, and without it the cure is named (TLS at once: %s)',
    async (secure) => {
      const { url, cert, port } = await startOwn(secure, ['127.0.0.1']);
      const cure = /certificate is not trusted: self.signed certificate; .* set SMTP_CA_FILE=/;
      expect(await channelOf(url).send(outgoing())).toMatchObject(refused(false, cure));
      await expect(channelOf(url).test()).rejects.toThrow(cure);
      expect(await channelOf(url, cert).send(outgoing())).toMatchObject({ state: 'sent' });
      expect(await channelOf(url, cert).test()).toBe(`127.0.0.1:${port} accepts mail to ${ANN} without a login`);
    },
  );

  test('must be for the host all the same', async () => {
    const { url, cert } = await startOwn(true, ['mail.example.com']);
    expect(await channelOf(url, cert).send(outgoing())).toMatchObject(
      refused(false, /certificate is not trusted: .*; SMTP_URL must name the host as its certificate does$/),
    );
  });
});

test('another authority is another fingerprint: what was refused is tried again at once', () => {
  expect(channelOf('smtp://h', 'x').fingerprint).not.toBe(channelOf('smtp://h').fingerprint);
});

test('those of Node and one’s own are trusted, each once', async () => {
  const all = await authorities('own');
  expect(all.at(-1)).toBe('own');
  expect(all.length).toBeGreaterThan(50);
  expect(new Set(all).size).toBe(all.length);
});
