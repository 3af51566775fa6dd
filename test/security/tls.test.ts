import { createServer } from 'node:https';
import tlsOptions from 'smtp-server/lib/tls-options';
import { describe, expect, test } from 'vitest';
import { createDiscordBotChannel } from '../../src/channel/discord-bot/transport.ts';
import { createDiscordWebhookChannel } from '../../src/channel/discord-webhook/transport.ts';
import { heartbeat } from '../../src/health/heartbeat.ts';
import { createYahooSource } from '../../src/market/yahoo.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { outgoing } from '../support/examples.ts';
import { listen, send, startHttp } from '../support/http.ts';
import { useStandIn } from '../support/temporary.ts';

const ROOT = `${import.meta.dirname}/../..`;

/** A web server with a certificate that nobody trusts; it counts what it is asked. */
async function startUntrusted() {
  const asked: string[] = [];
  const server = createServer(tlsOptions({}), (request, response) => {
    asked.push(request.url ?? '');
    response.end('{}');
  });
  const { port } = await useStandIn(listen(server));
  return { url: `https://127.0.0.1:${port}`, asked };
}

describe('a server whose certificate nobody trusts gets no request, so no token either:', () => {
  test('Yahoo', async () => {
    const { url, asked } = await startUntrusted();
    const patience = { attempts: 1, firstDelay: 0, maxDelay: 0, sleep: async () => {}, random: () => 0 };
    const source = createYahooSource({ url, timeout: 5000, patience });
    await expect(source.read('^RUT', undefined, 0)).rejects.toThrow(/cannot be reached \(.*(CERT|SELF_SIGNED).*\)/);
    expect(asked).toEqual([]);
  });

  test('Discord, by webhook and bot', async () => {
    const { url, asked } = await startUntrusted();
    const api = `${url}/api`;
    for (const channel of [
      createDiscordWebhookChannel({ id: '1', token: 'x', threadId: undefined, api }, undefined),
      createDiscordBotChannel({ token: 'x', channelId: '1', api }, undefined),
    ]) {
      expect(await channel.send(outgoing())).toMatchObject({
        state: 'refused',
        permanent: false,
        reason: expect.stringMatching(/^no trusted connection to Discord \(.*(CERT|SELF_SIGNED)/),
      });
    }
    expect(asked).toEqual([]);
  });

  test('the heartbeat', async () => {
    const { url, asked } = await startUntrusted();
    expect(await heartbeat(`${url}/ping/secret`, 'ok')).toMatch(/^HEARTBEAT_URL cannot be reached/);
    expect(asked).toEqual([]);
  });
});

test('who turns the check of certificates off is told', () => {
  const mail = { EMAIL_FROM: 'a@b.c', EMAIL_TO: 'x@y.z' };
  const remarks = (env: Record<string, string>) => loadSettings(ROOT, { ...mail, ...env }).remarks.join('\n');
  const trusting = 'smtp://h?tls.rejectUnauthorized=false';
  expect(remarks({ SMTP_URL: trusting })).toMatch(/SMTP_URL turns off certificate verification/);
  expect(remarks({ SMTP_URL: 'smtp://h', NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toMatch(
    /NODE_TLS_REJECT_UNAUTHORIZED=0 turns off all certificate verification/,
  );
  expect(remarks({ SMTP_URL: 'smtp://h' })).not.toMatch(/certificate/);
});

test('who sends a secret unencrypted to another machine is told', () => {
  const remarks = (env: Record<string, string>) => loadSettings(ROOT, env).remarks.join('\n');
  const mail = { EMAIL_FROM: 'a@b.c', EMAIL_TO: 'x@y.z' };
  for (const [name, value] of [
    ['SMTP_URL', 'smtp://mail.example.com?ignoreTLS=true'],
    ['HEARTBEAT_URL', 'http://example.com/ping/x'],
    ['DISCORD_API_URL', 'http://proxy.example.com/api'],
  ] as const) {
    expect(remarks({ ...(name === 'SMTP_URL' ? mail : {}), [name]: value })).toContain(`${name} is unencrypted`);
    const local = value.replace(/[a-z]+(\.[a-z]+)+/, '127.0.0.1');
    expect(remarks({ ...(name === 'SMTP_URL' ? mail : {}), [name]: local })).toBe('');
  }
});

test('the heartbeat follows no redirect: its address is a secret', async () => {
  const seen: string[] = [];
  const elsewhere = await useStandIn(startHttp((request) => void seen.push(request.url ?? '')));
  const server = await useStandIn(
    startHttp((_request, response) => {
      send(response, { status: 308, headers: { location: `http://127.0.0.1:${elsewhere.port}/` }, body: 'moved' });
    }),
  );
  expect(await heartbeat(`http://127.0.0.1:${server.port}/ping/secret`, 'fail', 'why')).toMatch(
    /^HEARTBEAT_URL answers HTTP 308\b/,
  );
  expect(seen).toEqual([]);
});
