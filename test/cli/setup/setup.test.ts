import { describe, expect, test } from 'vitest';
import { CancelledError } from '../../../src/cli/setup/prompter.ts';
import { planSetup } from '../../../src/cli/setup/setup.ts';
import { createFakePrompter } from '../../support/fake-prompter.ts';
import { POSTING, startPostingServices } from '../../support/posting-services.ts';
import { startSetup } from '../../support/setup-stage.ts';
import { useStandIn } from '../../support/temporary.ts';

type Setup = Awaited<ReturnType<typeof startSetup>>;

const ALL = ['discord-webhook', 'discord-bot', 'email'];

/** What somebody types who sets up everything. @param drills whether drills are sent too */
function everything({ discord, smtp, heartbeat }: Setup, drills = true) {
  const drill = [/Send a drill/, drills] as const;
  return [
    [/Which ones/, ALL],
    [/Webhook URL/, discord.webhookUrl],
    [/mentions/, '<@&42>'],
    drill,
    [/Bot token/, discord.botToken],
    [/Channel ID/, discord.channelId],
    drill,
    [/Mail server/, '127.0.0.1'],
    [/^Port/, new URL(smtp.url).port],
    [/User name/, 'user'],
    [/Password/, 'secret'],
    [/^From/, 'Bell <bell@example.com>'],
    [/^To/, 'ann@example.com, bob@example.com'],
    drill,
    [/Use a heartbeat/, true],
    [/Ping URL/, heartbeat.url],
  ] as const;
}

describe('a setup', () => {
  test('asks for Slack, Telegram, ntfy and a webhook of one’s own as well, and drills arrive there', async () => {
    const setup = await startSetup();
    const posting = await useStandIn(startPostingServices());
    const { environment } = posting;
    setup.write(`TELEGRAM_API_URL=${environment.TELEGRAM_API_URL}\n`);
    const drill = [/Send a drill/, true] as const;
    const prompter = createFakePrompter([
      [/Which ones/, [...POSTING]],
      [/Slack webhook URL/, environment.SLACK_WEBHOOK_URL ?? ''],
      drill,
      [/Telegram bot token/, environment.TELEGRAM_BOT_TOKEN ?? ''],
      [/Chat ID/, environment.TELEGRAM_CHAT_ID ?? ''],
      drill,
      [/Address of the topic/, environment.NTFY_URL ?? ''],
      [/Access token/, environment.NTFY_TOKEN ?? ''],
      drill,
      [/Address to post to/, environment.WEBHOOK_URL ?? ''],
      [/Secret to sign with/, environment.WEBHOOK_SECRET ?? ''],
      drill,
    ]);
    const stage = await setup.stage(prompter);
    expect(await planSetup(stage)).toBe('start');
    expect(prompter.left()).toEqual([]);
    const { TELEGRAM_API_URL: _, ...asked } = environment;
    expect(stage.draft.changes()).toEqual(asked);
    for (const kind of POSTING) expect(prompter.seen).toContain(`good: ${kind}: the drill was sent`);
    expect(posting.arrivals().map(({ channel, id }) => [channel, id.slice(0, 6)])).toEqual(
      POSTING.map((kind) => [kind, 'drill/']),
    );
    const { TELEGRAM_CHAT_ID: __, ...secrets } = asked;
    for (const secret of Object.values(secrets)) expect(prompter.seen.join('\n')).not.toContain(secret);
  });

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
        'good: email:bob@example.com: the drill was sent',
        expect.stringMatching(/^good: heartbeat: answers like a heartbeat service/),
      ]),
    );
    // A drill to each, the last event of the history as its example.
    expect(setup.discord.messages.map(({ by }) => by)).toEqual(['webhook', 'bot']);
    expect(setup.smtp.messages.map(({ subject }) => subject)).toEqual([
      'Drill, not an alert: Russell 2000',
      'Drill, not an alert: Russell 2000',
    ]);
    expect(setup.smtp.messages[0]?.text).toContain('The example below is the event of 13 Nov 2020.');
    expect(setup.heartbeat.calls).toEqual(['start']);
    expect(setup.files()).toEqual(before);
  });

  test('shows no secret, whatever is asked and tried', async () => {
    const setup = await startSetup();
    const wrong = setup.discord.webhookUrl.replace(setup.discord.token, 'wrong-but-secret');
    const prompter = createFakePrompter([
      [/Which ones/, ALL],
      [/Webhook URL/, 'https://example.com/hush-hush-hush'],
      [/What to do about/, 'again'],
      [/Webhook URL/, wrong],
      [/What to do about/, 'again'],
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
        /^note: No channel is set up: messages are only written to files in .*outbox, and nobody is notified\.$/,
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
        '? Which ones? Space selects, Enter continues. [discord-webhook,email]',
        '? Webhook URL (set) []',
        '? Mail server (SMTP), for example smtp.gmail.com [127.0.0.1]',
        '? Password, often an app password (set) []',
        '? To: addresses, separated by commas [ann@example.com, bob@example.com]',
        '? Use a heartbeat? [true]',
        '? Nothing has changed. What now? [start]',
      ]),
    );
    // Nothing is new: no drill is offered by default, and none was sent.
    expect(prompter.seen.filter((line) => /drill/.test(line))).toEqual(
      Array(2).fill('? Send a drill now? It is a labelled test message that looks like an alert. [false]'),
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
        [/Write these/, 'write'],
      ]),
    );
    expect(await planSetup(stage)).toBe('write');
    expect(stage.prompter.seen).toEqual(
      expect.arrayContaining([
        'DISCORD_WEBHOOK_URL is removed',
        'DISCORD_MENTION is removed',
        'HEARTBEAT_URL is removed',
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
