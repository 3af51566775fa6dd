import { describe, expect, test } from 'vitest';
import { fileOf } from '../../support/file-of.ts';
import { ALERT, GONE, subjects, titles } from '../../support/posted.ts';
import { EVENT, SEP_17, SEP_18, startStory } from '../../support/story.ts';

describe('a delivery that is lost', () => {
  const lost = `Not delivered: ${EVENT}/alert on discord-webhook`;

  test('is told through the other channels once, and taken back when it arrives', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.discord.fault = GONE;
    for (const time of ['20:45', '21:30']) await story.round(`2025-09-18T${time}:00Z`);
    expect(subjects(story).filter((subject) => subject === lost)).toHaveLength(1);
    story.discord.fault = undefined;
    await story.round('2025-09-19T12:30:00Z');
    expect(titles(story)).toEqual([ALERT]);
    expect(subjects(story).filter((subject) => subject?.startsWith('All clear: Not delivered'))).toHaveLength(1);
  });

  test('is told once it is not sent again, not before', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.discord.fault = () => 'reset';
    for (const hour of [0, 1, 7, 30, 31, 32]) {
      await story.round(new Date(Date.parse(SEP_18) + hour * 3_600_000).toISOString());
      expect(subjects(story).filter((subject) => subject === lost)).toHaveLength(hour < 31 ? 0 : 1);
    }
  });

  test('is not lost to an evening without Discord: two attempts that may have arrived, and it comes that night', async () => {
    const story = await startStory({ SMTP_URL: '', EMAIL_FROM: '', EMAIL_TO: '' });
    await story.round(SEP_17);
    story.discord.fault = () => 'reset';
    // 16:45, 17:30, 18:30, 19:30 in New York.
    for (const time of ['20:45', '21:30', '22:30', '23:30']) await story.round(`2025-09-18T${time}:00Z`, 'when due');
    const [delivery] = await story.at('2025-09-18T23:40:00Z', ({ ledger }) => ledger.deliveriesOf([`${EVENT}/alert`]));
    expect(delivery).toMatchObject({ state: 'unknown', attempts: 2, unknownAttempts: 2 });
    story.discord.fault = undefined;
    for (let hour = 0; hour < 8; hour++) await story.round(`2025-09-19T0${hour}:30:00Z`, 'when due');
    expect(titles(story)).toEqual([ALERT]);
    expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).toContain('may be a repeat');
    expect(new Date(story.discord.messages[0]?.at ?? 0).toISOString()).toBe('2025-09-19T04:30:00.000Z');
  });

  test('because nobody can be reached at all is tried every hour, and comes as it was in the hour it works', async () => {
    const story = await startStory({ SMTP_URL: '', EMAIL_FROM: '', EMAIL_TO: '' });
    await story.round(SEP_17);
    const { DISCORD_API_URL = '' } = story.environment;
    story.configure({ DISCORD_API_URL: 'http://127.0.0.1:1/api' });
    for (let hour = 0; hour < 9; hour++) {
      await story.round(new Date(Date.parse(SEP_18) + hour * 3_600_000).toISOString(), 'when due');
    }
    story.configure({ DISCORD_API_URL });
    await story.round('2025-09-19T06:30:00Z', 'when due');
    expect(titles(story)).toEqual([ALERT]);
    expect(story.discord.messages[0]?.payload.embeds?.[0]?.description).not.toContain('may be a repeat');
  });

  test('is no trouble any more a week after it was given up', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.discord.fault = GONE;
    await story.round(SEP_18);
    await story.round('2025-10-20T20:45:00Z');
    const open = await story.at('2025-10-20T21:00:00Z', ({ ledger }) => ledger.openTroubles());
    expect(open.map(({ name }) => name)).not.toContain('delivery-discord-webhook');
  });

  test('and was never tried is tried however late, and one of unknown fate is sent once more', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    await story.check(SEP_18, { offline: false }).catch(() => undefined);
    await story.at(SEP_18, async (app) => {
      fileOf(app).exec("update deliveries set state = 'pending', attempts = 0 where channel = 'discord-webhook'");
      fileOf(app).exec("update deliveries set state = 'sending', claimed_by = 'dead' where channel like 'email:ann%'");
    });
    await story.round('2025-10-08T20:45:00Z');
    expect(titles(story).filter((title) => title === ALERT)).toHaveLength(2);
    expect(subjects(story)).toContain(`${ALERT} (may be a repeat)`);
  });

  test('a warning that is refused for good is tried once per check, like everything else', async () => {
    const story = await startStory();
    await story.round(SEP_17);
    story.discord.fault = GONE;
    story.smtp.fault = () => ({ recipients: { 'ann@example.com': 550 } });
    const attempts = async () => {
      await story.round(SEP_18);
      const warning = `warning/delivery-discord-webhook/${EVENT}/alert`;
      const deliveries = await story.at(SEP_18, ({ ledger }) => ledger.deliveriesOf([warning]));
      return deliveries.find(({ channel }) => channel === 'email:ann@example.com')?.attempts;
    };
    expect([await attempts(), await attempts(), await attempts()]).toEqual([1, 2, 3]);
  });
});
