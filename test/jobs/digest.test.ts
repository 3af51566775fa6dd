import { describe, expect, test } from 'vitest';
import { ALERT, subjects, titles } from '../support/posted.ts';
import { SEP_17, SEP_18, SEP_19, startStory } from '../support/story.ts';

describe('the digest', () => {
  const FRIDAY = '2025-09-19T22:00:00Z';

  test('comes on Friday evening by email and nowhere else, once, and says all that matters', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await story.round(SEP_18);
    await story.round('2025-09-18T22:00:00Z', 'when due');
    await story.round(SEP_19);
    await story.round('2025-09-19T21:59:00Z', 'when due');
    expect(subjects(story)).toEqual([ALERT]);
    await story.round(FRIDAY, 'when due');
    await story.round('2025-09-19T23:00:00Z', 'when due');
    await story.round('2025-09-20T12:30:00Z');
    expect(subjects(story).slice(1)).toEqual(['All is well: Russell 2000 not armed, +0.77% to the record']);
    expect(titles(story)).toEqual([ALERT]);
    const { text = '', messageId } = story.smtp.messages.at(-1) ?? {};
    expect(messageId).toMatch(/^<digest\/2025-09-19\//);
    // 2448.77 / 2397.06 − 1 and 6664.36 / 6584.29 − 1, from the closes of 12 September in FACTS.md.
    expect(text.replace(/\s+/g, ' ')).toContain('closed at 2,448.77 on Friday, 19 Sep 2025, +2.16% over the week');
    expect(text).toMatch(/S&P 500 +6,664\.36 +\+1\.22%/);
    expect(text).toContain('No alert can come before');
    expect(text.replace(/\s+/g, ' ')).toContain('the next follow-up, after 1 month, is due on 18 Oct 2025');
    expect(text).not.toMatch(/Held|Missing|Revised/);
    expect(text).toMatch(/discord-webhook +passed, 19 Sep 2025 +alert, 18 Sep 2025 +0/);
    expect(text).toContain('npm run pause email:');
  });

  test('comes on Thursday where Friday is a holiday, and never on a day without a session', async () => {
    const story = await startStory();
    story.setClose('^RUT', '2026-04-02', 2500);
    await story.round('2026-03-30T20:45:00Z');
    // 3 April 2026 is Good Friday.
    await story.round('2026-04-02T22:00:00Z');
    await story.round('2026-04-03T22:00:00Z');
    const sent = story.smtp.messages.map(({ headers }) => headers.get('x-breakout-bell-id'));
    expect(sent.filter((id) => String(id).startsWith('digest'))).toEqual(['digest/2026-04-02', 'digest/2026-04-02']);
  });

  test('comes late, but once, where the machine was off on Friday evening: on the next day with a session', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    const digests = () => subjects(story).filter((subject) => subject?.startsWith('All is well')).length;
    await story.round('2025-09-21T15:00:00Z', 'when due');
    expect(digests()).toBe(0);
    await story.round('2025-09-22T12:30:00Z');
    await story.round('2025-09-22T13:30:00Z', 'when due');
    expect(digests()).toBe(1);
  });

  test('does not take the figures of another day for those of this one', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await story.round(SEP_18);
    for (const symbol of ['^RUT', '^GSPC']) story.setClose(symbol, '2025-09-19', undefined);
    await story.round(FRIDAY);
    expect(subjects(story).at(-1)).toBe('Needs attention: no close of 19 Sep 2025 has been read yet');
    expect(story.smtp.messages.at(-1)?.text).toContain('Note: No close of 19 Sep 2025 has been read yet.');
  });

  test('is not even tried where no channel takes it', async () => {
    const story = await startStory({ SMTP_URL: '', EMAIL_FROM: '', EMAIL_TO: '' });
    await story.round(SEP_17);
    const runs = () => story.at(FRIDAY, async ({ ledger }) => (await ledger.runs('2025-01-01')).length);
    await story.round(SEP_19);
    const before = await runs();
    await story.round(FRIDAY, 'when due');
    expect([await runs(), story.discord.messages.length]).toEqual([before, 1]);
  });

  test('is not about a week from before the watch began', async () => {
    const story = await startStory();
    await story.round('2025-09-20T15:00:00Z');
    await story.round('2025-09-21T15:00:00Z');
    expect(subjects(story).filter((subject) => /well|attention/.test(subject ?? ''))).toEqual([]);
  });

  test('says what needs attention', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.yahoo.fault = () => ({ status: 500 });
    for (const time of [SEP_18, '2025-09-19T12:30:00Z', FRIDAY]) await story.round(time);
    expect(subjects(story).at(-1)).toMatch(/^Needs attention: No close of \^RUT or \^GSPC for 18 Sep 2025/);
    expect(story.smtp.messages.at(-1)?.text?.replace(/\s+/g, ' ')).toContain(
      'Note: No close of ^RUT or ^GSPC for 18 Sep 2025.',
    );
  });
});
