import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadSettings } from '../../src/settings/settings.ts';
import { discordError } from '../support/discord-answers.ts';
import { BOT } from '../support/discord-stand-in.ts';
import { POSTING, type PostingServices, startPostingServices } from '../support/posting-services.ts';
import { SEP_17, SEP_18, type Story, startStory } from '../support/story.ts';
import { useStandIn } from '../support/temporary.ts';

const ROOT = join(import.meta.dirname, '../..');
const HTML = '<script>alert(1)</script><img src=x onerror=alert(1)>"\'&';
const MARKDOWN = '@everyone <@&1> **bold** [link](https://evil.example) `code`';
/** What a service may say: lines that would be headers, cursors that would move, HTML, mentions. */
const WORDS = `no\r\nBcc: all@evil.example\r\n\r\n${HTML}\u001b[2J\u001b]0;title\u0007\u202e ${MARKDOWN}`;

/** A story whose title, names and rule are as bad as the configuration lets them be. */
async function evilStory(environment: Record<string, string> = {}): Promise<Story & { posting: PostingServices }> {
  const posting = await useStandIn(startPostingServices());
  const story = await startStory({ ...BOT, ...posting.environment, ...environment });
  const root = join(story.settings.databasePath, '../package');
  mkdirSync(join(root, 'data'), { recursive: true });
  cpSync(join(ROOT, 'config'), join(root, 'config'), { recursive: true });
  cpSync(join(ROOT, 'data/before-yahoo.csv'), join(root, 'data/before-yahoo.csv'));
  const path = join(root, 'config/signals.json');
  const file = JSON.parse(readFileSync(path, 'utf8'));
  file.signals[0].title = `T ${HTML.slice(0, 50)}`;
  file.signals[0].beforeHistory.rule = `${HTML} ${MARKDOWN}`;
  for (const symbol of Object.keys(file.symbols)) file.symbols[symbol].name = `N @everyone ${HTML.slice(0, 40)}`;
  writeFileSync(path, JSON.stringify(file));
  const settings = loadSettings(root, { ...story.environment, OUTBOX_DIR: join(root, 'outbox') });
  story.load = () => settings;
  story.yahoo.tweak = ({ meta }) =>
    void Object.assign(meta, { longName: WORDS, shortName: WORDS, fullExchangeName: WORDS });
  return Object.assign(story, { posting });
}

function expectHarmless({ discord, smtp, settings, posting }: Story & { posting: PostingServices }): void {
  for (const { body } of posting.slack.taken) {
    // Slack reads <…> as a link or a mention, but for a header, which is plain.
    const { text, blocks } = JSON.parse(body.toString());
    expect([text, ...blocks.slice(1).map((block: object) => JSON.stringify(block))].join()).not.toContain('<');
    expect(blocks[0].text.type).toBe('plain_text');
  }
  for (const { channel, text } of posting.arrivals()) {
    // Telegram tells whoever is named after an @.
    if (channel === 'telegram') expect(text).not.toMatch(/(?<!\w)@\w/);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
  }
  for (const { headerLines, raw, html, envelope, subject } of smtp.messages) {
    const names = headerLines.map(({ key }) => key);
    expect(names).toEqual([...new Set(names)]);
    expect(names).not.toContain('bcc');
    expect(envelope.to).toHaveLength(1);
    expect(raw.split('\r\n\r\n')[0]).not.toMatch(/^Bcc:/im);
    expect(String(html)).not.toMatch(/<script|<img/i);
    expect(`${subject}`).not.toMatch(/[\p{Cc}\u202e]/u);
  }
  for (const { payload } of discord.messages) {
    expect(payload.content).not.toMatch(/@everyone|(?<!\\)</);
    expect(payload.allowed_mentions).toEqual({ parse: [] });
    expect(JSON.stringify(payload)).not.toMatch(/\\u001b|\\u0007|\u202e|@everyone|[^\\]<@&1>/);
  }
  const folder = settings.outboxDir ?? '';
  for (const name of readdirSync(folder)) {
    expect(name).toMatch(/^[\w.-]+$/);
    const text = readFileSync(join(folder, name), 'utf8');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    if (name.endsWith('.html')) expect(text).not.toMatch(/<script|<img/i);
  }
}

test('titles, names and rules of the configuration, and the names that Yahoo tells, are text everywhere', async () => {
  const story = await evilStory();
  await story.check(SEP_17);
  await story.check(SEP_18);
  expect([story.discord.messages.length, story.smtp.messages.length]).toEqual([2, 2]);
  expect(story.posting.arrivals().map(({ channel }) => channel)).toEqual([...POSTING]);
  expect(story.smtp.messages[0]?.subject).toContain('<script>');
  expectHarmless(story);
});

test('what Discord says when it refuses is text in the warning that the others get, and on one line', async () => {
  const story = await evilStory();
  await story.check(SEP_17);
  story.discord.fault = () => discordError(400, 50035, WORDS);
  const { report, problems } = await story.round(SEP_18);
  // The warning of a lost delivery comes once it is given up by its run.
  await story.round('2025-09-18T21:30:00Z');
  const warnings = story.smtp.messages.filter(({ subject }) => !subject?.includes('record close'));
  expect(warnings.length).toBeGreaterThan(0);
  expect(warnings.some(({ text }) => text?.includes('Bcc: an address'))).toBe(true);
  for (const line of [...problems, ...(report?.deliveries ?? []).map(({ reason }) => reason ?? '')]) {
    expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
  }
  expectHarmless(story);
});

test('what Yahoo says instead of a chart is on one line', async () => {
  const story = await evilStory();
  await story.check(SEP_17);
  const description = `No data found ${WORDS}`;
  story.yahoo.fault = () => ({
    status: 404,
    body: JSON.stringify({ chart: { result: null, error: { code: 'Not Found', description } } }),
  });
  const { problems } = await story.check(SEP_18);
  expect(problems).toHaveLength(2);
  for (const line of problems) expect(line).not.toMatch(/[\p{Cc}\u202e]/u);
});

test('a sender or recipient that would add a header is refused', async () => {
  for (const change of [
    { EMAIL_FROM: 'Bell\r\nBcc: all@evil.example <bell@example.com>' },
    { EMAIL_TO: 'ann@example.com\r\nBcc: all@evil.example' },
  ]) {
    const story = await startStory();
    story.configure(change);
    await expect(story.check(SEP_18)).rejects.toThrow(/^EMAIL_(FROM|TO) contains a line break/);
    expect(story.smtp.connections).toBe(0);
  }
});
