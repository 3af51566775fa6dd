import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openApp } from '../../src/app/open.ts';
import { createSite, listen } from '../../src/dashboard/server.ts';
import { doctor } from '../../src/health/doctor.ts';
import type { DashboardSettings } from '../../src/settings/dashboard-settings.ts';
import { accessLine } from '../../src/settings/page-access.ts';
import { EVENT, SEP_17, SEP_18, type Story, startStory } from '../support/story.ts';

const ROOT = join(import.meta.dirname, '../..');
const TOKEN = 'a-token:with/colons+and=more';
const ROUTES = [
  '/',
  '/operations',
  '/share.png',
  '/healthz',
  '/metrics',
  '/api/status',
  '/api/study',
  '/api/charts',
  '/api/ledger',
  '/assets/page.css',
  '/assets/signal-page.css',
  '/assets/operations-page.css',
  '/modules/dashboard/browser/page.ts',
  '/preview',
  `/messages/${EVENT}/alert`,
  '/favicon.ico',
  '/nothing/here',
  '/?as-of=nonsense',
];

const basic = (password: string, user = 'me') => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** What each of the routes answers, without a socket. */
async function statuses(story: Story, headers: Record<string, string>, method = 'GET') {
  return story.at(SEP_18, async (app) => {
    const site = createSite(app);
    return Promise.all(ROUTES.map(async (path) => (await site.request(path, { headers, method })).status));
  });
}

/** A story's page on a real socket; asks it with bytes. */
async function serveRaw(story: Story) {
  const app = await openApp(story.settings, {
    now: () => Date.parse(SEP_17),
    sleep: async () => {},
    random: () => 0.5,
    progress: () => {},
  });
  const server = await listen(createSite(app), { host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await server.close();
    app.close();
  });
  return async (request: string) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString('latin1');
    });
    socket.end(request, 'latin1');
    await once(socket, 'close');
    return answer;
  };
}

test.each(['127.0.0.1', '0.0.0.0'])(
  'listening on %s no route answers to a host that it does not know',
  async (host) => {
    const story = await startStory({ DASHBOARD_HOST: host, DASHBOARD_TOKEN: TOKEN });
    await story.round(SEP_17);
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const asked = { host: 'evil.example:8787', authorization: `Bearer ${TOKEN}`, 'x-forwarded-host': 'localhost' };
      expect(await statuses(story, asked, method), method).toEqual(ROUTES.map(() => 403));
    }
    expect(await statuses(story, { host: 'localhost:8787', authorization: `Bearer ${TOKEN}` })).not.toContain(403);
    const picture = await story.at(SEP_17, async (app) =>
      createSite(app).request('http://evil.example/pictures/record.png'),
    );
    expect(picture.status).toBe(403);
  },
);

test('a refusal names the cure and repeats nothing', async () => {
  const story = await startStory();
  const text = await story.at(SEP_17, async (app) => {
    const answer = await createSite(app).request('/<i>', { headers: { host: 'evil<script>.example' } });
    return answer.text();
  });
  expect(text).toMatch(/^[^\n]*PUBLIC_URL[^\n]*\n$/);
  expect(text).not.toMatch(/evil|<|script/);
});

test('PUBLIC_URL names the hosts of a proxy and of a neighbour; the port does not matter', async () => {
  const story = await startStory({ PUBLIC_URL: 'https://Bell.example.com/, http://breakout_bell:8787' });
  const statusOf = (host: string) =>
    story.at(SEP_17, async (app) => (await createSite(app).request('/metrics', { headers: { host } })).status);
  expect(await statusOf('bell.example.com')).toBe(200);
  expect(await statusOf('breakout_bell:8787')).toBe(200);
  expect(await statusOf('localhost')).toBe(200);
  expect(await statusOf('example.com')).toBe(403);
});

test('on its connection: no Host, two, an address for a target, a header of a proxy', async () => {
  const ask = await serveRaw(await startStory());
  const code = async (request: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(await ask(request))?.[1]);
  const end = '\r\nConnection: close\r\n\r\n';
  expect(await code(`GET /metrics HTTP/1.1\r\nHost: localhost${end}`)).toBe(200);
  expect(await code(`GET http://localhost/metrics HTTP/1.1\r\nHost: localhost${end}`)).toBe(200);
  expect(await code('GET /metrics HTTP/1.0\r\n\r\n')).toBe(403);
  expect(await code(`GET /metrics HTTP/1.1${end}`)).toBe(400);
  expect(await code(`GET /metrics HTTP/1.1\r\nHost:${end}`)).toBe(403);
  expect(await code(`GET /metrics HTTP/1.1\r\nHost: localhost\r\nhost: evil.example${end}`)).toBe(403);
  expect(await code(`GET /metrics HTTP/1.1\r\nHost: evil.example\r\nHost: localhost${end}`)).toBe(403);
  expect(await code(`GET http://evil.example/metrics HTTP/1.1\r\nHost: localhost${end}`)).toBe(403);
  expect(await code(`GET http://localhost/metrics HTTP/1.1\r\nHost: evil.example${end}`)).toBe(403);
  expect(await code(`GET /metrics HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: localhost${end}`)).toBe(403);
  expect(await code(`GET /metrics HTTP/1.1\r\nHost: evil.example\r\nForwarded: host=localhost${end}`)).toBe(403);
  expect(await code(`GET /metrics HTTP/1.1\r\nHost: b\u00f6rse.example${end}`)).toBe(403);
  for (const odd of ['evil.example:99999', 'a b', 'localhost@evil.example', '[::1', 'localhost:x']) {
    expect(await code(`GET /metrics HTTP/1.1\r\nHost: ${odd}${end}`), odd).toBe(403);
  }
  for (const odd of ['OPTIONS *', 'GET metrics', 'GET //evil.example/metrics', 'CONNECT localhost:80']) {
    expect(await ask(`${odd} HTTP/1.1\r\nHost: evil.example${end}`), odd).not.toMatch(/^HTTP\/1\.1 2|breakout_bell/);
  }
});

test('with a token every route asks for it; without one /healthz says ok or not, and nothing else', async () => {
  const story = await startStory({ DASHBOARD_TOKEN: TOKEN });
  await story.round(SEP_17);
  const closed = ROUTES.map((path) => (path === '/healthz' ? 200 : 401));
  const wrong = [
    {},
    { authorization: 'Bearer' },
    { authorization: `Bearer ${TOKEN}x` },
    { authorization: `Bearer ${TOKEN.slice(1)}` },
    { authorization: `Bearer ${TOKEN} ${TOKEN}` },
    { authorization: `Token ${TOKEN}` },
    { authorization: TOKEN },
    { authorization: basic(TOKEN.slice(0, -1)) },
    { authorization: basic('', TOKEN) },
    { authorization: `Basic ${Buffer.from(TOKEN.replaceAll(':', '')).toString('base64')}` },
    { authorization: 'Basic ****' },
    { cookie: `token=${TOKEN}` },
  ] as Record<string, string>[];
  for (const headers of wrong) expect(await statuses(story, headers), JSON.stringify(headers)).toEqual(closed);
  expect(await statuses(story, { authorization: basic(TOKEN) })).not.toContain(401);
  for (const authorization of [`Bearer ${TOKEN}`, `bearer  ${TOKEN}`, basic(TOKEN, ''), basic(TOKEN, 'ü')]) {
    const status = await story.at(SEP_17, async (app) => {
      return (await createSite(app).request('/metrics', { headers: { authorization } })).status;
    });
    expect(status, authorization).toBe(200);
  }
  await story.at('2025-09-17T21:00:00Z', async (app) => {
    const site = createSite(app);
    const bare = await site.request('/healthz');
    expect([bare.status, await bare.text()]).toEqual([200, '{"ok":true}']);
    const whole = await site.request('/healthz', { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(await whole.json()).toMatchObject({ ok: true, evaluated: '2025-09-17', nextRun: expect.any(String) });
    const asked = await site.request('/');
    expect(asked.headers.get('www-authenticate')).toMatch(/^Basic realm=/);
    expect(await asked.text()).not.toContain(TOKEN);
    // A token in an address would stand in logs: it opens nothing.
    expect((await site.request(`/?token=${TOKEN}&access_token=${TOKEN}`)).status).toBe(401);
  });
});

test('/healthz without a token is 503 with one word where all is not well, and where the database is gone', async () => {
  const story = await startStory({ DASHBOARD_TOKEN: TOKEN });
  const bare = async () => {
    return story.at(SEP_17, async (app) => {
      const site = createSite(app);
      const first = await site.request('/healthz');
      app.close();
      const second = await site.request('/healthz');
      return [first.status, await first.text(), second.status, await second.text()];
    });
  };
  expect(await bare()).toEqual([503, '{"ok":false}', 503, '{"ok":false}']);
});

test('a wrong token waits, a right one and none do not', async () => {
  const story = await startStory({ DASHBOARD_TOKEN: TOKEN });
  const waited: number[] = [];
  await story.at(SEP_17, async (app) => {
    const site = createSite({ ...app, host: { ...app.host, sleep: async (ms) => void waited.push(ms) } });
    await site.request('/');
    await site.request('/', { headers: { authorization: `Bearer ${TOKEN}` } });
    expect(waited).toEqual([]);
    await site.request('/', { headers: { authorization: 'Bearer no' } });
    await site.request('/healthz', { headers: { authorization: basic('no') } });
  });
  expect(waited).toEqual([500, 500]);
});

test.each(['0.0.0.0', '::', '192.168.1.5', 'bell.lan'])(
  'on %s without a token the page is closed, /healthz says ok or not, and the doctor says what to do',
  async (host) => {
    const story = await startStory({ DASHBOARD_HOST: host });
    await story.round(SEP_17);
    expect(await statuses(story, {})).toEqual(ROUTES.map((path) => (path === '/healthz' ? 200 : 403)));
    const guessed = await statuses(story, { authorization: 'Bearer undefined' });
    expect(guessed.filter((status) => status !== 403)).toEqual([200]);
    const text = await story.at(SEP_17, async (app) => (await createSite(app).request('/')).text());
    expect(text).toMatch(/^The page is closed: set DASHBOARD_TOKEN[^\n]*\n$/);
    const runtime = { now: () => Date.parse(SEP_17), sleep: async () => {}, random: () => 0, progress: () => {} };
    const page = (await doctor(story.settings, runtime, ROOT)).find(({ what }) => what === 'page');
    expect(page).toMatchObject({ ok: true, text: expect.stringMatching(/^closed: .*set DASHBOARD_TOKEN/) });
  },
);

test('one line says who may read the page, and never the token', () => {
  const line = (change: Partial<DashboardSettings>) =>
    accessLine({ host: '127.0.0.1', port: 8787, token: undefined, publicHosts: [], publicUrl: undefined, ...change });
  expect(line({})).toBe('127.0.0.1:8787, answers to localhost; only this machine can reach it');
  expect(line({ publicHosts: ['bell.example.com'] })).toBe(
    '127.0.0.1:8787, answers to localhost or bell.example.com; anyone who can reach it can read it, as DASHBOARD_TOKEN is not set',
  );
  expect(line({ host: '0.0.0.0', token: TOKEN, publicHosts: ['bell.example.com'] })).toBe(
    '0.0.0.0:8787, answers to localhost or bell.example.com; it asks for DASHBOARD_TOKEN',
  );
  expect(line({ host: '0.0.0.0' })).toMatch(/^closed: other machines can reach 0\.0\.0\.0, and no token is set/);
});
