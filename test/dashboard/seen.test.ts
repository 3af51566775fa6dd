import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { App } from '../../src/app/app.ts';
import { openApp } from '../../src/app/open.ts';
import { createSite, listen } from '../../src/dashboard/server.ts';
import { drill } from '../../src/jobs/drill.ts';
import { mailsTo } from '../support/posted.ts';
import { EVENT, SEP_17, SEP_18, type Story, startStory } from '../support/story.ts';

const PUBLIC = { PUBLIC_URL: 'https://bell.example.com', DASHBOARD_TOKEN: 'a-token-of-the-page-for-this-test' };
const ALERT = `${EVENT}/alert`;
const MORNING = '2025-09-19T12:12:00Z';

/** The links in the newest mail to somebody: in the text, and in the page. */
function linksIn(story: Story, to: string): { text: string; html: string } {
  const mail = mailsTo(story, to).at(-1);
  return {
    text: /^Mark as seen: (\S+)$/m.exec(mail?.text ?? '')?.[1] ?? '',
    html: /href="([^"]*\/seen\/[^"]*)"/.exec(String(mail?.html))?.[1] ?? '',
  };
}

/** The page on a socket, at an instant that can be moved. */
async function serve(story: Story, instant = MORNING) {
  const clock = { now: Date.parse(instant) };
  const app = await openApp(story.settings, {
    now: () => clock.now,
    sleep: async () => {},
    random: () => 0.5,
    progress: () => {},
  });
  const server = await listen(createSite(app), { host: '127.0.0.1', port: 0 });
  const close = async () => {
    await server.close();
    app.close();
  };
  onTestFinished(close);
  const ask = (link: string, method = 'GET', headers: Record<string, string> = {}) =>
    fetch(`${server.url}${new URL(link, 'https://bell.example.com').pathname}`, {
      method,
      headers,
      redirect: 'manual',
    });
  return { app, clock, ask, close, url: server.url };
}

async function alerted(environment: Record<string, string> = PUBLIC) {
  const story = await startStory(environment);
  await story.check(SEP_17);
  await story.check(SEP_18);
  return { story, ann: linksIn(story, 'ann@example.com').text, bob: linksIn(story, 'bob@example.com').text };
}

const seenOf = (app: App) => app.ledger.acknowledgements([ALERT]);

describe('the link under a mail', () => {
  test('is one address in text and page, another for each reader, without anybody in it', async () => {
    const { story, ann, bob } = await alerted();
    expect(ann).toMatch(/^https:\/\/bell\.example\.com\/seen\/[\w.-]{60,200}$/);
    expect(linksIn(story, 'ann@example.com').html).toBe(ann);
    expect(bob).not.toBe(ann);
    expect(Buffer.from(ann.replace(/.*\//, '').replaceAll('.', ''), 'base64url').toString('latin1')).not.toMatch(
      /ann|example/,
    );
    // Without an address under which readers reach the page there is none, and none on Discord.
    const { story: without } = await alerted({});
    expect(linksIn(without, 'ann@example.com')).toEqual({ text: '', html: '' });
    expect(JSON.stringify(story.discord.messages)).not.toContain('/seen/');
  });

  test('stays the same in a repeat of the mail, and after a restart', async () => {
    const story = await startStory(PUBLIC);
    await story.check(SEP_17);
    story.smtp.fault = () => 'drop-after-data';
    await story.check(SEP_18);
    const first = linksIn(story, 'ann@example.com').text;
    story.smtp.fault = undefined;
    await story.check('2025-09-18T22:30:00Z');
    expect(mailsTo(story)).toHaveLength(2);
    expect(linksIn(story, 'ann@example.com').text).toBe(first);
    expect(first).not.toBe('');
  });

  test('opened, looked at and fetched by scanners in every way marks nothing; its button does, once', async () => {
    const { story, ann } = await alerted();
    const { app, ask, clock } = await serve(story);
    const scanners = ['Mozilla/5.0 SafeLinks', 'GoogleImageProxy', 'facebookexternalhit/1.1'];
    for (const agent of scanners) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH']) {
        const answer = await ask(ann, method, { 'user-agent': agent, purpose: 'prefetch' });
        expect(answer.status, method).toBe(['GET', 'HEAD'].includes(method) ? 200 : 404);
      }
      clock.now += 60_000;
    }
    expect(await seenOf(app)).toEqual([]);
    clock.now = Date.parse(MORNING);
    const page = await (await ask(ann)).text();
    expect(page).toContain('<form method="post"><button>Mark as seen</button></form>');
    expect(page).toContain('Russell 2000: first record close in over a year');
    const marked = await (await ask(ann, 'POST')).text();
    expect(marked).toContain('Noted: seen on 19 Sep 2025, 08:12 New York.');
    clock.now += 3_600_000;
    for (const method of ['POST', 'GET']) expect(await (await ask(ann, method)).text()).toContain('19 Sep 2025, 08:12');
    expect(await seenOf(app)).toEqual([
      {
        message: ALERT,
        channel: 'email:ann@example.com',
        who: 'ann@example.com',
        name: 'ann@example.com',
        at: '2025-09-19T12:12:00.000Z',
      },
    ]);
    expect(page + marked).not.toMatch(/ann@|bob@|<script|href="\//);
  });

  test('needs no login, and opens nothing else; the answer may not be kept, framed or sent on', async () => {
    const { story, ann } = await alerted();
    const { ask } = await serve(story);
    const answer = await ask(ann);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('x-robots-tag')).toBe('noindex');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/);
    expect(policy).not.toMatch(/unsafe|script-src/);
    const past = [
      '/',
      '/operations',
      '/api/ledger',
      `/messages/${ALERT}`,
      '/assets/page.css',
      '/metrics',
      '/Seen/x',
      '/seenx',
    ];
    for (const path of past) expect((await ask(path)).status, path).toBe(401);
    for (const path of [
      '/seen/../operations',
      '/seen/..%2foperations',
      '/seen//operations',
      '/seen/%2e%2e/operations',
    ]) {
      const raw = await rawGet(story, path);
      expect(raw, path).toMatch(/^HTTP\/1\.1 40[14] /);
      expect(raw, path).not.toMatch(/Channels|discord-webhook/);
    }
  });

  test('wrong, cut, altered or of another ledger is answered with one and the same page', async () => {
    const { story, ann, bob } = await alerted();
    const { story: other } = await alerted();
    const { app, ask, clock } = await serve(story);
    const [message, mark, signature] = ann.replace(/.*\//, '').split('.');
    const foreign = linksIn(other, 'ann@example.com').text;
    const wrong = [
      '/seen/',
      '/seen',
      '/seen/x',
      `${ann}x`,
      ann.slice(0, -1),
      `${ann}/`,
      ann.replace('/seen/', '/seen//'),
      `/seen/${message}.${mark}.${bob.split('.').at(-1)}`,
      `/seen/${Buffer.from('digest/2025-09-19').toString('base64url')}.${mark}.${signature}`,
      `/seen/${'A'.repeat(3_000)}`,
      '/seen/%00',
      '/seen/%F0%9F%94%94',
      foreign,
    ];
    const bodies = new Set<string>();
    for (const link of wrong) {
      for (const method of ['GET', 'POST']) {
        const answer = await ask(link, method);
        expect(answer.status, link).toBe(404);
        bodies.add(await answer.text());
      }
    }
    expect(bodies.size).toBe(1);
    expect([...bodies][0]).not.toMatch(/russell|expired|signature/i);
    expect(await seenOf(app)).toEqual([]);
    clock.now += 60_000;
    expect((await ask(ann, 'POST')).status).toBe(200);
  });

  test('asked for too often has to wait a minute; wrong ones lock nobody out', async () => {
    const { story, ann, bob } = await alerted();
    const { ask, clock } = await serve(story);
    const codes = async (link: string, times: number) => {
      const all: number[] = [];
      for (let nth = 0; nth < times; nth++) all.push((await ask(link, 'POST')).status);
      return all;
    };
    expect(await codes('/seen/wrong', 61)).toEqual([...Array(60).fill(404), 429]);
    expect(await codes(ann, 21)).toEqual([...Array(20).fill(200), 429]);
    expect((await ask(ann)).headers.get('retry-after')).toBe('60');
    expect(await codes(bob, 1)).toEqual([200]);
    clock.now += 60_000;
    expect(await codes(ann, 1)).toEqual([200]);
  });

  test('works under the hosts of the page only, and where the page is closed for want of a token', async () => {
    const { story, ann } = await alerted({ PUBLIC_URL: 'https://bell.example.com', DASHBOARD_HOST: '0.0.0.0' });
    await story.at(MORNING, async (app) => {
      const site = createSite(app);
      const status = async (host: string, path: string) => (await site.request(path, { headers: { host } })).status;
      const path = new URL(ann).pathname;
      expect(await status('bell.example.com', path)).toBe(200);
      expect(await status('evil.example', path)).toBe(403);
      expect(await status('bell.example.com', '/')).toBe(403);
    });
  });

  test('says that it does not work just now where the database is gone, and not why', async () => {
    const { story, ann } = await alerted();
    await story.at(MORNING, async (app) => {
      const site = createSite(app);
      app.close();
      const answer = await site.request(new URL(ann).pathname, {
        method: 'POST',
        headers: { host: 'bell.example.com' },
      });
      expect(answer.status).toBe(503);
      expect(await answer.text()).toMatch(/try again in a few minutes/);
    });
  });

  test('of a drill can be tried', async () => {
    const story = await startStory(PUBLIC);
    await story.check(SEP_17);
    await story.at(SEP_18, (app) => drill(app));
    const link = linksIn(story, 'bob@example.com').text;
    const { ask } = await serve(story);
    expect(await (await ask(link)).text()).toContain('Drill, not an alert');
    expect(await (await ask(link, 'POST')).text()).toContain('Noted: seen on 19 Sep 2025');
  });
});

test('who has seen an alert stands on the page, beside the message, and in the interface, without an address', async () => {
  const { story, ann } = await alerted({ PUBLIC_URL: 'https://bell.example.com' });
  const { ask } = await serve(story);
  const words = 'Seen by email recipient 1 of 2, 19 Sep 2025, 08:12 New York';
  const pages = async () =>
    Promise.all(['/', '/operations', `/messages/${ALERT}`].map(async (path) => (await ask(path)).text()));
  for (const page of await pages()) expect(page).not.toContain('Seen by');
  await ask(ann, 'POST');
  for (const page of await pages()) {
    expect(page).toContain(words);
    expect(page).not.toContain('ann@example.com');
  }
  const { messages } = (await (await ask('/api/ledger')).json()) as { messages: { seen: object[] }[] };
  expect(messages[0]?.seen).toEqual([{ by: 'email recipient 1 of 2', at: '2025-09-19T12:12:00.000Z' }]);
});

/** One GET as bytes: a client would tidy the path. */
async function rawGet(story: Story, path: string): Promise<string> {
  const { url } = await serve(story);
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: bell.example.com\r\nConnection: close\r\n\r\n`);
  return text(socket);
}
