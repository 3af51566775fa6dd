import { describe, expect, test } from 'vitest';
import { drill } from '../../src/jobs/drill.ts';
import { pause } from '../../src/jobs/pause.ts';
import { BOT } from '../support/discord-stand-in.ts';
import { mailsTo, subjects, ALERT as TITLE, titles } from '../support/posted.ts';
import { EVENT, SEP_17, SEP_18, SEP_19, SEP_22, type Story, startStory } from '../support/story.ts';

const PUBLIC = { PUBLIC_URL: 'https://bell.example.com' };
const ALERT = `${EVENT}/alert`;
const REMINDER = `Reminder: ${TITLE}`;
/** A day after the alert of the story. */
const NEXT_DAY = '2025-09-19T21:00:00Z';

async function alerted(environment: Record<string, string> = PUBLIC): Promise<Story> {
  const story = await startStory(environment);
  await story.round(SEP_17);
  await story.round(SEP_18);
  return story;
}

const reminders = (story: Story) => titles(story).filter((title) => title === REMINDER).length;

const seenBy = (story: Story, at: string) =>
  story.at(at, ({ ledger }) =>
    ledger.acknowledge({
      message: ALERT,
      channel: 'discord-bot',
      who: '1',
      name: 'Anna',
      at: new Date(at).toISOString(),
    }),
  );

describe('an alert that nobody has seen', () => {
  test('is told once more after a day, on every channel that it reached, in reply to it; then there is silence', async () => {
    const story = await alerted();
    await story.round('2025-09-19T20:30:00Z', 'when due');
    expect(reminders(story)).toBe(0);
    await story.round(NEXT_DAY, 'when due');
    expect(reminders(story)).toBe(1);
    for (const reader of ['ann@example.com', 'bob@example.com']) {
      const [alert, reminder] = mailsTo(story, reader);
      expect(reminder?.subject).toBe(REMINDER);
      expect(reminder?.inReplyTo).toBe(alert?.messageId);
      expect(reminder?.text?.replace(/\s+/g, ' ')).toContain(
        'Nobody has marked this alert as seen since it was sent on 18 Sep 2025, 16:45 New York.',
      );
      expect(/^Mark as seen: (.*)$/m.exec(reminder?.text ?? '')?.[1]).toBe(
        /^Mark as seen: (.*)$/m.exec(alert?.text ?? '')?.[1],
      );
    }
    for (const at of ['2025-09-19T22:00:00Z', '2025-09-20T21:00:00Z', SEP_22, '2025-09-29T21:00:00Z'])
      await story.round(at);
    expect(reminders(story)).toBe(1);
    expect(subjects(story).filter((subject) => subject === REMINDER)).toHaveLength(1);
  });

  test('comes from the bot as a reply with the button of the alert, and wakes whom the alert has woken', async () => {
    const mention = '<@&1417934283201413140>';
    const noMail = { DISCORD_WEBHOOK_URL: '', EMAIL_TO: '', EMAIL_FROM: '', SMTP_URL: '' };
    const story = await alerted({ ...BOT, ...noMail, DISCORD_MENTION: mention });
    await story.round(NEXT_DAY);
    const [alert, reminder] = story.discord.messages;
    expect(reminder?.payload.message_reference?.message_id).toBe(alert?.id);
    expect(reminder?.payload.content).toBe(`${mention} ${REMINDER}`);
    const buttons = (of: typeof alert) => JSON.stringify(of?.payload.components);
    expect(buttons(reminder)).toBe(buttons(alert));
    expect(buttons(reminder)).toContain(`"custom_id":"seen/${ALERT}"`);
  });

  test('is no news to whoever reads the figures: what was told stays what a correction is measured by', async () => {
    const story = await alerted();
    await story.round(NEXT_DAY);
    story.setClose('^RUT', '2025-09-18', 2470);
    await story.round(SEP_22);
    await story.round('2025-09-22T21:50:00Z');
    expect(titles(story).filter((title) => title.startsWith('Correction'))).toHaveLength(1);
  });

  test.each([
    ['1', '2025-09-18T21:50:00Z'],
    ['72', '2025-09-21T21:00:00Z'],
  ])('is told again after %s hours where that is set', async (hours, due) => {
    const story = await alerted({ ...PUBLIC, REMIND_AFTER_HOURS: hours });
    await story.round(new Date(Date.parse(due) - 2 * 3_600_000).toISOString(), 'when due');
    expect(reminders(story)).toBe(0);
    await story.round(due, 'when due');
    expect(reminders(story)).toBe(1);
  });
});

test('a digest of the same round does not count it as waiting', async () => {
  const story = await alerted();
  await story.round('2025-09-19T22:00:00Z');
  expect(subjects(story).filter((subject) => subject === REMINDER)).toHaveLength(1);
  const digest = mailsTo(story).find(({ subject }) => subject?.startsWith('All is well'))?.text ?? '';
  expect(digest).toMatch(/email \(2\) +passed, 19 Sep 2025 +alert, 18 Sep 2025 +0$/m);
  expect(digest.replace(/\s+/g, ' ')).toContain('first record close in over a year. Not marked as seen yet.');
});

describe('there is no reminder', () => {
  test('where one reader has seen it, whoever and wherever', async () => {
    const story = await alerted();
    await seenBy(story, '2025-09-19T12:12:00Z');
    await story.round(NEXT_DAY);
    await story.round(SEP_22);
    expect(reminders(story)).toBe(0);
  });

  test.each<[string, Record<string, string>]>([
    ['where nobody could mark it', {}],
    ['where none is wanted', { ...PUBLIC, REMIND_AFTER_HOURS: 'never' }],
  ])('%s', async (_, environment) => {
    const story = await alerted(environment);
    await story.round(NEXT_DAY);
    expect(reminders(story)).toBe(0);
  });

  test('where the machine was off until it is old news', async () => {
    const story = await alerted();
    await story.round('2025-09-23T20:45:00Z');
    expect(reminders(story)).toBe(0);
    const soon = await alerted();
    await soon.round('2025-09-22T20:30:00Z');
    expect(reminders(soon)).toBe(1);
  });

  test('of an alert of before there were reminders', async () => {
    const story = await alerted({});
    story.configure(PUBLIC);
    await story.round(SEP_19);
    await story.round(NEXT_DAY);
    expect(reminders(story)).toBe(0);
  });

  test('of a drill, and of an event that is gone or retracted', async () => {
    const story = await alerted();
    await story.at(SEP_18, (app) => drill(app));
    story.setClose('^RUT', '2025-09-18', 2430);
    story.setClose('^RUT', '2025-09-19', 2420);
    for (const session of ['2025-09-22', '2025-09-23', '2025-09-24']) story.setClose('^RUT', session, 2421);
    // In doubt at the first reading, retracted at the second.
    await story.round(SEP_19);
    await story.round('2025-09-19T20:55:00Z', 'when due');
    await story.round(SEP_22);
    expect(titles(story).filter((title) => title.startsWith('Retracted'))).toHaveLength(1);
    expect(titles(story).filter((title) => title.startsWith('Reminder'))).toEqual([]);
  });

  test('where the alert has reached nobody who could mark it', async () => {
    const story = await startStory({ ...PUBLIC, REMIND_AFTER_HOURS: '1' });
    await story.round(SEP_17);
    story.smtp.fault = () => ({ recipients: { 'ann@example.com': 451, 'bob@example.com': 451 } });
    await story.round(SEP_18);
    await story.round('2025-09-18T22:50:00Z');
    expect(reminders(story)).toBe(0);
    story.smtp.fault = undefined;
    await story.round('2025-09-18T23:50:00Z');
    await story.round('2025-09-19T00:40:00Z', 'when due');
    expect(reminders(story)).toBe(0);
    await story.round('2025-09-19T00:55:00Z', 'when due');
    expect(reminders(story)).toBe(1);
  });

  test('on a channel that is paused', async () => {
    const story = await alerted();
    await story.at(SEP_18, (app) => pause(app, 'discord-webhook', undefined));
    await story.round(NEXT_DAY);
    expect(reminders(story)).toBe(0);
    expect(subjects(story)).toContain(REMINDER);
  });
});

test('a reminder that waits for its channel is given up once somebody has seen the alert', async () => {
  const story = await alerted();
  story.discord.fault = () => ({ status: 502 });
  await story.round(NEXT_DAY);
  expect(subjects(story)).toContain(REMINDER);
  await seenBy(story, '2025-09-19T21:30:00Z');
  story.discord.fault = undefined;
  for (const at of ['2025-09-19T22:00:00Z', '2025-09-20T13:00:00Z', SEP_22]) await story.round(at);
  expect(reminders(story)).toBe(0);
  const [delivery] = await story.at(SEP_22, async ({ ledger }) =>
    (await ledger.deliveriesOf([`${ALERT}/reminder`])).filter(({ channel }) => channel === 'discord-webhook'),
  );
  expect(delivery).toMatchObject({ state: 'failed', reason: 'the alert was marked as seen meanwhile' });
});

test('a reminder of an alert that was corrected does not repeat its figures', async () => {
  const story = await alerted({ ...PUBLIC, REMIND_AFTER_HOURS: '48' });
  story.setClose('^RUT', '2025-09-18', 2470);
  await story.round(SEP_19);
  await story.round('2025-09-19T21:50:00Z');
  expect(titles(story).some((title) => title.startsWith('Correction'))).toBe(true);
  await story.round('2025-09-20T21:00:00Z');
  const text = mailsTo(story).find(({ subject }) => subject === REMINDER)?.text ?? '';
  expect(text).toContain('Its figures were corrected since');
  expect(text).not.toContain('2,467.70');
});

test('a clock that was years ahead once does not silence reminders', async () => {
  const story = await startStory(PUBLIC);
  await story.round(SEP_17);
  await story.at(SEP_17, ({ ledger }) => ledger.noteFact('reminders since', '2031-01-01T00:00:00.000Z'));
  await story.round(SEP_18);
  await story.round(NEXT_DAY);
  expect(reminders(story)).toBe(1);
});
