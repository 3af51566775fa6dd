import { describe, expect, test, vi } from 'vitest';
import { connected, MANAGER, stage, textOf, titleOf } from '../support/bot-stage.ts';
import { EVENT, SEP_17, SEP_18 } from '../support/story.ts';

describe('the bot', () => {
  test('answers /status to the asker alone, or to everybody where that is asked for', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_17, async () => {
      const reply = await at.gateway.command('status');
      expect(reply.ephemeral).toBe(true);
      expect(titleOf(reply)).toContain('Russell 2000 armed, +1.47% to the record');
      expect(textOf(reply)).toContain('967 sessions');
      expect((await at.gateway.command('status', { show: true })).ephemeral).toBe(false);
    });
  });

  test('answers /history, /chart and /asof from what is stored', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_17, async () => {
      const history = await at.gateway.command('history');
      expect(textOf(history)).toMatch(/higher a year later in 10 of 11 \(any day: \d\d%\)/);
      for (const which of ['record', 'outcomes']) {
        const chart = await at.gateway.command('chart', { which });
        expect(chart.files).toMatchObject([{ name: `${which}.png` }]);
        expect(chart.files[0]?.size).toBeGreaterThan(20_000);
        expect(chart.embeds[0]?.image?.url).toBe(`attachment://${which}.png`);
      }
      const event = await at.gateway.command('asof', { date: '2016-11-14' });
      expect(titleOf(event)).toBe('Preview, not an alert: Russell 2000: first record close in over a year');
      expect(textOf(event)).toMatch(/higher a year later in \*\*8 of 9 \(any day: \d\d%\)\*\*/);
      expect(event.files).toMatchObject([{ name: 'evidence.txt' }]);
      const quiet = await at.gateway.command('asof', { date: '2016-11-12' });
      expect(titleOf(quiet)).toBe('Russell 2000 on 11 Nov 2016: no event');
      expect(textOf(quiet)).toContain('The bot would have sent nothing.');
    });
  });

  test('runs /check and /drill for who may manage the server, and the ledger says who asked', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_18, async ({ ledger }) => {
      for (const name of ['check', 'drill']) {
        const refused = await at.gateway.command(name);
        expect(refused).toMatchObject({ ephemeral: true, content: `/${name} needs the Manage Server permission.` });
      }
      expect(at.story.discord.messages).toEqual([]);
      const reply = await at.gateway.command('check', {}, MANAGER);
      expect(textOf(reply)).toContain(`New: ${EVENT}.`);
      expect(at.story.discord.messages).toHaveLength(1);
      expect((await ledger.lastRun())?.command).toBe('check, asked by ann (1417934283201413190) on Discord');
      const drilled = await at.gateway.command('drill', {}, MANAGER);
      expect(textOf(drilled)).toContain('discord-bot: sent');
      expect((await ledger.lastRun())?.command).toContain('drill, asked by ann');
      // Once: the second asker is told that nothing ran, and nothing that could be read of the first check.
      const again = await at.gateway.command('check', {}, MANAGER);
      expect(textOf(again)).toContain('ran less than a minute ago, so this one did not. See what that one found.');
      expect(at.story.discord.messages).toHaveLength(2);
    });
  });

  test('answers the buttons under an alert, after a restart too', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await at.story.check(SEP_18);
    const { components = [] } = (at.story.discord.messages[0]?.payload ?? {}) as {
      components?: { components: { custom_id: string; label: string }[] }[];
    };
    const buttons = components.flatMap((row) => row.components);
    expect(buttons.map(({ label }) => label)).toEqual([
      'Seen',
      'Show the evidence',
      'Show the charts',
      'Where are we now?',
    ]);
    await connected(at, SEP_18, async () => {
      for (const { custom_id } of buttons.slice(1)) {
        const reply = await at.gateway.press(custom_id);
        expect(reply.ephemeral).toBe(true);
        expect(reply.embeds.length).toBeGreaterThan(0);
        if (custom_id.startsWith('evidence'))
          expect(reply.files.map(({ name }) => name)).toEqual(['evidence.txt', 'study-today.txt']);
        if (custom_id.startsWith('charts'))
          expect(reply.files.map(({ name }) => name)).toEqual(['record.png', 'outcomes.png']);
        if (custom_id.startsWith('now')) expect(titleOf(reply)).toContain('Russell 2000');
      }
      const gone = await at.gateway.press('evidence/russell-2000/1999-12-29/alert');
      expect(gone.content).toContain('is not in my ledger any more');
      expect((await at.gateway.press('nonsense')).content).toBe('I no longer know this button.');
    });
  });

  test.each([
    ['asof', { date: '2025-02-30' }, "'2025-02-30' is not a date; allowed: YYYY-MM-DD, as in 2025-09-18."],
    ['asof', { date: '1950-01-01' }, 'There is no close of ^RUT up to 1 Jan 1950.'],
    ['chart', { which: '../etc' }, "which is '../etc'; allowed: record, outcomes."],
    ['history', { signal: 'nope' }, "signal is 'nope'; allowed: russell-2000."],
    ['unheard-of', {}, 'I do not know /unheard-of; I know /status, /history, /chart, /asof, /check, /drill.'],
    ['constructor', {}, 'I do not know /constructor'],
  ])('says what is wrong with /%s %j', async (name, options, words) => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_17, async () => {
      const reply = await at.gateway.command(name, options);
      expect(reply.ephemeral).toBe(true);
      expect(reply.content).toContain(words);
    });
  });

  test('reads what others have stored before it answers', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_17, async ({ closes }) => {
      const refresh = vi.spyOn(closes, 'refresh');
      await at.gateway.command('status');
      expect(refresh).toHaveBeenCalledTimes(1);
      await at.gateway.press('now/x');
      expect(refresh).toHaveBeenCalledTimes(2);
    });
  });
});
