import type { InteractionEditReplyOptions } from 'discord.js';
import type { App } from '../app/app.ts';
import { recipientsOf } from '../channel/channels.ts';
import { messageWithoutAddresses, withoutAddresses } from '../channel/without-addresses.ts';
import { cleanWords } from '../message/clean-words.ts';
import { discordFiles, renderDiscord } from '../render/discord-embed.ts';
import { plainContent } from '../render/discord-text.ts';
import type { Answer } from './answers/answer.ts';

/** Discord's limit of a message's own text. */
const CONTENT = 2000;

/** Whoever is named in an answer, nobody is called. */
const NOBODY = { parse: [] } as const;

/** An answer as Discord shows it, without recipients' addresses. */
export function answerReply(
  app: Pick<App, 'settings'>,
  { message, pictures, files }: Answer,
): InteractionEditReplyOptions {
  const recipients = recipientsOf(app.settings);
  const shown = messageWithoutAddresses(message, recipients);
  const outgoing = { message: shown, repeat: false, refersTo: null, pictures };
  const { content = '', embeds = [] } = renderDiscord(outgoing);
  return {
    content,
    embeds,
    allowedMentions: NOBODY,
    files: [
      ...discordFiles(outgoing).map(({ name, data, alt }) => ({ name, attachment: data, description: alt })),
      ...files.map(({ name, text }) => ({ name, attachment: Buffer.from(withoutAddresses(text, recipients)) })),
    ],
  };
}

/** What a person typed and what a service said is in these words: they are shown as text, and hold no address. */
export function wordsReply(app: Pick<App, 'settings'>, words: string): InteractionEditReplyOptions {
  const open = withoutAddresses(cleanWords(words, app.settings.secrets), recipientsOf(app.settings));
  // The mark of a secret is ours; before a parenthesis it could begin a link.
  const content = plainContent(open, CONTENT).replace(/\\\[secret\](?!\()/g, '[secret]');
  return { content, allowedMentions: NOBODY };
}
