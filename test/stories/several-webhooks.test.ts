import { describe, expect, test } from 'vitest';
import { pause } from '../../src/jobs/pause.ts';
import { ALERT, subjects, titles } from '../support/posted.ts';
import { EVENT, SEP_17, SEP_18, startStory } from '../support/story.ts';

/** A newer webhook, which Discord does not know. */
const NEWER = 'https://discord.com/api/webhooks/1517934283201413130/newer-token';

describe('of two webhooks', () => {
  const start = async () => {
    const story = await startStory();
    // Added later, before the first.
    await story.round(SEP_17);
    story.configure({ DISCORD_WEBHOOK_URL: `${NEWER}\n${story.environment.DISCORD_WEBHOOK_URL}` });
    return story;
  };

  test('one that is gone stops nobody, and is told through the other one too', async () => {
    const story = await start();
    await story.round(SEP_18);
    await story.round('2025-09-18T21:30:00Z');
    expect(titles(story)[0]).toBe(ALERT);
    const told = `Not delivered: ${EVENT}/alert on discord-webhook:1517934283201413130`;
    expect(titles(story)).toContain(told);
    expect(subjects(story)).toContain(told);
    const states = await story.at('2025-09-18T22:00:00Z', async ({ ledger }) =>
      (await ledger.deliveriesOf([`${EVENT}/alert`])).map(({ channel, state }) => [channel, state]),
    );
    expect(states).toEqual(
      expect.arrayContaining([
        ['discord-webhook', 'sent'],
        ['discord-webhook:1517934283201413130', 'failed'],
      ]),
    );
  });

  test('the newer one keeps its id, and gets nothing twice, when the oldest is taken out', async () => {
    const story = await startStory();
    const webhook = story.environment.DISCORD_WEBHOOK_URL ?? '';
    // An older one, which somebody has deleted.
    story.configure({ DISCORD_WEBHOOK_URL: `https://discord.com/api/webhooks/99/older-token ${webhook}` });
    await story.round(SEP_17);
    await story.round(SEP_18);
    expect(titles(story).filter((title) => title === ALERT)).toHaveLength(1);
    story.configure({ DISCORD_WEBHOOK_URL: webhook });
    await story.round('2025-09-18T21:30:00Z');
    await story.round('2025-09-19T12:30:00Z');
    expect(titles(story).filter((title) => title === ALERT)).toHaveLength(1);
    const ids = await story.at('2025-09-19T13:00:00Z', async ({ channels }) => channels.map(({ id }) => id));
    expect(ids[0]).toBe('discord-webhook:1417934283201413130');
  });

  test('each has a daily test of its own', async () => {
    const story = await start();
    await story.round('2025-09-18T13:30:00Z');
    const probes = await story.at('2025-09-18T13:40:00Z', ({ ledger }) => ledger.probes());
    const failures = probes
      .filter(({ part }) => part.startsWith('channel-discord'))
      .map(({ part, failure }) => [part, failure]);
    expect(failures).toEqual([
      ['channel-discord-webhook', null],
      ['channel-discord-webhook:1517934283201413130', expect.stringContaining('does not know this webhook')],
    ]);
    expect(titles(story)).toContain('The daily test of discord-webhook:1517934283201413130 fails');
  });

  test('one or both can be paused', async () => {
    const story = await start();
    const paused = (name: string) => story.at(SEP_17, (app) => pause(app, name, undefined));
    expect(await paused('discord-webhook:1517934283201413130')).toEqual(['discord-webhook:1517934283201413130']);
    expect(await paused('discord-webhook:1417934283201413130')).toEqual(['discord-webhook']);
    expect(await paused('discord-webhook')).toEqual(['discord-webhook', 'discord-webhook:1517934283201413130']);
    await expect(paused('discord')).rejects.toThrow(
      "there is no channel 'discord'; allowed: discord-webhook:1417934283201413130, discord-webhook:1517934283201413130, " +
        'email:ann@example.com, email:bob@example.com, discord-webhook, email',
    );
  });
});
