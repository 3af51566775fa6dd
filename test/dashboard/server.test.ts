import { expect, test, vi } from 'vitest';
import type { App } from '../../src/app/app.ts';
import { createSite, listen } from '../../src/dashboard/server.ts';
import { SEP_17, startStory } from '../support/story.ts';

async function health(app: App) {
  const answer = await createSite(app).request('/healthz');
  return { status: answer.status, body: await answer.json() };
}

test('/healthz is 503 before the first run, 200 after it, and 503 the morning after a close did not come', async () => {
  const story = await startStory();
  expect(await story.at(SEP_17, health)).toMatchObject({
    status: 503,
    body: { ok: false, reasons: ['no close has been evaluated yet'], evaluated: null },
  });
  await story.round(SEP_17);
  expect(await story.at('2025-09-18T19:00:00Z', health)).toEqual({
    status: 200,
    body: {
      ok: true,
      reasons: [],
      expected: '2025-09-17',
      evaluated: '2025-09-17',
      evaluatedAt: new Date(SEP_17).toISOString(),
      troubles: [],
      // 16:45 in New York.
      nextRun: '2025-09-18T20:45:00.000Z',
    },
  });
  // The close is over, and may be late until the next morning.
  expect(await story.at('2025-09-19T11:59:00Z', health)).toMatchObject({
    status: 200,
    body: { expected: '2025-09-18' },
  });
  expect(await story.at('2025-09-19T12:00:00Z', health)).toMatchObject({
    status: 503,
    body: { reasons: ['No close of ^RUT or ^GSPC for 18 Sep 2025'] },
  });
});

test('/healthz is 503 while a channel is broken: an alert might not arrive', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  story.smtp.fault = () => ({ login: 535 });
  await story.round('2025-09-18T12:30:00Z');
  expect(await story.at('2025-09-18T13:00:00Z', health)).toMatchObject({
    status: 503,
    body: { reasons: ['The daily test of email fails'] },
  });
});

test('/healthz is 503 with the reason where the database does not answer', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  const answer = await story.at(SEP_17, (app) => {
    app.close();
    return health(app);
  });
  expect(answer).toEqual({ status: 503, body: { ok: false, reasons: ['The database connection is not open'] } });
});

test('listens on the host it is given, and on no other', async () => {
  const story = await startStory();
  await story.at(SEP_17, async (app) => {
    const server = await listen(createSite(app), { host: '127.0.0.1', port: 0 });
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(503);
    await server.close();
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow('fetch failed');
  });
});

test('what tells facts reads first what others have stored, once a request; files do not', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  await story.at(SEP_17, async (app) => {
    const refresh = vi.spyOn(app.closes, 'refresh');
    const site = createSite(app);
    const reads = async (path: string) => {
      refresh.mockClear();
      await site.request(path);
      return refresh.mock.calls.length;
    };
    for (const path of [
      '/',
      '/operations',
      '/healthz',
      '/metrics',
      '/api/status',
      '/preview',
      '/share.png',
      '/pictures/record.png',
    ]) {
      expect(await reads(path), path).toBe(1);
    }
    for (const path of ['/assets/page.css', '/favicon.ico']) expect(await reads(path), path).toBe(0);
  });
});

test('what others have stored and cannot be read makes the page say so, and /healthz as JSON, with a token or without', async () => {
  const story = await startStory({ DASHBOARD_TOKEN: 'a-token-of-the-page' });
  await story.round(SEP_17);
  await story.at(SEP_17, async (app) => {
    vi.spyOn(app.closes, 'refresh').mockRejectedValue(new Error('nobody answers'));
    const ask = async (path: string, headers: Record<string, string>) => {
      const answer = await createSite(app).request(path, { headers });
      return [answer.status, await answer.text()];
    };
    const bearer = { authorization: 'Bearer a-token-of-the-page' };
    expect(await ask('/healthz', bearer)).toEqual([503, '{"ok":false,"reasons":["nobody answers"]}']);
    expect(await ask('/healthz', {})).toEqual([503, '{"ok":false}']);
    expect(await ask('/', bearer)).toEqual([503, expect.stringContaining('The page cannot be shown')]);
  });
});
