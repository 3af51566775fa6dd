import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { parse } from 'dotenv';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CancelledError } from '../../../src/cli/setup/prompter.ts';
import { planSetup } from '../../../src/cli/setup/setup.ts';
import { createFakePrompter } from '../../support/fake-prompter.ts';
import { NEW_TOKEN, startSetup } from '../../support/setup-stage.ts';

type Setup = Awaited<ReturnType<typeof startSetup>>;

const ALL = ['discord-webhook', 'discord-bot', 'email'];

/** What somebody types who sets up everything. @param drills whether drills are sent too */
function everything({ discord, smtp, heartbeat }: Setup, drills = true) {
  const drill = [/Send a drill/, drills] as const;
  return [
    [/Which ones/, ALL],
    [/Webhook address/, discord.webhookUrl],
    [/wake/, '<@&42>'],
    drill,
    [/bot's token/, discord.botToken],
    [/Channel ID/, discord.channelId],
    drill,
    [/Mail server/, '127.0.0.1'],
    [/Port/, new URL(smtp.url).port],
    [/User/, 'user'],
    [/Password/, 'secret'],
    [/From/, 'Bell <bell@example.com>'],
    [/To,/, 'ann@example.com, bob@example.com'],
    drill,
    [/Use a heartbeat/, true],
    [/Ping address/, heartbeat.url],
  ] as const;
}

describe('a setup', () => {
  test('asks, tries each answer at once, sends drills that look like alerts, and writes nothing itself', async () => {
    const setup = await startSetup();
    const before = setup.files();
    const prompter = createFakePrompter(everything(setup));
    const stage = await setup.stage(prompter);
    expect(await planSetup(stage)).toBe('start');
    expect(prompter.left()).toEqual([]);
    expect(stage.draft.changes()).toEqual({
      DISCORD_WEBHOOK_URL: setup.discord.webhookUrl,
      DISCORD_MENTION: '<@&42>',
      DISCORD_BOT_TOKEN: setup.discord.botToken,
      DISCORD_CHANNEL_ID: setup.discord.channelId,
      SMTP_URL: setup.smtp.url,
      EMAIL_FROM: 'Bell <bell@example.com>',
      EMAIL_TO: 'ann@example.com, bob@example.com',
      HEARTBEAT_URL: setup.heartbeat.url,
    });
    expect(prompter.seen).toEqual(
      expect.arrayContaining([
        // The demo's closes meet the real ones there: data of DESIGN.md, section 6.
        expect.stringMatching(/^good: yahoo: \^RUT: newest close .* of 17 Sep 2025$/),
        "good: discord-webhook: webhook 'Breakout Bell' is there",
        expect.stringMatching(/^good: email:ann@example.com: .* accepts the login, and mail to ann@example.com$/),
        'good: email:bob@example.com: the drill is sent',
        expect.stringMatching(/^good: heartbeat: answers as a heartbeat service does/),
      ]),
    );
    // A drill to each, the last event of the history as its example.
    expect(setup.discord.messages.map(({ by }) => by)).toEqual(['webhook', 'bot']);
    expect(setup.smtp.messages.map(({ subject }) => subject)).toEqual([
      'Drill, not an alert: Russell 2000',
      'Drill, not an alert: Russell 2000',
    ]);
    expect(setup.smtp.messages[0]?.text).toContain('The last event, of 13 Nov 2020');
    expect(setup.heartbeat.calls).toEqual(['start']);
    expect(setup.files()).toEqual(before);
  });

  test('shows no secret, whatever is asked and tried', async () => {
    const setup = await startSetup();
    const wrong = setup.discord.webhookUrl.replace(setup.discord.token, 'wrong-but-secret');
    const prompter = createFakePrompter([
      [/Which ones/, ALL],
      [/Webhook address/, 'https://example.com/hush-hush-hush'],
      [/What about/, 'again'],
      [/Webhook address/, wrong],
      [/What about/, 'again'],
      ...everything(setup, false).slice(1),
    ]);
    await planSetup(await setup.stage(prompter));
    expect(prompter.left()).toEqual([]);
    const seen = prompter.seen.join('\n');
    const { discord, heartbeat } = setup;
    for (const secret of [discord.token, discord.botToken, 'user:secret', heartbeat.url, 'hush', 'wrong-but']) {
      expect(seen).not.toContain(secret);
    }
  });

  test('with Enter all the way asks for nothing that is not there: a folder, the page on this machine, and the daemon', async () => {
    const setup = await startSetup();
    const prompter = createFakePrompter();
    const stage = await setup.stage(prompter);
    expect(await planSetup(stage)).toBe('start');
    expect(stage.draft.changes()).toEqual({});
    expect(prompter.seen).toContainEqual(
      expect.stringMatching(
        /^note: No channel is set up: messages only become files in .*outbox, and nobody is told\.$/,
      ),
    );
  });

  test('offers what is set, so that Enter changes nothing', async () => {
    const setup = await startSetup();
    setup.write(`SMTP_URL=${setup.smtp.url}
EMAIL_FROM = "Bell <bell@example.com>"   # mine
EMAIL_TO='ann@example.com
bob@example.com'
DISCORD_WEBHOOK_URL=${setup.discord.webhookUrl}
HEARTBEAT_URL=${setup.heartbeat.url}
DATABASE_URL=postgres://bell:hush@192.0.2.1/bell
`);
    const prompter = createFakePrompter();
    const stage = await setup.stage(prompter);
    await planSetup(stage);
    expect(stage.draft.changes()).toEqual({});
    expect(prompter.seen).toEqual(
      expect.arrayContaining([
        '? Which ones? The space bar marks, Enter goes on. [discord-webhook,email]',
        '? Webhook address (set) []',
        '? Mail server (SMTP), such as smtp.gmail.com [127.0.0.1]',
        '? Password, often an app password (set) []',
        '? To, several separated by commas [ann@example.com, bob@example.com]',
        '? Use a heartbeat? [true]',
        '? All is as it was. What now? [start]',
      ]),
    );
    // Nothing is new: no drill is offered by default, and none was sent.
    expect(prompter.seen.filter((line) => /drill/.test(line))).toEqual(
      Array(2).fill('? Send a drill there now? A test message, labelled as one, that looks like an alert. [false]'),
    );
    expect([setup.discord.messages, setup.smtp.messages]).toEqual([[], []]);
  });

  test('takes out what is not wanted any more, and leaves the rest as it stands', async () => {
    const setup = await startSetup();
    setup.write(`# my channels
DISCORD_WEBHOOK_URL=${setup.discord.webhookUrl}
DISCORD_MENTION=<@&42>
SMTP_URL=${setup.smtp.url}
EMAIL_FROM=bell@example.com
EMAIL_TO=ann@example.com # her
LOG_LEVEL=warn
DATABASE_URL=postgres://bell:hush@192.0.2.1/bell
HEARTBEAT_URL=${setup.heartbeat.url}
`);
    const [, before] = setup.files();
    const stage = await setup.stage(
      createFakePrompter([
        [/Which ones/, ['email']],
        [/Use a heartbeat/, false],
        [/Write this/, 'write'],
      ]),
    );
    expect(await planSetup(stage)).toBe('write');
    expect(stage.prompter.seen).toEqual(
      expect.arrayContaining([
        'DISCORD_WEBHOOK_URL is taken out',
        'DISCORD_MENTION is taken out',
        'HEARTBEAT_URL is taken out',
      ]),
    );
    const gone = `${before}`
      .split('\n')
      .filter((line) => /^(DISCORD_WEBHOOK_URL|DISCORD_MENTION|HEARTBEAT_URL)=/.test(line));
    expect(gone).toHaveLength(3);
    expect(stage.draft.text()).toBe(
      `${before}`
        .split('\n')
        .filter((line) => !gone.includes(line))
        .join('\n'),
    );
  });

  test('ended at any question, it has changed nothing', async () => {
    const setup = await startSetup();
    setup.write(`DISCORD_WEBHOOK_URL=${setup.discord.webhookUrl}\n`);
    const before = setup.files();
    const whole = createFakePrompter(everything(setup, false));
    await planSetup(await setup.stage(whole));
    const questions = whole.seen.filter((line) => line.startsWith('? ')).length;
    expect(questions).toBeGreaterThan(15);
    for (let at = 0; at < questions; at++) {
      const prompter = createFakePrompter(everything(setup, false), at);
      await expect(planSetup(await setup.stage(prompter)), `question ${at}`).rejects.toThrow(CancelledError);
      expect(setup.files()).toEqual(before);
    }
  });
});

describe('a wrong answer', () => {
  test('is told with its cure, as doctor tells it, and asked again with the answers before', async () => {
    const setup = await startSetup();
    const prompter = createFakePrompter([
      [/Which ones/, ['discord-bot', 'email']],
      [/bot's token/, 'no-token-of-a-bot'],
      [/Channel ID/, 'general'],
      [/What about the Discord bot/, 'again'],
      [/Channel ID/, setup.discord.channelId],
      [/What about the Discord bot/, 'again'],
      [/bot's token \(set\)/, setup.discord.botToken],
      [/Mail server/, '127.0.0.1'],
      [/Port/, new URL(setup.smtp.url).port],
      [/User/, 'user'],
      [/Password/, 'wrong'],
      [/From/, 'bell@example.com'],
      [/To,/, 'ann@example.com'],
      [/What about email/, 'again'],
      [/Password, often an app password \(set\)/, 'secret'],
    ]);
    const stage = await setup.stage(prompter);
    await planSetup(stage);
    expect(prompter.left()).toEqual([]);
    expect(prompter.seen.filter((line) => line.startsWith('bad: '))).toEqual([
      "bad: DISCORD_CHANNEL_ID is not a channel's id; allowed: digits only (turn on Developer Mode, Copy Channel ID)",
      expect.stringMatching(/^bad: discord-bot: Discord does not know this bot; copy the token .* DISCORD_BOT_TOKEN/),
      expect.stringMatching(
        /^bad: email:ann@example.com: the mail server refused the login \(535 .*check user and password/,
      ),
    ]);
    expect(prompter.seen).toContain(`? Port: 587 for STARTTLS, 465 for TLS [${new URL(setup.smtp.url).port}]`);
    expect(stage.draft.changes()).toEqual({
      DISCORD_BOT_TOKEN: setup.discord.botToken,
      DISCORD_CHANNEL_ID: setup.discord.channelId,
      SMTP_URL: setup.smtp.url,
      EMAIL_FROM: 'bell@example.com',
      EMAIL_TO: 'ann@example.com',
    });
  });

  test.each([
    ['without', {}],
    ['keep', { DISCORD_WEBHOOK_URL: 'wrong' }],
  ])('may be let go: %s', async (choice, kept) => {
    const setup = await startSetup();
    const wrong = setup.discord.webhookUrl.replace(setup.discord.token, 'wrongtoken');
    const prompter = createFakePrompter([
      [/Which ones/, ['discord-webhook']],
      [/Webhook address/, wrong],
      [/What about/, choice],
    ]);
    const stage = await setup.stage(prompter);
    await planSetup(stage);
    expect(stage.draft.changes()).toEqual('DISCORD_WEBHOOK_URL' in kept ? { DISCORD_WEBHOOK_URL: wrong } : {});
    expect(setup.discord.messages).toEqual([]);
  });

  test('may be tried once more, when what was in the way is gone', async () => {
    const setup = await startSetup();
    setup.discord.fault = () => (setup.discord.requests.length < 3 ? 'reset' : undefined);
    const prompter = createFakePrompter([
      [/Which ones/, ['discord-webhook']],
      [/Webhook address/, setup.discord.webhookUrl],
      [/What about/, 'same'],
      [/What about/, 'same'],
    ]);
    const stage = await setup.stage(prompter);
    await planSetup(stage);
    expect(prompter.left()).toEqual([]);
    expect(stage.draft.changes()).toEqual({ DISCORD_WEBHOOK_URL: setup.discord.webhookUrl });
  });

  test('is found by the drill where only that can', async () => {
    const setup = await startSetup();
    // A forum takes a new post or nothing, and no test without one says so (docs/architecture.md).
    setup.discord.channel = { type: 15 };
    const prompter = createFakePrompter([
      [/Which ones/, ['discord-webhook']],
      [/Webhook address/, setup.discord.webhookUrl],
      [/Send a drill/, true],
      [/What about/, 'again'],
      [/Webhook address/, `${setup.discord.webhookUrl}?thread_name=Bell`],
      [/Send a drill/, true],
    ]);
    await planSetup(await setup.stage(prompter));
    expect(prompter.left()).toEqual([]);
    expect(prompter.seen).toContainEqual(
      expect.stringMatching(/^bad: discord-webhook: the drill is failed: .*thread_name/),
    );
    expect(setup.discord.messages).toHaveLength(1);
  });
});

describe('what is set elsewhere', () => {
  test('is said, tried, and left alone', async () => {
    const setup = await startSetup();
    const file = `${setup.root}/smtp`;
    writeFileSync(file, setup.smtp.url, { mode: 0o600 });
    setup.write(`SMTP_URL_FILE=${file}\nEMAIL_FROM=bell@example.com\n`);
    const prompter = createFakePrompter([[/To,/, 'ann@example.com']]);
    const stage = await setup.stage(prompter, { DISCORD_WEBHOOK_URL: '', HEARTBEAT_URL: setup.heartbeat.url });
    await planSetup(stage);
    expect(prompter.left()).toEqual([]);
    expect(stage.draft.changes()).toEqual({ EMAIL_TO: 'ann@example.com' });
    expect(prompter.seen.filter((line) => line.startsWith('note: '))).toEqual([
      'note: DISCORD_WEBHOOK_URL comes from the environment of this shell, which wins over .env; it is left as it is, and empty there.',
      'note: SMTP_URL comes from the file that SMTP_URL_FILE names; it is left as it is.',
      'note: HEARTBEAT_URL comes from the environment of this shell, which wins over .env; it is left as it is.',
    ]);
    expect(prompter.seen.filter((line) => /^\? (Mail|Port|User|Password|Use a|Ping|Webhook)/.test(line))).toEqual([]);
    expect(prompter.seen).toContainEqual(expect.stringMatching(/^good: email:ann@example.com: .* accepts the login/));
    expect(setup.heartbeat.calls).toEqual(['start']);
  });

  test('a setting that nobody is asked for and that cannot be used is not passed over', async () => {
    const setup = await startSetup();
    setup.write('LOG_LEVEL=loud\nSMTP_URL=nonsense\n');
    const { draft } = await setup.stage();
    // What is asked for may be wrong: it is asked again.
    expect(() => draft.settings()).toThrow(/^LOG_LEVEL is 'loud'; allowed: .*$/);
  });
});

describe('a source that does not answer', () => {
  test('is told, tried again, and gone on without', async () => {
    const setup = await startSetup();
    setup.yahoo.fault = () => ({ status: 500 });
    const prompter = createFakePrompter([
      [/cannot be read/, 'again'],
      [/cannot be read/, 'on'],
      [/Which ones/, ['discord-webhook']],
      [/Webhook address/, setup.discord.webhookUrl],
    ]);
    await planSetup(await setup.stage(prompter));
    expect(prompter.left()).toEqual([]);
    expect(prompter.seen).toContainEqual('bad: yahoo: ^RUT: Yahoo answered HTTP 500; the next run tries again');
    // A drill in words only.
    expect(setup.discord.messages).toHaveLength(1);
    expect(JSON.stringify(setup.discord.messages)).not.toContain('13 Nov 2020');
  });

  test('may take a browser for what it refuses a program', async () => {
    const setup = await startSetup();
    setup.yahoo.fault = () =>
      setup.yahoo.headers.at(-1)?.['user-agent']?.includes('Firefox') ? undefined : { status: 403 };
    const prompter = createFakePrompter([[/cannot be read/, 'YAHOO_USER_AGENT']]);
    const stage = await setup.stage(prompter);
    await planSetup(stage);
    expect(prompter.left()).toEqual([]);
    expect(stage.draft.changes()).toEqual({ YAHOO_USER_AGENT: expect.stringMatching(/^Mozilla\/5\.0 .*Firefox/) });
    expect(parse(stage.draft.text())).toMatchObject(stage.draft.changes());
  });
});

describe('the page', () => {
  const plan = async (answers: Parameters<typeof createFakePrompter>[0], before = '') => {
    const setup = await startSetup();
    setup.write(before);
    const stage = await setup.stage(createFakePrompter(answers));
    await planSetup(stage);
    expect(stage.prompter.left()).toEqual([]);
    return { changes: stage.draft.changes(), seen: stage.prompter.seen };
  };

  test('for other machines listens everywhere and asks for a token, which is not shown', async () => {
    const { changes, seen } = await plan([[/Shall other machines/, true]]);
    expect(changes).toEqual({ PUBLIC_URL: 'http://box:0', DASHBOARD_HOST: '0.0.0.0', DASHBOARD_TOKEN: NEW_TOKEN });
    expect(seen.join('\n')).not.toContain(NEW_TOKEN);
    expect(seen).toContainEqual('good: page: 0.0.0.0:0, asked for as localhost or box; it asks for DASHBOARD_TOKEN');
  });

  test('behind a proxy stays on this machine', async () => {
    const answers = [
      [/Shall other machines/, true],
      [/Address under/, 'https://bell.example.com'],
    ] as const;
    expect((await plan(answers)).changes).toEqual({
      PUBLIC_URL: 'https://bell.example.com',
      DASHBOARD_TOKEN: NEW_TOKEN,
    });
  });

  test('is closed again, and its token kept', async () => {
    const before = `PUBLIC_URL=http://box:8787\nDASHBOARD_HOST=0.0.0.0\nDASHBOARD_TOKEN=${'x'.repeat(24)}\n`;
    expect((await plan([], before)).changes).toEqual({});
    expect((await plan([[/Shall other machines/, false]], before)).changes).toEqual({
      PUBLIC_URL: '',
      DASHBOARD_HOST: '',
    });
  });

  test('gets another port where its own is taken, or keeps it', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const { port } = taken.address() as { port: number };
    const { changes, seen } = await plan(
      [
        [/What about the page/, 'again'],
        [/Port/, '0'],
      ],
      `DASHBOARD_PORT=${port}\n`,
    );
    expect(seen).toContainEqual(
      expect.stringMatching(`^bad: page: 127.0.0.1:${port}, the port of the page, is taken by process`),
    );
    expect(changes).toEqual({ DASHBOARD_PORT: '0' });
    expect((await plan([[/What about the page/, 'keep']], `DASHBOARD_PORT=${port}\n`)).changes).toEqual({});
  });
});
