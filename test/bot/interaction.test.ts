import { describe, expect, test } from 'vitest';
import { connected, MANAGER, stage, textOf, titleOf } from '../support/bot-stage.ts';
import { BOT } from '../support/discord-stand-in.ts';
import { SEP_17, SEP_18 } from '../support/story.ts';

describe('the bot', () => {
  test('answers in its own server only: commands may be left in the one before', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_18, async () => {
      const reply = await at.gateway.command('check', {}, MANAGER, '1417934283201413777');
      expect(reply.content).toBe("I answer only in my channel's server.");
      expect(at.story.discord.messages).toEqual([]);
    });
  });

  test('says that something failed without its secrets, and goes on', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_17, async (app) => {
      const { accepted } = app.closes;
      Object.assign(app.closes, {
        accepted: () => {
          throw new Error(`no closes for ${BOT.DISCORD_BOT_TOKEN}`);
        },
      });
      const reply = await at.gateway.command('history');
      expect(reply.content).toContain('That did not work: no closes for [secret].');
      Object.assign(app.closes, { accepted });
      expect(textOf(await at.gateway.command('history'))).toContain('10 of 11');
    });
    expect(JSON.stringify(at.log)).not.toContain(BOT.DISCORD_BOT_TOKEN);
    expect(at.log.some(({ msg }) => msg === 'an answer failed')).toBe(true);
  });
});

describe('a flood of questions', () => {
  test('of one person is answered five times, and then told when to ask again', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_17, async () => {
      const replies = await Promise.all(
        Array.from({ length: 150 }, () => at.gateway.command('chart', { which: 'record' })),
      );
      const answered = replies.filter(({ files }) => files.length > 0);
      expect(answered).toHaveLength(5);
      expect(new Set(answered.map(({ files }) => files[0]?.size)).size).toBe(1);
      const others = new Set(replies.filter(({ files }) => files.length === 0).map(({ content }) => content));
      expect([...others]).toEqual(['You have asked /chart 5 times within 30 seconds; ask again in 30 s.']);
      // Another command, and another person, are another matter.
      expect(titleOf(await at.gateway.command('status'))).toContain('armed');
      at.gateway.person = '1417934283201413191';
      expect((await at.gateway.command('chart', { which: 'outcomes' })).files).toHaveLength(1);
    });
  }, 30_000);

  test('/check reads the source once a minute, whoever asks, and /drill writes to everybody once in ten', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    let later = 0;
    at.story.prepare = (app) => {
      const { now } = app;
      Object.assign(app, { now: () => now() + later });
    };
    await connected(at, SEP_17, async () => {
      const before = at.story.yahoo.requests.length;
      const ask = (command: string, nth: number) => {
        at.gateway.person = String(1417934283201414000n + BigInt(nth));
        return at.gateway.command(command, {}, MANAGER);
      };
      const first = await ask('check', 0);
      expect(titleOf(first)).toBe('Checked');
      const once = at.story.yahoo.requests.length - before;
      later = 15_000;
      const replies = await Promise.all(Array.from({ length: 11 }, (_, nth) => ask('check', nth)));
      expect(new Set(replies.map(({ content }) => content))).toEqual(
        new Set([
          '/check ran less than a minute ago, so this one did not. See what that one found. Ask again in 45 s.',
        ]),
      );
      expect(at.story.yahoo.requests.length - before).toBe(once);
      later = 61_000;
      expect(titleOf(await ask('check', 0))).toBe('Checked');
      expect(titleOf(await ask('drill', 0))).toBe('The drill arrived everywhere');
      later = 121_000;
      expect((await ask('drill', 1)).content).toBe(
        '/drill ran less than 10 minutes ago, so this one did not. A drill goes to everybody. Ask again in 9 minutes.',
      );
      expect(at.story.discord.messages.filter(({ payload }) => payload.content?.startsWith('Drill'))).toHaveLength(1);
    });
  }, 30_000);
});
