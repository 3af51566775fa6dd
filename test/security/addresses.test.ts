import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { startBot } from '../../src/bot/bot.ts';
import { healthOf } from '../../src/health/health.ts';
import { sendDigest } from '../../src/jobs/digest.ts';
import { drill } from '../../src/jobs/drill.ts';
import { startGateway } from '../support/discord-gateway.ts';
import { BOT } from '../support/discord-stand-in.ts';
import { send, startHttp } from '../support/http.ts';
import { EVENT, SEP_17, SEP_18, SEP_19, startStory } from '../support/story.ts';
import { useStandIn } from '../support/temporary.ts';

const PLANTED = [
  'zephyrine.quill@example.com',
  'Wolfgang+bell@bücher.example',
  'xanthippe@example.org',
  'ottilie@example.net',
];
/** What must be in nothing that leaves for anybody but the owner, in any case and in both alphabets. */
const TELLTALE: Readonly<Record<string, RegExp>> = {
  'zephyrine.quill@example.com': /zephyrine/i,
  'Wolfgang+bell@bücher.example': /wolfgang|b(ü|%c3%bc)cher|xn--bcher/i,
  'xanthippe@example.org': /xanthippe/i,
  'ottilie@example.net': /ottilie/i,
};

/** The same address as servers say it back: Postfix, Sendmail, Exchange Online, Exim, a page about it, a bounce address. */
const SAID = [
  (a: string) => `550 5.1.1 <${a}>: Recipient address rejected: User unknown in local recipient table`,
  (a: string) => `550 5.1.1 ${a.split('@')[0]}... User unknown`,
  (a: string) =>
    `550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ${a.toUpperCase()} not found by SMTP address lookup`,
  (a: string) => `550 Unrouteable address: no such user "${a.split(/[@+]/)[0]}" here`,
  (a: string) => `550 5.7.1 see https://help.example/?rcpt=${encodeURIComponent(a)}`,
  (a: string) => `452 4.2.2 <bounces+${a.replace('@', '=')}@relay.example> over quota`,
];

test.each(SAID.map((say) => [say('ann@example.com'), say] as const))(
  'an address is in nothing that anybody else reads, where the mail server says: %s',
  async (_, say) => {
    const bodies: string[] = [];
    const service = await useStandIn(
      startHttp(async (request, response) => {
        let body = decodeURIComponent(request.url ?? '');
        for await (const chunk of request) body += String(chunk);
        bodies.push(body);
        send(response, { body: 'OK' });
      }),
    );
    const story = await startStory({
      ...BOT,
      EMAIL_TO: PLANTED.join(', '),
      HEARTBEAT_URL: `http://127.0.0.1:${service.port}/ping`,
    });
    let living: (string | undefined)[] = [];
    story.smtp.fault = () => ({
      // As the envelope has it: the domain in ASCII.
      recipients: (address) =>
        living.some((one) => one?.split('@')[0] === address.split('@')[0]) ? undefined : say(address),
    });
    await story.round(SEP_17);
    // Nobody has the alert: the heartbeat says why. Then the first and the last have it.
    story.discord.fault = ({ method }) => (method === 'POST' ? { status: 502 } : undefined);
    await story.round(SEP_18);
    story.discord.fault = undefined;
    living = [PLANTED[0], PLANTED[3]];
    await story.round('2025-09-18T21:30:00Z');
    await story.at('2025-09-18T22:00:00Z', (app) => drill(app));
    await story.round(SEP_19);
    await story.at('2025-09-19T22:00:00Z', (app) => sendDigest(app));
    living = [];
    for (const day of [25, 26, 29]) await story.round(`2025-09-${day}T20:45:00Z`);

    const gateway = await startGateway(story.discord);
    onTestFinished(() => gateway.close());
    const answers: unknown[] = [];
    await story.at('2025-09-30T20:45:00Z', async (app) => {
      const settings = app.settings.discordBot;
      if (settings === undefined) throw new Error('no bot is set up');
      const bot = startBot(app, settings, pino({ level: 'silent' }), 50);
      await gateway.happened('commands read');
      answers.push(await gateway.command('status', { show: true }));
      answers.push(await gateway.command('check', { show: true }, 0x20n));
      answers.push(await gateway.command('drill', { show: true }, 0x20n));
      Object.assign(app.ledger, { message: () => Promise.reject(new Error(`no room for ${PLANTED.join(' ')}`)) });
      answers.push(await gateway.press(`evidence/${EVENT}/alert`));
      await bot.close();
      answers.push((await healthOf(app)).reasons, (await healthOf(app)).troubles);
    });

    const others = [
      ...story.discord.messages.map(({ payload }) => JSON.stringify(payload)),
      ...bodies,
      ...answers.map((answer) => JSON.stringify(answer)),
    ];
    expect(others.length).toBeGreaterThan(15);
    expect(bodies.some((body) => body.startsWith('/ping/fail'))).toBe(true);
    expect(others.some((text) => /of 4 addresses by email/.test(text))).toBe(true);
    expect(others.some((text) => text.includes('email (4)'))).toBe(true);
    for (const [owner, telltale] of Object.entries(TELLTALE)) {
      for (const text of others) expect(text).not.toMatch(telltale);
      const mails = story.smtp.messages.filter(({ envelope }) => !envelope.to.includes(owner));
      expect(mails.length).toBeGreaterThan(1);
      for (const { raw, text = '', html, subject } of mails)
        expect(`${raw}\n${text}\n${html}\n${subject}`).not.toMatch(telltale);
    }
  },
  60_000,
);
