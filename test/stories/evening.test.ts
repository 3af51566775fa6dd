import { describe, expect, test } from 'vitest';
import { labelsById } from '../../src/app/labels.ts';
import { lastAlertOf } from '../../src/check/last-alert.ts';
import { foundLines } from '../../src/console/found.ts';
import { lastAlertLine } from '../../src/console/last-alert.ts';
import { createSite } from '../../src/dashboard/server.ts';
import { type Evening, startEvening } from '../support/evening.ts';
import { mailsTo, subjects, titles } from '../support/posted.ts';
import { SEP_18 } from '../support/story.ts';

const SIX = '6 indices: first record close in over a year';
const BOB = 'bob@example.com';
const alone = (at: number) => `Index ${at}: first record close in over a year`;

/** What came on Discord, by the ids of its messages. */
const posted = ({ discord }: Evening) =>
  discord.messages.map(({ payload }) => payload.embeds?.[0]?.footer?.text.split('\n').at(-1) ?? '');

/** The events that a mail names in its table, in their order. */
const rowsOf = (text = '') => [...text.matchAll(/^(Index \d+) /gm)].map(([, name]) => name);

/** Changes the close of the evening of every index, or of some. */
function change(story: Evening, to: number | undefined, which = story.events.map((_, at) => at)): void {
  for (const at of which) story.setClose(`SYM${at}`, '2025-09-18', to);
}

describe('many events of one evening', () => {
  test('are one message on each channel, and each keeps its own', async () => {
    const story = await startEvening(6, { environment: { PUBLIC_URL: 'https://bell.example.org' } });
    const report = await story.check(SEP_18);
    expect(report.fired).toEqual(story.events);
    expect([titles(story), subjects(story), subjects(story, BOB)]).toEqual([[SIX], [SIX], [SIX]]);
    const [mail] = mailsTo(story);
    // The one with the earliest last record first.
    expect(rowsOf(mail?.text)).toEqual([0, 1, 2, 3, 4, 5].map((at) => `Index ${at}`));
    expect(mail?.text).toMatch(/Index 0 +1 of 1 \(\d\d%\) +103\.00 +\+5\.10% +102\.00 +1,204/);
    expect(mail?.html).toContain('href="https://bell.example.org/messages/sym-3/2025-09-18/alert"');
    const csv = String(mail?.attachments[0]?.content).split('\r\n');
    expect(csv[0]).toBe('\uFEFFIndex,Higher (any day),Close,Day,Record passed,Quiet days,Id,Page');
    expect(csv[1]).toContain('sym-0/2025-09-18/alert,https://bell.example.org/messages/sym-0/2025-09-18/alert');

    expect(foundLines(report)).toEqual([
      `Events      6 events in one message, sent to 3 of 3: ${story.events.join(', ')}`,
    ]);
    await story.at(SEP_18, async (app) => {
      expect(lastAlertLine(await lastAlertOf(app), labelsById(app))).toContain('sent to 3 of 3');
      const site = createSite(app);
      const own = await (await site.request(`/messages/${story.events[2]}/alert`)).text();
      expect(own).toContain('The Index 2 closed at 103.00');
      const all = await (await site.request(`/messages/${posted(story)[0]}`)).text();
      expect(all).toContain('href="/messages/sym-5/2025-09-18/alert"');
    });
    await story.check('2025-09-18T21:30:00Z');
    expect(titles(story)).toEqual([SIX]);
  });

  test('are reminded of together, once, where nobody has seen them', async () => {
    const environment = { PUBLIC_URL: 'https://bell.example.org' };
    const story = await startEvening(6, { environment });
    await story.round('2025-09-17T21:00:00Z');
    await story.round(SEP_18);
    for (const at of ['2025-09-19T21:00:00Z', '2025-09-19T22:00:00Z', '2025-09-22T21:00:00Z']) await story.round(at);
    expect(titles(story).filter((title) => title.startsWith('Reminder'))).toEqual([`Reminder: ${SIX}`]);
    expect(subjects(story, BOB).filter((subject) => subject?.startsWith('Reminder'))).toEqual([`Reminder: ${SIX}`]);
    const [alert, reminder] = mailsTo(story, BOB).filter(({ subject }) => subject?.endsWith(SIX));
    expect(reminder?.inReplyTo).toBe(alert?.messageId);
    const link = /^Mark as seen: (.*)$/m;
    expect(link.exec(reminder?.text ?? '')?.[1]).toBe(link.exec(alert?.text ?? '')?.[1]);
  });

  test('are reminded of alone only where they were told alone', async () => {
    const ofAll = ['discord-webhook', 'email:ann@example.com'];
    const story = await startEvening(5, {
      environment: { PUBLIC_URL: 'https://bell.example.org' },
      channels: (at) => (at < 2 ? [...ofAll, `email:${BOB}`] : ofAll),
    });
    await story.round('2025-09-17T21:00:00Z');
    for (const at of [SEP_18, '2025-09-19T21:00:00Z', '2025-09-19T22:00:00Z']) await story.round(at);
    const isReminder = (subject: string | undefined) => subject?.startsWith('Reminder');
    expect(titles(story).filter(isReminder)).toEqual(['Reminder: 5 indices: first record close in over a year']);
    expect(subjects(story).filter(isReminder)).toHaveLength(1);
    expect(subjects(story, BOB).filter(isReminder)).toEqual([0, 1].map((at) => `Reminder: ${alone(at)}`));
  });

  test('are told one by one where they are fewer than the limit', async () => {
    const story = await startEvening(3);
    await story.check(SEP_18);
    expect(titles(story)).toEqual([0, 1, 2].map(alone));
  });

  test('are one by one on a channel that few of them are for', async () => {
    const story = await startEvening(6, {
      channels: (at) => (at < 2 ? undefined : ['discord-webhook', 'email:ann@example.com'].slice(0, at < 5 ? 2 : 1)),
    });
    await story.check(SEP_18);
    expect(titles(story)).toEqual([SIX]);
    expect(subjects(story)).toEqual(['5 indices: first record close in over a year']);
    expect(rowsOf(mailsTo(story)[0]?.text)).toEqual([0, 1, 2, 3, 4].map((at) => `Index ${at}`));
    expect(subjects(story, BOB)).toEqual([0, 1].map(alone));
  });

  test('are a setting: from two on, or never in practice', async () => {
    const story = await startEvening(2, { schedule: { togetherFrom: 2 } });
    await story.check(SEP_18);
    expect(titles(story)).toEqual(['2 indices: first record close in over a year']);
    const apart = await startEvening(5, { schedule: { togetherFrom: 1000 } });
    await apart.check(SEP_18);
    expect(titles(apart)).toHaveLength(5);
  });

  test('reach a channel later that has refused them, once', async () => {
    const story = await startEvening(6);
    story.discord.fault = () => ({ status: 502 });
    await story.check(SEP_18);
    expect([titles(story), subjects(story)]).toEqual([[], [SIX]]);
    story.discord.fault = undefined;
    await story.check('2025-09-18T21:30:00Z');
    await story.check('2025-09-19T12:30:00Z');
    expect([titles(story), subjects(story)]).toEqual([[SIX], [SIX]]);
  });
});

describe('of many events that were told together', () => {
  test('a correction never overtakes the message that tells the event', async () => {
    const story = await startEvening(6);
    story.discord.fault = () => ({ status: 502 });
    await story.check(SEP_18);
    change(story, 103.7, [2]);
    await story.check('2025-09-19T12:30:00Z');
    // The alert is refused once more, as often as one run tries; what follows it would pass.
    let refused = 0;
    story.discord.fault = ({ method }) => (method === 'POST' && refused++ < 3 ? { status: 502 } : undefined);
    await story.check('2025-09-19T13:45:00Z');
    expect([titles(story), refused]).toEqual([[], 3]);
    await story.check('2025-09-19T14:45:00Z');
    expect(titles(story)).toEqual([SIX, 'Correction: Index 2 record close of 18 Sep 2025']);
  });

  test('the words come alone where the files are refused', async () => {
    const story = await startEvening(6);
    let posts = 0;
    story.discord.fault = ({ method }) => (method === 'POST' && posts++ === 0 ? { status: 413 } : undefined);
    await story.check(SEP_18);
    const [post] = story.discord.messages;
    expect(post?.files).toEqual([]);
    expect(post?.payload.embeds?.[0]?.description).toContain('the whole table is on the page');
    expect(post?.payload.embeds?.[0]?.fields?.[0]?.value).toContain('Index 5');
  });

  test('corrections are one message too, which answers the alert', async () => {
    const story = await startEvening(6);
    await story.check(SEP_18);
    change(story, 103.7);
    await story.check('2025-09-19T12:30:00Z');
    await story.check('2025-09-19T13:45:00Z');
    expect(titles(story)).toEqual([SIX, 'Correction: 6 record closes of 18 Sep 2025']);
    const [alert, correction] = mailsTo(story);
    expect(correction?.inReplyTo).toBe(alert?.messageId);
    expect(correction?.text).toMatch(/Index 3 +1 of 1 \(\d\d%\) +Index 3 close, from 103\.00 to 103\.70/);
    const link = /\[The message this refers to\]\(https:\/\/discord\.com\/channels\/\S+\)/;
    expect(story.discord.messages[1]?.payload.embeds?.[0]?.description).toMatch(link);
  });

  test('one correction answers the message that told it', async () => {
    const story = await startEvening(6);
    await story.check(SEP_18);
    change(story, 103.7, [2]);
    await story.check('2025-09-19T12:30:00Z');
    await story.check('2025-09-19T13:45:00Z');
    expect(titles(story)).toEqual([SIX, 'Correction: Index 2 record close of 18 Sep 2025']);
    const [alert, correction] = mailsTo(story);
    expect(correction?.inReplyTo).toBe(alert?.messageId);
  });

  test('retractions are one message, on the channels that had the alert', async () => {
    const story = await startEvening(6);
    story.discord.fault = () => ({ status: 502 });
    await story.check(SEP_18);
    story.discord.fault = undefined;
    change(story, 99);
    await story.check('2025-09-19T12:30:00Z');
    await story.check('2025-09-19T13:45:00Z');
    expect(titles(story)).toEqual([]);
    expect(subjects(story)).toEqual([SIX, 'Retracted: 6 record closes of 18 Sep 2025']);
    expect(mailsTo(story)[1]?.text).toMatch(/Index 4 +99\.00 +102\.00/);
  });

  test('one that is in doubt before a channel has it holds up no other, and comes alone if it stands', async () => {
    const story = await startEvening(6);
    story.discord.fault = () => ({ status: 502 });
    await story.check(SEP_18);
    story.discord.fault = undefined;
    change(story, 99, [1]);
    await story.check('2025-09-18T21:30:00Z');
    expect(titles(story)).toEqual(['5 indices: first record close in over a year']);
    expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).not.toContain('Index 1 (');
    change(story, 103.001, [1]);
    await story.check('2025-09-18T22:00:00Z');
    await story.check('2025-09-18T23:30:00Z');
    expect(titles(story).slice(1)).toEqual([alone(1)]);
    expect(subjects(story)).toEqual([SIX]);
  });

  test('one that is gone before anybody has it is told to nobody', async () => {
    const story = await startEvening(6);
    story.discord.fault = () => ({ status: 502 });
    story.smtp.fault = () => ({ connect: 421 });
    await story.check(SEP_18);
    story.discord.fault = story.smtp.fault = undefined;
    change(story, 99, [0]);
    await story.check('2025-09-18T21:30:00Z');
    await story.check('2025-09-18T23:30:00Z');
    const five = '5 indices: first record close in over a year';
    expect([titles(story), subjects(story), subjects(story, BOB)]).toEqual([[five], [five], [five]]);
  });

  test('follow-ups of one day are one message', async () => {
    const story = await startEvening(6);
    await story.round(SEP_18);
    await story.round('2025-10-20T21:00:00Z');
    await story.round('2025-10-20T22:00:00Z');
    const after = titles(story).filter((title) => !title.startsWith('Drill'));
    expect(after).toEqual([SIX, 'After 1 month: what followed 6 record closes of 18 Sep 2025']);
    expect(mailsTo(story).find(({ subject }) => subject === after[1])?.inReplyTo).toBe(mailsTo(story)[0]?.messageId);
  });
});
