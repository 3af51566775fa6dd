import { expect, test } from 'vitest';
import { createSite } from '../../src/dashboard/server.ts';
import { readAtom } from '../support/atom.ts';
import { SEP_17, SEP_18, SEP_19, type Story, startStory } from '../support/story.ts';

const OPEN_TO = 'https://bell.example.com';

/** Asks for the feed at an instant, as a proxy does that names the public host. */
const ask = (story: Story, instant: string, headers: Record<string, string> = {}) =>
  story.at(instant, async (app) => createSite(app).request(`${OPEN_TO}/feed.xml`, { headers }));

test('a reader gets a feed of Atom, and 304 while nothing has changed', async () => {
  const story = await startStory({ PUBLIC_URL: OPEN_TO });
  await story.round(SEP_17);
  const [text, tag, since, again] = await story.at(SEP_18, async (app) => {
    const site = createSite(app);
    const first = await site.request(`${OPEN_TO}/feed.xml`);
    expect(first.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
    expect(first.headers.get('cache-control')).toBe('public, max-age=60');
    const [etag, modified] = [first.headers.get('etag') ?? '', first.headers.get('last-modified') ?? ''];
    // RFC 9110, 8.8: what a later request brings back.
    expect(etag).toMatch(/^"[\w+/=-]+"$/);
    expect(modified).toBe('Thu, 18 Sep 2025 20:45:00 GMT');
    const statuses = await Promise.all(
      [
        { 'if-none-match': etag },
        // A proxy that has compressed it says so.
        { 'if-none-match': `"other", W/${etag}` },
        { 'if-modified-since': modified },
        { 'if-none-match': '"other"' },
        // 13.1.3: the tag wins.
        { 'if-none-match': '"other"', 'if-modified-since': modified },
        { 'if-modified-since': 'Thu, 18 Sep 2025 20:44:00 GMT' },
      ].map(async (headers) => {
        const answer = await site.request(`${OPEN_TO}/feed.xml`, { headers });
        expect(answer.headers.get('etag')).toBe(etag);
        expect(answer.headers.get('last-modified')).toBe(modified);
        return [answer.status, (await answer.text()).length > 0];
      }),
    );
    return [await first.text(), etag, modified, statuses];
  });
  const [NOT_MODIFIED, WHOLE] = [
    [304, false],
    [200, true],
  ];
  expect(again).toEqual([NOT_MODIFIED, NOT_MODIFIED, NOT_MODIFIED, WHOLE, WHOLE, WHOLE]);
  readAtom(text as string);
  await story.round(SEP_18);
  const news = await ask(story, SEP_19, { 'if-none-match': tag as string, 'if-modified-since': since as string });
  expect(news.status).toBe(200);
  expect(readAtom(await news.text()).links?.[0]?.href).toBe(`${OPEN_TO}/feed.xml`);
});

test('what is seen within one second are two states', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  await story.at(SEP_18, async (app) => {
    const site = createSite(app);
    const first = (await site.request('/feed.xml')).headers.get('last-modified');
    await app.ledger.noteFact('feed', `${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)} ${app.now()}`);
    const second = (await site.request('/feed.xml')).headers.get('last-modified');
    expect([first, second]).toEqual(['Thu, 18 Sep 2025 20:45:00 GMT', 'Thu, 18 Sep 2025 20:45:01 GMT']);
  });
});

test('before the first run, and while the ledger cannot be read, it says to come again, and no reason', async () => {
  const story = await startStory();
  for (const act of ['new', 'closed']) {
    const answer = await story.at(SEP_17, async (app) => {
      if (act === 'closed') app.close();
      return createSite(app).request('/feed.xml');
    });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '600']);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.text()).toBe('There is no feed yet, or it cannot be read now. Ask again in ten minutes.\n');
    await story.round(SEP_17);
  }
});

test('it asks for the host and the token as the page does', async () => {
  const token = 'a-long-random-token-of-a-page';
  const story = await startStory({ DASHBOARD_TOKEN: token, PUBLIC_URL: OPEN_TO });
  await story.round(SEP_17);
  expect((await ask(story, SEP_17)).status).toBe(401);
  expect((await ask(story, SEP_17, { authorization: `Bearer ${token}` })).status).toBe(200);
  const elsewhere = await story.at(SEP_17, async (app) =>
    createSite(app).request('https://evil.example.com/feed.xml', { headers: { authorization: `Bearer ${token}` } }),
  );
  expect(elsewhere.status).toBe(403);
});

test('the page and the operations announce it', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  for (const path of ['/', '/operations']) {
    const page = await story.at(SEP_17, async (app) => (await createSite(app).request(path)).text());
    expect(page).toMatch(/<link rel="alternate" type="application\/atom\+xml" title="[^"]+" href="\/feed.xml">/);
  }
});
