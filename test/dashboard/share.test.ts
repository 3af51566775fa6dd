import { expect, test } from 'vitest';
import { createSite } from '../../src/dashboard/server.ts';
import { SEP_17, SEP_18, type Story, startStory } from '../support/story.ts';

const PUBLIC_URL = 'https://bell.example.com/, http://breakout-bell:8787';

async function get(story: Story, path: string, instant: string) {
  return story.at(instant, async (app) => {
    const answer = await createSite(app).request(path);
    return {
      status: answer.status,
      type: answer.headers.get('content-type'),
      body: Buffer.from(await answer.arrayBuffer()),
    };
  });
}

/** What the page says of itself to whoever shows a link to it, by name. */
function tagsOf(html: string): Record<string, string> {
  const found = html.matchAll(/<meta (?:property|name)="((?:og|twitter):[^"]+|description)" content="([^"]*)">/g);
  return Object.fromEntries([...found].map(([, name = '', content = '']) => [name, content.replaceAll('&amp;', '&')]));
}

test('a link to the page shows the answer, and its picture where PUBLIC_URL says under which address', async () => {
  const story = await startStory({ PUBLIC_URL });
  await story.round(SEP_17);
  const tags = tagsOf((await get(story, '/', SEP_17)).body.toString());
  expect(tags).toMatchObject({
    'og:title': 'Russell 2000: armed, +1.47% to the record',
    'og:url': 'https://bell.example.com/',
    'og:image': 'https://bell.example.com/share.png?as-of=2025-09-17',
    'og:image:width': '1200',
    'og:image:height': '630',
    'twitter:card': 'summary_large_image',
    'twitter:image': 'https://bell.example.com/share.png?as-of=2025-09-17',
  });
  expect(tags['og:description']).toMatch(
    /^The bell has not rung yet; .* Armed since 9 Nov 2022\. \+1\.47% to equal the record\. Higher a year later: 10 of 11 \(any day: 7\d%\)\.$/,
  );
  expect(tags.description).toBe(tags['og:description']);
});

test('without PUBLIC_URL there is no address to give, so no picture', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  const tags = tagsOf((await get(story, '/', SEP_17)).body.toString());
  expect(tags['og:title']).toBe('Russell 2000: armed, +1.47% to the record');
  expect(Object.keys(tags).filter((name) => /image|url|card/.test(name))).toEqual([]);
});

test('the picture is a PNG of 1,200 by 630 pixels, another one once the answer is', async () => {
  const story = await startStory();
  expect((await get(story, '/share.png', SEP_17)).status).toBe(404);
  await story.round(SEP_17);
  await story.round(SEP_18);
  const [before, on] = [
    await get(story, '/share.png?as-of=2025-09-17', SEP_18),
    await get(story, '/share.png', SEP_18),
  ];
  expect([on.status, on.type]).toEqual([200, 'image/png']);
  // A PNG says its size in the first bytes of its first chunk: https://www.w3.org/TR/png-3/#11IHDR
  expect([on.body.readUInt32BE(16), on.body.readUInt32BE(20)]).toEqual([1200, 630]);
  expect(before.body.equals(on.body)).toBe(false);
});
