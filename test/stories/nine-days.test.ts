import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { thisProcess } from '../../src/app/this-process.ts';
import { createChannels } from '../../src/channel/channels.ts';
import { deliver } from '../../src/delivery/deliver.ts';
import { knownLedgerPath } from '../../src/store/sqlite/known-ledger.ts';
import { BOT, type DiscordFault } from '../support/discord-stand-in.ts';
import type { SmtpFault } from '../support/smtp-server.ts';
import { SEP_17, SEP_18, type Story, startStory } from '../support/story.ts';
import { temporaryFolder } from '../support/temporary.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How a service is down. */
interface Down {
  readonly discord: DiscordFault;
  readonly smtp: SmtpFault;
}

const DOWN: Readonly<Record<string, Down>> = {
  'HTTP 503, 421': { discord: { status: 503 }, smtp: { connect: 421 } },
  'a wrong login': { discord: { status: 401 }, smtp: { login: 535 } },
  'no such webhook, no such mailbox': { discord: { status: 404 }, smtp: { recipients: { 'ann@example.com': 550 } } },
  'no answer at all': { discord: 'hang', smtp: 'stall-after-data' },
  'reset after the request': { discord: 'reset', smtp: 'drop-in-data' },
};

const ONLY: Readonly<Record<string, Record<string, string>>> = {
  webhook: { SMTP_URL: '', EMAIL_FROM: '', EMAIL_TO: '' },
  bot: { ...BOT, DISCORD_WEBHOOK_URL: '', SMTP_URL: '', EMAIL_FROM: '', EMAIL_TO: '' },
  email: { DISCORD_WEBHOOK_URL: '', EMAIL_TO: 'ann@example.com' },
  'all three': { ...BOT, EMAIL_TO: 'ann@example.com' },
  'webhook and folder': { SMTP_URL: '', EMAIL_FROM: '', EMAIL_TO: '', OUTBOX_DIR: 'folder' },
  'email and folder': { DISCORD_WEBHOOK_URL: '', EMAIL_TO: 'ann@example.com', OUTBOX_DIR: 'folder' },
};

/** What a later run does for what is open. */
const run = (story: Story, at: number) =>
  story.at(new Date(at).toISOString(), async (app) => {
    const self = thisProcess();
    await app.ledger.takeLease(self, at, () => true);
    const channels = await createChannels(app.settings, story.discord.fault === undefined ? 5000 : 500, app.now);
    return deliver({ ...app, channels }, { owner: self.id, offline: false });
  });

interface Copy {
  readonly who: string;
  readonly marked: boolean;
}

/** The alerts that have come to people. */
const alerts = ({ discord, smtp }: Story): Copy[] => [
  ...discord.messages.map(({ by, payload }) => ({
    who: by,
    marked: payload.embeds?.[0]?.description?.includes('may be a repeat') ?? false,
  })),
  ...smtp.messages.map(({ envelope, subject }) => ({
    who: envelope.to.join(),
    marked: subject?.includes('may be a repeat') ?? false,
  })),
];

/** The evening of the event on which every service refuses it. */
async function eveningOf(environment: Record<string, string>): Promise<Story> {
  const folder = environment.OUTBOX_DIR === undefined ? {} : { OUTBOX_DIR: temporaryFolder() };
  const story = await startStory({ ...environment, ...folder });
  await story.check(SEP_17);
  goDown(story, { discord: { status: 503 }, smtp: { connect: 421 } });
  await story.check(SEP_18);
  expect(alerts(story)).toEqual([]);
  return story;
}

function goDown(story: Story, down: Down | undefined): void {
  story.discord.fault = down && (() => down.discord);
  story.smtp.fault = down && (() => down.smtp);
}

async function live(story: Story, fromDay: number, toDay: number): Promise<void> {
  const evening = Date.parse(SEP_18) + HOUR;
  for (let at = evening + fromDay * DAY; at < evening + toDay * DAY; at += DAY) await run(story, at);
}

test.each(Object.entries(ONLY))(
  'with %s, an alert that nobody has comes when the services return',
  async (_, only) => {
    const story = await eveningOf(only);
    const path = story.settings.databasePath;
    const evening = readFileSync(path);
    for (const [what, down] of Object.entries(DOWN)) {
      writeFileSync(path, evening);
      // What lies there is the ledger of that evening, not one that was put back.
      rmSync(knownLedgerPath(path), { force: true });
      story.discord.messages.length = story.smtp.messages.length = 0;
      goDown(story, down);
      await live(story, 0, 9);
      const during = alerts(story);
      story.discord.messages.length = story.smtp.messages.length = 0;
      goDown(story, undefined);
      await live(story, 9, 17);
      const after = alerts(story);
      expect(after.length, what).toBeGreaterThanOrEqual(1);
      // Everybody once, and no second copy that does not say so.
      expect(new Set(after.map(({ who }) => who)).size, what).toBe(after.length);
      for (const { who, marked } of after) if (during.some((copy) => copy.who === who)) expect(marked, what).toBe(true);
    }
  },
  240_000,
);
