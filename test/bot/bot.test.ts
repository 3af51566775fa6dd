import { pino } from 'pino';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { App } from '../../src/app/app.ts';
import { thisProcess } from '../../src/app/this-process.ts';
import { startBot } from '../../src/bot/bot.ts';
import { startBotThread } from '../../src/bot/start.ts';
import { createSite } from '../../src/dashboard/server.ts';
import { healthOf } from '../../src/health/health.ts';
import { digest } from '../../src/jobs/digest.ts';
import { type GatewayStandIn, startGateway } from '../support/discord-gateway.ts';
import { BOT, discordError, GUILD_ID, rateLimited } from '../support/discord-server.ts';
import { EVENT, SEP_17, SEP_18, type Story, startStory } from '../support/story.ts';

const MANAGER = 0x20n;

interface Stage {
  readonly story: Story;
  readonly gateway: GatewayStandIn;
  readonly log: Record<string, unknown>[];
}

/** Runs `act` while a bot is connected, in the app of an instant. */
async function connected<T>(
  { story, gateway, log }: Stage,
  instant: string,
  act: (app: App) => Promise<T>,
): Promise<T> {
  return story.at(instant, async (app) => {
    const settings = app.settings.discordBot;
    if (settings === undefined) throw new Error('no bot is set up');
    const before = gateway.events.length;
    const lines = pino({}, { write: (line: string) => void log.push(JSON.parse(line)) });
    const bot = startBot(app, settings, lines, 50);
    try {
      await gateway.happened(
        'commands read',
        gateway.events.slice(0, before).filter((e) => e === 'commands read').length + 1,
      );
      return await act(app);
    } finally {
      await bot.close();
    }
  });
}

async function stage(): Promise<Stage> {
  const story = await startStory({ ...BOT, DISCORD_WEBHOOK_URL: '', SMTP_URL: '', EMAIL_FROM: '', EMAIL_TO: '' });
  const gateway = await startGateway(story.discord);
  onTestFinished(() => gateway.close());
  return { story, gateway, log: [] };
}

const titleOf = (reply: { embeds: { title?: string }[] }) => reply.embeds[0]?.title ?? '';
const textOf = (reply: { embeds: object[]; content: string }) => JSON.stringify(reply);

describe('the bot', () => {
  test('asks for no intent but Guilds, and registers its commands for its own server, only when they changed', async () => {
    const at = await stage();
    await connected(at, SEP_17, async () => {
      await at.gateway.happened('commands put');
      // 1 << 0 is Guilds. Source: Discord's reference, "Gateway Intents".
      expect(at.gateway.intents()).toBe(1);
      expect((at.gateway.commands as { name: string }[]).map(({ name }) => name)).toEqual([
        'status',
        'history',
        'chart',
        'asof',
        'check',
        'drill',
      ]);
      const guarded = at.gateway.commands.filter(
        (command) => (command as { default_member_permissions?: string }).default_member_permissions === '32',
      );
      expect(guarded).toHaveLength(2);
    });
    // As Discord gives them back, with fields of its own.
    at.gateway.commands = at.gateway.commands.map((command, id) => ({
      ...(command as object),
      id: String(id),
      version: '1',
      nsfw: false,
    }));
    await connected(at, SEP_17, async () => {
      expect(at.gateway.events.filter((event) => event === 'commands put')).toHaveLength(1);
    });
  });

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
      expect(textOf(history)).toContain('higher a year later in 10 of 11 (91%)');
      for (const which of ['record', 'outcomes']) {
        const chart = await at.gateway.command('chart', { which });
        expect(chart.files).toMatchObject([{ name: `${which}.png` }]);
        expect(chart.files[0]?.size).toBeGreaterThan(20_000);
        expect(chart.embeds[0]?.image?.url).toBe(`attachment://${which}.png`);
      }
      const event = await at.gateway.command('asof', { date: '2016-11-14' });
      expect(titleOf(event)).toBe('Preview, not an alert: Russell 2000: first record close in over a year');
      expect(textOf(event)).toContain('higher a year later in 8 of 9');
      const quiet = await at.gateway.command('asof', { date: '2016-11-12' });
      expect(titleOf(quiet)).toBe('Russell 2000 on 11 Nov 2016: no event');
      expect(textOf(quiet)).toContain('It would have said nothing.');
    });
  });

  test('runs /check and /drill for who may manage the server, and the ledger says who asked', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_18, async ({ ledger }) => {
      for (const name of ['check', 'drill']) {
        const refused = await at.gateway.command(name);
        expect(refused).toMatchObject({ ephemeral: true, content: `/${name} is for who may manage this server.` });
      }
      expect(at.story.discord.messages).toEqual([]);
      const reply = await at.gateway.command('check', {}, MANAGER);
      expect(textOf(reply)).toContain(`It fired ${EVENT}.`);
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
    expect(buttons.map(({ label }) => label)).toEqual(['Show the evidence', 'Show the charts', 'Where are we now?']);
    await connected(at, SEP_18, async () => {
      for (const { custom_id } of buttons) {
        const reply = await at.gateway.press(custom_id);
        expect(reply.ephemeral).toBe(true);
        expect(reply.embeds.length).toBeGreaterThan(0);
        if (custom_id.startsWith('evidence')) expect(reply.files).toMatchObject([{ name: 'evidence.txt' }]);
        if (custom_id.startsWith('charts'))
          expect(reply.files.map(({ name }) => name)).toEqual(['record.png', 'outcomes.png']);
        if (custom_id.startsWith('now')) expect(titleOf(reply)).toContain('Russell 2000');
      }
      const gone = await at.gateway.press('evidence/russell-2000/1999-12-29/alert');
      expect(gone.content).toContain('is not in my ledger any more');
      expect((await at.gateway.press('nonsense')).content).toBe('I do not know this button any more.');
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

  test('answers in its own server only: commands may be left in the one before', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_18, async () => {
      const reply = await at.gateway.command('check', {}, MANAGER, '1417934283201413777');
      expect(reply.content).toBe('I answer in the server of my channel only.');
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
      expect(
        at.story.discord.messages.filter(({ payload }) => payload.embeds?.[0]?.title?.startsWith('Drill')),
      ).toHaveLength(1);
    });
  }, 30_000);
});

describe('what a person typed, or a service said', () => {
  const HOSTILE = [
    '**bold** __u__ ~~s~~ ||spoiler|| `code` ```block```',
    '[click](https://evil.example/x) https://evil.example/y <https://evil.example/z>',
    '@everyone <@&123> <@456> <#789> <:x:1> <t:0:R>',
    '# Title\n> quote\n- list',
    '\u202eesrever \\`\\*',
  ];
  /** What Discord would read as more than text: a sign that no backslash stands before, a mention, an address. */
  const ALIVE = /(?<!\\)(?:\\\\)*[*_~`|[<]|(?<!\\)@(?!\u200b)|https?:\/\/|^\s*[#>]|^- |\u202e/m;

  test.each(HOSTILE)('is shown as text: %s', async (value) => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_17, async (app) => {
      const replies = [
        await at.gateway.command('chart', { which: value }),
        await at.gateway.command('history', { signal: value }),
        await at.gateway.command('asof', { date: value }),
        await at.gateway.press(`evidence/${value}`),
      ];
      Object.assign(app.closes, {
        accepted: () => {
          throw new Error(value);
        },
      });
      replies.push(await at.gateway.command('history'));
      for (const { content } of replies) {
        expect(content.length).toBeGreaterThan(10);
        expect(content).not.toMatch(ALIVE);
      }
    });
  });

  test('is said back in short', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_17, async () => {
      const { content } = await at.gateway.command('chart', { which: '*'.repeat(6000) });
      expect(content).toMatch(/^which is '(\\\*){50}…'; allowed: record, outcomes\.$/);
    });
  });
});

describe('the gateway', () => {
  const probe = async (app: App) => (await app.ledger.probes()).find(({ part }) => part === 'gateway');

  test('is resumed when Discord asks for it, or the connection breaks, and answers go on', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_17, async (app) => {
      at.gateway.askToReconnect();
      await at.gateway.happened('resume');
      expect(titleOf(await at.gateway.command('status'))).toContain('armed');
      at.gateway.cut();
      await at.gateway.happened('resume', 2);
      expect(titleOf(await at.gateway.command('status'))).toContain('armed');
      expect((await probe(app))?.failure).toBeNull();
    });
  });

  test('sends heartbeats', async () => {
    const at = await stage();
    at.gateway.heartbeatInterval = 30;
    await connected(at, SEP_17, () => at.gateway.happened('heartbeat', 3));
  });

  test('that refuses the token is noted, told in health, and tried no more; alerts go out', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_17, async (app) => {
      at.gateway.closeWith(4004);
      await expect
        .poll(() => probe(app))
        .toMatchObject({ failure: 'Discord closed the connection for good (code 4004)' });
    });
    expect((await at.story.check(SEP_18)).deliveries).toMatchObject([{ channel: 'discord-bot', state: 'sent' }]);
  });

  test('that is down at the start is tried again', async () => {
    const at = await stage();
    let refused = 0;
    at.story.discord.fault = ({ path }) =>
      path.endsWith('/gateway/bot') && refused++ < 2 ? { status: 500 } : undefined;
    await connected(at, SEP_17, async (app) => {
      expect(refused).toBeGreaterThan(2);
      await expect.poll(async () => (await probe(app))?.failure).toBeNull();
    });
  });

  test('that ends the session is identified to anew', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_17, async (app) => {
      at.gateway.invalidate();
      await at.gateway.happened('identify', 2);
      expect(titleOf(await at.gateway.command('status'))).toContain('armed');
      await expect.poll(async () => (await probe(app))?.failure).toBeNull();
    });
  }, 20_000);

  test('whose REST asks to slow down gets its answer a moment later', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    let asked = 0;
    at.story.discord.fault = ({ path }) =>
      path.includes('/messages/') && asked++ === 0 ? rateLimited(0.2) : undefined;
    await connected(at, SEP_17, async () => {
      expect(titleOf(await at.gateway.command('status'))).toContain('armed');
      expect(asked).toBeGreaterThan(1);
    });
  });

  test('shows in health, the digest and the page; down for an hour it is told, and breaks nothing', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_17, async (app) => {
      // Of a daemon that has stopped nothing is said.
      expect((await healthOf(app)).gateway).toBeNull();
      const startedAt = '2025-09-17T12:00:00.000Z';
      await app.ledger.daemonLives({ ...thisProcess(), startedAt, seenAt: startedAt });
      await expect.poll(async () => (await healthOf(app)).gateway).toMatchObject({ connected: true, failure: null });
      const page = await (await createSite(app).request('/')).text();
      expect(page).toContain('answers commands');
      const { gateway } = (await (await createSite(app).request('/healthz')).json()) as { gateway: object };
      expect(gateway).toMatchObject({ connected: true });
      await app.ledger.probe(
        'gateway',
        'the connection to Discord broke; it is made again',
        '2025-09-17T19:00:00.000Z',
      );
      const health = await healthOf(app);
      expect(health).toMatchObject({ ok: true, gateway: { connected: false, since: '2025-09-17T19:00:00.000Z' } });
      expect(health.troubles.map(({ title }) => title)).toEqual(['The Discord bot answers no commands']);
      expect(JSON.stringify((await digest(app)).posting.message)).toContain('answers no commands since 17 Sep 2025');
    });
  });

  test('that refuses the commands once is asked again, and says so until then', async () => {
    const at = await stage();
    let refused = 0;
    at.story.discord.fault = ({ path }) =>
      path.endsWith('/commands') && refused++ === 0 ? discordError(403, 50001, 'Missing Access') : undefined;
    await connected(at, SEP_17, async (app) => {
      await at.gateway.happened('commands put');
      await expect.poll(async () => (await probe(app))?.failure).toBeNull();
    });
    expect(at.log.map(({ reason }) => String(reason)).join()).toContain(
      'the commands cannot be registered (Missing Access)',
    );
  });

  test('says once that it is down, though it tries all the time', async () => {
    const at = await stage();
    await connected(at, SEP_17, async () => {
      at.gateway.up = false;
      at.gateway.cut();
      await expect.poll(() => at.gateway.refused, { timeout: 5000 }).toBeGreaterThan(3);
    });
    expect(
      at.log.filter(({ msg }) => String(msg).startsWith('the bot is not connected')).map(({ reason }) => reason),
    ).toEqual(['the connection to Discord broke; it is made again']);
  });

  test('waits for an answer that is under way when it is told to stop', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await at.story.at(SEP_18, async (app) => {
      const settings = app.settings.discordBot;
      if (settings === undefined) throw new Error('no bot is set up');
      const bot = startBot(app, settings, pino({ level: 'silent' }), 50);
      await at.gateway.happened('commands put');
      let closed: Promise<void> | undefined;
      at.story.discord.watch = (step) => {
        // The alert is on its way.
        if (step === 'bot accepted') closed ??= bot.close();
      };
      await at.gateway.command('check', {}, MANAGER);
      await closed;
      expect(closed).toBeDefined();
      expect(await app.ledger.unsent()).toEqual([]);
      expect((await app.ledger.lastRun())?.endedAt).not.toBeNull();
    });
  });
});

test('an error inside discord.js ends its own thread only: the daemon watches on, and starts it again', async () => {
  const at = await stage();
  const log: Record<string, unknown>[] = [];
  const lines = pino({}, { write: (line: string) => void log.push(JSON.parse(line)) });
  for (const [name, value] of Object.entries(at.story.environment)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  await at.story.at(SEP_17, async (app) => {
    const bot = startBotThread(app, lines, 100);
    await at.gateway.happened('identify');
    await at.gateway.happened('commands put');
    // No real Discord sends this; its client throws at it.
    at.gateway.dispatch('GUILD_ROLE_UPDATE', { guild_id: GUILD_ID, role: null });
    await at.gateway.happened('identify', 2);
    expect(log.map(({ msg }) => msg)).toContain(
      "the bot's thread has ended by an error; alerts are posted all the same",
    );
    await bot.close();
  });
}, 30_000);
