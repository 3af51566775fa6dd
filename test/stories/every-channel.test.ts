import { expect, test } from 'vitest';
import { BOT } from '../support/discord-stand-in.ts';
import { POSTING, type PostingServices, startPostingServices } from '../support/posting-services.ts';
import { EVENT, SEP_17, SEP_18, SEP_19, SEP_22, type Story, startStory } from '../support/story.ts';
import { TELEGRAM_ERRORS } from '../support/telegram-server.ts';
import { temporaryFolder, useStandIn } from '../support/temporary.ts';

/** A story in which every kind of channel is set up. */
async function startWhole(): Promise<Story & { posting: PostingServices }> {
  const posting = await useStandIn(startPostingServices());
  const story = await startStory({ ...BOT, ...posting.environment, OUTBOX_DIR: temporaryFolder() });
  return Object.assign(story, { posting });
}

/** The ids of what came to each of the four, in their order. */
const idsOf = ({ posting }: { posting: PostingServices }) =>
  POSTING.map((kind) =>
    posting
      .arrivals()
      .filter(({ channel }) => channel === kind)
      .map(({ id }) => id),
  );
const each = (...ids: string[]) => POSTING.map(() => ids);

test('an event is told once by every channel, with what followed beside any day', async () => {
  const story = await startWhole();
  await story.check(SEP_17);
  const { deliveries, problems } = await story.check(SEP_18);
  expect(problems).toEqual([]);
  expect(deliveries.map(({ channel, state }) => `${channel} ${state}`).toSorted()).toEqual([
    'discord-bot sent',
    'discord-webhook sent',
    'email:ann@example.com sent',
    'email:bob@example.com sent',
    'folder sent',
    'ntfy sent',
    'slack sent',
    'telegram sent',
    'webhook sent',
  ]);
  // Figures of DESIGN.md, section 6, where the closes reproduce the count of the article.
  for (const { text } of story.posting.arrivals()) expect(text).toMatch(/\b10\s+of\s+11\s+\(any\s+day:\s+79%\)/);
  await story.check('2025-09-18T21:30:00Z');
  await story.check(SEP_19);
  expect(idsOf(story)).toEqual(each(`${EVENT}/alert`));
});

test('a correction leads to the alert', async () => {
  const story = await startWhole();
  await story.check(SEP_17);
  await story.check(SEP_18);
  story.setClose('^RUT', '2025-09-18', 2467.9);
  for (const instant of [SEP_19, SEP_22]) await story.check(instant);
  expect(idsOf(story)).toEqual(each(`${EVENT}/alert`, `${EVENT}/correction`));
  expect(story.posting.telegram.messages.map(({ replyTo }) => replyTo)).toEqual([undefined, 1]);
  for (const { channel, text } of story.posting.arrivals().filter(({ id }) => id.endsWith('/correction')))
    if (channel !== 'telegram' && channel !== 'webhook') expect(text).toContain(`About: ${EVENT}/alert`);
});

test('what is wrong with one is told through the others, and over once it works', async () => {
  const story = await startWhole();
  await story.check(SEP_17);
  story.posting.telegram.fault = TELEGRAM_ERRORS['blocked by the person'];
  await story.round(SEP_18);
  await story.round('2025-09-18T21:30:00Z');
  const warnings = story.posting.arrivals().filter(({ id }) => id.startsWith('warning/'));
  expect(new Set(warnings.map(({ channel }) => channel))).toEqual(new Set(['slack', 'ntfy', 'webhook']));
  for (const { text } of warnings) expect(text.replace(/\s+/g, ' ')).toContain('the person has blocked the bot');
  story.posting.telegram.fault = undefined;
  await story.round(SEP_19);
  expect(
    story.posting.arrivals().filter(({ channel, id }) => channel === 'telegram' && id === `${EVENT}/alert`),
  ).toHaveLength(1);
});

test('a refusal never shows a token: not in the report, not in the warning', async () => {
  const story = await startWhole();
  await story.check(SEP_17);
  for (const kind of POSTING) story.posting[kind].fault = 'reset';
  const { report, problems } = await story.round(SEP_18);
  const said = JSON.stringify([report, problems, story.smtp.messages.map(({ text }) => text)]);
  for (const [name, value] of Object.entries(story.posting.environment))
    if (!/CHAT_ID|API_URL/.test(name)) expect(said, name).not.toContain(value);
});
