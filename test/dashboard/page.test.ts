import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { studySignal } from '../../src/analysis/study-signal.ts';
import { status } from '../../src/check/status.ts';
import { createSite } from '../../src/dashboard/server.ts';
import { drill } from '../../src/jobs/drill.ts';
import { fileOf } from '../support/file-of.ts';
import { get, storyOfTheEvent, wordsOf } from '../support/page-words.ts';
import { EVENT, SEP_17, SEP_18, startStory } from '../support/story.ts';

test('without scripts it answers at once: when it last rang, whether it is armed, how far the record is', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  const { text, body } = await get(story, '/', '2025-09-17T21:00:00Z');
  // docs/architecture.md, "Facts to reproduce": the demo's closes meet the real ones there.
  expect(body).toContain('<h1 id="answer">The bell has not rung yet; it would last have rung on 13 Nov 2020.');
  expect(text).toContain('A year later the S&P 500 was 30.6% higher.');
  expect(text).toContain('Armed? Armed since 9 Nov 2022 More than a year has passed since the last record close');
  expect(text).toContain('To the record +1.47% to equal the record The Russell 2000 closed at 2,407.34');
  expect(text).toMatch(/Higher a year later 10 of 11 any day: 7\d%/);
  expect(text).toMatch(/29 Dec 1999 −9\.8%/);
  expect(body).toMatch(/<noscript><img src="\/pictures\/record\.png"/);
});

test('sessions are counted once, and no bar is empty, not even at the low', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  const { text } = await get(story, '/', '2025-09-17T21:00:00Z');
  expect(text.match(/9\d\d sessions/g)).toEqual(['967 sessions']);
  // The low of 9 March 2009 is a real close: 343.26 of a record of 855.77.
  const low = await get(story, '/?as-of=2009-03-09', SEP_17);
  expect(low.text).toContain('Close as a share of the record 40.1% the lowest since the record');
  expect(low.body).toMatch(/<rect class="value" width="160\.4"/);
});

test('on the day it says so, and each event opens its message or how it would have read', async () => {
  const story = await storyOfTheEvent();
  const { text, body } = await get(story, '/');
  expect(text).toContain('The bell rang on 18 Sep 2025: the first record close in over a year.');
  expect(text).toContain('past its record of 2,442.74 from 8 Nov 2021: the first record close in 3 years');
  expect(text).toContain('Not armed until 19 Sep 2026 The bell has just rung.');
  expect(body).toContain(`<a id="event-2025-09-18" href="/messages/${EVENT}/alert">18 Sep 2025</a>`);
  expect(body).toContain('<a id="event-2020-11-13" href="/preview?session=2020-11-13">13 Nov 2020</a>');
  expect(body).toContain(`<a href="/messages/${EVENT}/alert">Read the alert</a>`);
});

test('every page leads back: operations, messages, previews, and what is not there', async () => {
  const story = await storyOfTheEvent();
  const inner = [
    '/operations',
    `/messages/${EVENT}/alert`,
    '/preview',
    '/nothing',
    '/?as-of=2016-02-30',
    '/?as-of=1970-01-02',
  ];
  for (const path of inner) expect((await get(story, path)).body, path).toContain('href="/"');
  const alert = await get(story, `/messages/${EVENT}/alert`);
  expect(alert.body).toContain(`<a href="/?signal=russell-2000#event-2025-09-18">`);
});

test('as of an earlier session it shows what was known then, and the way back', async () => {
  const story = await storyOfTheEvent();
  const { text, body } = await get(story, '/?as-of=2016-11-13');
  expect(text).toContain('As it stood after the close of 11 Nov 2016');
  expect(text).toContain('The bell would last have rung on 2 Jan 2013.');
  expect(text).not.toContain('14 Nov 2016');
  expect(text).toContain('8 of 9 any day: 77%');
  for (const link of ['/?as-of=2016-11-10', '/?as-of=2016-11-14', '/"']) expect(body).toContain(`href="${link}`);
});

test.each([
  ['/?as-of=2016-02-30', "as-of is '2016-02-30'; allowed: a date, YYYY-MM-DD"],
  ['/?as-of=<script>', "as-of is '&lt;script>'"],
  ['/?signal=dax', "signal is 'dax'; allowed: russell-2000"],
  ['/preview?session=tomorrow', "session is 'tomorrow'; allowed: a date, YYYY-MM-DD"],
])('%s is refused with what is allowed', async (path, words) => {
  const { status, text, body } = await get(await storyOfTheEvent(), path);
  expect(status).toBe(400);
  expect(text.replaceAll('&lt;script&gt;', '&lt;script>')).toContain(words);
  expect(body).not.toContain('<script>');
});

test('before the first close there is nothing, and a way to the newest', async () => {
  const { status, text } = await get(await storyOfTheEvent(), '/?as-of=1970-01-02');
  expect([status, text.includes('There is no close up to 2 Jan 1970. Back to the newest')]).toEqual([200, true]);
});

test('the message is shown as it was sent, with its pictures', async () => {
  const story = await storyOfTheEvent();
  const { body, headers } = await get(story, `/messages/${EVENT}/alert`);
  const sent = String(story.smtp.messages[0]?.html);
  const withoutPictures = (html: string) => html.replace(/<p[^>]*><img[^>]*><\/p>/g, '').replace(/\s+/g, ' ');
  // An email says how to stop it; that stands in the mail alone.
  expect(sent.length).toBeGreaterThan(3000);
  const [shown] = withoutPictures(body).split('Id: ');
  expect(withoutPictures(sent)).toContain(shown?.trim().slice(-1500));
  expect(body).toMatch(/alt="Chart of the Russell 2000 since 1978[^"]+last on 18 Sep 2025 at 2,467\.70/);
  const sources = [...body.matchAll(/<img src="([^"]+)"/g)].map(([, source = '']) => source.replaceAll('&amp;', '&'));
  expect(sources).toHaveLength(2);
  for (const source of sources) {
    const { status, headers, body } = await get(story, source);
    expect([status, headers.get('content-type'), body.slice(1, 4)]).toEqual([200, 'image/png', 'PNG']);
  }
  expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox allow-same-origin$/);
  expect((await get(story, '/messages/nothing/of/the/kind')).status).toBe(404);
});

test('the next alert is previewed and labelled; nothing is stored', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  const armed = await get(story, '/preview', SEP_17);
  expect(armed.text).toContain('Preview, not an alert: Russell 2000: first record close in over a year');
  expect(armed.text).toContain(
    'This is a preview: it supposes a close just above the record on 18 Sep 2025. The Russell 2000 closed at 2,442.75',
  );
  expect(armed.text).toContain('Id: preview/russell-2000/2025-09-18/alert');
  const then = await get(story, '/preview?session=1999-12-29', SEP_17);
  expect(then.text).toContain("the alert of 29 Dec 1999 as today's closes would write it");
  expect(then.text).toMatch(/in 5 of 5 \(any day: \d\d%\)/);
  expect((await get(story, '/preview?session=1999-12-30', SEP_17)).status).toBe(404);
  expect(await story.at(SEP_17, ({ ledger }) => ledger.newestMessages(9))).toEqual([]);
});

test('the JSON is that of the commands', async () => {
  const story = await storyOfTheEvent();
  const api = async (path: string) => JSON.parse((await get(story, path)).body);
  await story.at(SEP_18, async (app) => {
    const [signal] = app.settings.signals;
    if (signal === undefined) throw new Error('there is no signal');
    expect(await api('/api/study')).toEqual((await studySignal(app, signal)).study);
    expect(await api('/api/study?as-of=2016-11-14')).toEqual(
      (await studySignal(app, signal, { asOf: '2016-11-14' })).study,
    );
    expect(await api('/api/status')).toMatchObject(JSON.parse(JSON.stringify(await status(app))));
  });
  const { record, outcomes } = await api('/api/charts?as-of=2016-11-14');
  expect(record.events).toHaveLength(10);
  expect(record.closes.at(-1)).toEqual({ session: '2016-11-14', close: 1298.6 });
  expect(outcomes.benchmark.at(-1).session).toBe('2016-11-14');
  const { messages, runs, channels } = await api('/api/ledger');
  expect(messages[0].deliveries.map(({ state }: { state: string }) => state)).toEqual(['sent', 'sent', 'sent']);
  // Published names, which never change.
  expect(Object.keys(messages[0].deliveries[0])).toEqual([
    'message',
    'kind',
    'channel',
    'state',
    'attempts',
    'unknownAttempts',
    'reason',
    'settings',
    'notBefore',
    'decidedAt',
    'changedAt',
    'inDoubt',
    'elsewhere',
    'restored',
    'pause',
  ]);
  expect(runs[0]).toMatchObject({ command: 'test', fired: [EVENT], problems: [] });
  expect(channels).toHaveLength(3);
  const refused = await get(story, '/api/study?as-of=x');
  expect([refused.status, JSON.parse(refused.body)]).toEqual([
    400,
    { error: "as-of is 'x'; allowed: a date, YYYY-MM-DD" },
  ]);
});

test('it only reads: nothing that is asked changes the database', async () => {
  const story = await storyOfTheEvent();
  await story.at(SEP_18, async (app) => drill(app));
  const hash = () =>
    story.at(SEP_18, async (app) => createHash('sha256').update(fileOf(app).serialize()).digest('hex'));
  const before = await hash();
  for (const path of [
    '/',
    '/operations',
    '/share.png',
    '/?as-of=2001-01-02',
    '/preview',
    '/api/status',
    '/api/ledger',
    '/pictures/record.png',
  ]) {
    expect((await get(story, path)).status, path).toBe(200);
  }
  await story.at(SEP_18, async (app) => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect((await createSite(app).request('/', { method })).status).toBe(404);
    }
  });
  expect(await hash()).toBe(before);
});

test('nothing else can be asked for: no other module, no file', async () => {
  const story = await startStory();
  const codeOf = async (path: string) => (await get(story, path)).status;
  expect(await codeOf('/modules/dashboard/browser/page.ts')).toBe(200);
  expect(await codeOf('/modules/chart/record-chart.ts')).toBe(200);
  for (const path of [
    '/modules/settings.ts',
    '/modules/channel/email.ts',
    '/modules/../.env',
    '/modules/%2e%2e/package.json',
    '/assets/server.ts',
    '/assets/..%2f..%2fpackage.json',
    '/assets/constructor',
    '/.env',
    '/data/market.db',
  ]) {
    expect(await codeOf(path), path).toBe(404);
  }
});

test('the policy lets the page load nothing from elsewhere', async () => {
  const { headers, body } = await get(await storyOfTheEvent(), '/');
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  const map = body.match(/<script type="importmap">(.*?)<\/script>/)?.[1] ?? '';
  expect(policy).toContain(`'sha256-${createHash('sha256').update(map).digest('base64')}'`);
  expect(body).not.toMatch(/ style="| on\w+="|https?:\/\//);
});

test('where the database does not answer, the page says so', async () => {
  const story = await storyOfTheEvent();
  const answer = await story.at(SEP_18, async (app) => {
    app.close();
    const answer = await createSite(app).request('/');
    return { status: answer.status, text: wordsOf(await answer.text()) };
  });
  expect(answer.status).toBe(503);
  expect(answer.text).toContain('The database connection is not open. npm run doctor looks for the cause.');
});
