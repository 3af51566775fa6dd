import type { App } from '../../src/app/app.ts';
import type { Answer } from '../../src/bot/answers/answer.ts';
import { answerReply } from '../../src/bot/reply.ts';
import type { Message } from '../../src/message/message.ts';
import { type DiscordPayload, footerNames } from '../../src/render/discord-embed.ts';
import { HIDDEN } from '../../src/render/email-section.ts';
import { renderText } from '../../src/render/text.ts';
import type { ReceivedMail } from '../support/smtp-server.ts';
import type { Story } from '../support/story.ts';

const RULE = '─'.repeat(78);

/** The address under which a reader marks a message as seen is signed with a key of its ledger, another one in each run. */
const SEEN = /(\/seen\/)\S+/g;

/** A file beside a post, with its words for readers who cannot see it. */
interface NamedFile {
  readonly name: string;
  readonly description?: string | undefined;
}

/** A message of a story as text: the mail that its reader has got, and what the webhook has posted. */
export async function sentText(story: Story, instant: string, id: string): Promise<string> {
  const message = await story.at(instant, ({ ledger }) => ledger.message(id));
  if (message === undefined) throw new Error(`the story has no message ${id}`);
  const mail = story.smtp.messages.find(({ headers }) => headers.get('x-breakout-bell-id') === id);
  const post = story.discord.messages.find(({ payload }) =>
    payload.embeds?.some(({ footer }) => footerNames(footer?.text ?? '', id)),
  );
  if (mail === undefined && post === undefined) throw new Error(`the message ${id} has reached nobody`);
  return [
    ...(mail === undefined ? [] : [mailText(mail, message)]),
    ...(post === undefined ? [] : [postText(post.payload, describedFiles(post))]),
  ].join('\n');
}

/** What the bot answers on Discord. */
export function answerText(app: App, answer: Answer): string {
  const { content = '', embeds = [], files = [] } = answerReply(app, answer);
  return postText(
    { content: content ?? '', embeds: embeds as DiscordPayload['embeds'] },
    files as unknown as readonly NamedFile[],
  );
}

/** What the page shows of a message that was not sent. */
export function shownText(message: Message): string {
  return `${part('Page')}\n\n${renderText({ message, repeat: false, refersTo: null })}`;
}

/** A mail as its reader has it: subject, the words beside it, the figures that HTML prints large, then the plain text. */
function mailText({ subject, text, html }: ReceivedMail, { highlights = [] }: Message): string {
  const beside = (html || '').split(`<div style="${HIDDEN}">`)[1]?.split('</div>')[0] ?? '';
  return `${part('Email')}

Subject: ${subject}
Beside the subject: ${beside.replaceAll('&amp;', '&')}
${highlights.map(({ value, label }) => `Large: ${value} ${label}\n`).join('')}
${text?.replace(SEEN, '$1…')}`;
}

/** What Discord shows of a payload: content, embeds, files. */
function postText({ content = '', embeds = [] }: DiscordPayload, files: readonly NamedFile[]): string {
  const shown = embeds.flatMap(({ description, fields = [], footer }) => [
    ...(description === undefined ? [] : [description]),
    ...fields.map(({ name, value }) => `[${name}]\n${value}`),
    ...(footer === undefined ? [] : [`(${footer.text})`]),
  ]);
  const beside = files.map(({ name, description }) => `File ${name}${description ? `: ${description}` : ''}`);
  return `${[part('Discord'), content, ...shown, ...beside].join('\n\n')}\n`;
}

function describedFiles({ payload, files }: Story['discord']['messages'][number]): NamedFile[] {
  return files.map(({ name }, at) => ({ name, description: payload.attachments?.[at]?.description ?? undefined }));
}

function part(name: string): string {
  return `${RULE}\n${name}\n${RULE}`;
}
