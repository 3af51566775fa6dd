import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { describe, expect, test } from 'vitest';
import { clone, ownPm2 } from '../support/checkout.ts';
import { startDiscord } from '../support/discord-server.ts';
import { atKeyboard, hasKeyboard } from '../support/keyboard.ts';
import { freePort } from '../support/ports.ts';
import { startSmtp } from '../support/smtp-server.ts';
import { useStandIn } from '../support/temporary.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const DOWN = '\u001b[B';

const skip = !hasKeyboard();
if (skip) console.warn('npm run setup is not tried on a terminal: python3 is not there to make one.');

/** A checkout whose `.env` leads to the stand-ins, and its setup on a terminal. */
async function start() {
  const discord = await useStandIn(startDiscord());
  const smtp = await useStandIn(startSmtp());
  const { folder } = await clone({ DISCORD_API_URL: discord.url, DASHBOARD_PORT: `${await freePort()}` });
  const pm2 = ownPm2();
  const env = Object.fromEntries(Object.entries(pm2.env).filter(([, value]) => value !== undefined));
  const setup = () => atKeyboard([process.execPath, 'src/launch.js', 'setup'], { cwd: folder, env });
  const files = () => [
    readdirSync(folder),
    readdirSync(join(folder, 'data')),
    readFileSync(join(folder, '.env'), 'utf8'),
  ];
  return { discord, smtp, folder, pm2, setup, files };
}

describe.skipIf(skip)('npm run setup on a terminal', () => {
  test('asks, writes .env for its owner alone, keeps the one before, and starts the daemon', async () => {
    const { discord, smtp, folder, pm2, setup, files } = await start();
    const [, , before = ''] = files();
    const person = setup();
    const answer = async (question: RegExp, keys: string) => {
      await person.until(question);
      person.type(keys);
    };
    await answer(/Which ones/, ` ${DOWN}${DOWN} \r`);
    await answer(/Webhook URL/, `${discord.webhookUrl.replace(discord.token, 'planted-wrong-token')}\r`);
    await answer(/an alert mentions/, '\r');
    await answer(/does not know this webhook[\s\S]*What to do about/, '\r');
    // A paste of two lines: the second is not for the screen either.
    await answer(/Webhook URL/, `${discord.webhookUrl}\rplanted-second-line`);
    await answer(/an alert mentions/, '\r');
    await answer(/Send a drill/, '\r');
    await answer(/the drill was sent[\s\S]*Mail server/, '127.0.0.1\r');
    await answer(/Port/, `\u0015${new URL(smtp.url).port}\r`);
    await answer(/User name/, 'user\r');
    await answer(/Password/, 'secret\r');
    await answer(/From: an/, 'bell@example.com\r');
    await answer(/To: addresses/, 'ann@example.com\r');
    await answer(/accepts the login[\s\S]*Send a drill/, 'n');
    await answer(/Use a heartbeat/, '\r');
    await answer(/Let other machines/, '\r');
    await answer(/Write these/, '\r');
    expect([await person.ended, person.seen]).toEqual([0, expect.stringContaining('Next check ')]);

    expect(parse(readFileSync(join(folder, '.env')))).toEqual({
      ...parse(before.toString()),
      DISCORD_WEBHOOK_URL: discord.webhookUrl,
      SMTP_URL: smtp.url,
      EMAIL_FROM: 'bell@example.com',
      EMAIL_TO: 'ann@example.com',
    });
    const copies = readdirSync(folder).filter((name) => /^\.env\.\d{4}-\d\d-\d\d$/.test(name));
    expect(copies.map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual([before]);
    for (const name of ['.env', ...copies]) expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
    expect(discord.messages.map(({ files: { length } }) => length)).toEqual([2]);
    expect(smtp.messages).toEqual([]);
    for (const secret of [discord.token, 'user:secret', 'planted-wrong-token', 'planted-second-line']) {
      expect(person.seen).not.toContain(secret);
    }
    const pid = await pm2.pidOf();
    expect(person.seen).toContain(`Started     process ${pid}, kept alive by pm2`);
    expect((await pm2.bell(folder, 'status')).out).toMatch(new RegExp(`^Daemon .*process ${pid} `, 'm'));
  });

  test.each([
    ['Ctrl-C', CTRL_C],
    ['Ctrl-D', CTRL_D],
  ])('%s ends it, while it waits too, and changes nothing', async (_, key) => {
    const { discord, setup, files } = await start();
    const before = files();
    const early = setup();
    await early.until(/Which ones/);
    early.type(key);
    expect([await early.ended, early.seen]).toEqual([
      1,
      expect.stringMatching(/\n└ {2}Cancelled\. Nothing was changed\.\s*$/),
    ]);

    discord.fault = () => 'hang';
    const late = setup();
    await late.until(/Which ones/);
    late.type(' \r');
    await late.until(/Webhook URL/);
    late.type(`${discord.webhookUrl}\r`);
    await late.until(/an alert mentions/);
    late.type('\r');
    await late.until(/Testing the Discord webhook/);
    // Typed ahead, as the rest of a paste is.
    late.type(`planted-in-between${key}`);
    expect([await late.ended, late.seen]).toEqual([1, expect.stringContaining('Cancelled. Nothing was changed.')]);
    expect(late.seen).not.toContain('planted-in-between');
    expect(files()).toEqual(before);
  });
});
