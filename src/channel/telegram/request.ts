import type { MessageKind, Outgoing, Picture } from '../../message/message.ts';
import {
  CAPTION,
  TEXT,
  type TelegramText,
  telegramEvidence,
  telegramGist,
  telegramWhole,
} from '../../render/telegram-text.ts';
import type { FormField } from '../http/form.ts';

/** A call of the Bot API. */
export interface Call {
  readonly method: string;
  readonly fields: Readonly<Record<string, FormField>>;
}

/** What is sent for one message. */
export interface Calls {
  /** Brings what happened, and with it the message has arrived. */
  readonly first: Call;
  /** The evidence as a reply to it; undefined where the first has it all. @param messageId of the first */
  readonly evidence: ((messageId: number) => Call) | undefined;
}

/** What arrives without a sound. */
const QUIET: readonly MessageKind[] = ['digest', 'all-clear', 'follow-up', 'approaching'];

/**
 * The calls for a message. What fits into one text is one; otherwise the first has the pictures and what happened, and the
 * evidence follows as a reply. Text has no parse mode, so nothing in it is taken for a format.
 */
export function callsFor(outgoing: Outgoing, chatId: string): Calls {
  const { message, refersTo, pictures = [] } = outgoing;
  const earlier = refersTo?.messageId;
  const chat = {
    chat_id: chatId,
    ...(QUIET.includes(message.kind) ? { disable_notification: 'true' } : {}),
    ...(earlier === undefined || !/^\d+$/.test(earlier) ? {} : replyTo(Number(earlier))),
  };
  const [picture, ...others] = pictures;
  if (picture === undefined) {
    const whole = telegramWhole(outgoing);
    const first = { method: 'sendMessage', fields: { ...chat, ...textFields(whole ?? telegramGist(outgoing, TEXT)) } };
    return { first, evidence: whole === undefined ? evidenceOf(outgoing, chatId) : undefined };
  }
  const caption = telegramGist(outgoing, CAPTION);
  const first = others.length === 0 ? photo(picture, caption) : album(pictures, caption);
  return { first: { ...first, fields: { ...chat, ...first.fields } }, evidence: evidenceOf(outgoing, chatId) };
}

function evidenceOf(outgoing: Outgoing, chatId: string): Calls['evidence'] {
  const evidence = telegramEvidence(outgoing);
  if (evidence === undefined) return undefined;
  return (messageId) => ({
    method: 'sendMessage',
    fields: { chat_id: chatId, disable_notification: 'true', ...replyTo(messageId), ...textFields(evidence) },
  });
}

function photo(picture: Picture, { text, entities }: TelegramText): Call {
  return {
    method: 'sendPhoto',
    fields: { caption: text, caption_entities: JSON.stringify(entities), photo: fileOf(picture) },
  };
}

/** Several pictures in one message; the caption of the first is that of all. Source: core.telegram.org/bots/api, sendMediaGroup. */
function album(pictures: readonly Picture[], { text, entities }: TelegramText): Call {
  const media = pictures.map(({ name }, index) => ({
    type: 'photo',
    media: `attach://${name}`,
    ...(index === 0 ? { caption: text, caption_entities: entities } : {}),
  }));
  const files = Object.fromEntries(pictures.map((picture) => [picture.name, fileOf(picture)]));
  return { method: 'sendMediaGroup', fields: { media: JSON.stringify(media), ...files } };
}

function textFields({ text, entities }: TelegramText): Record<string, string> {
  return {
    text,
    entities: JSON.stringify(entities),
    link_preview_options: JSON.stringify({ is_disabled: true }),
  };
}

function replyTo(messageId: number): Record<string, string> {
  return { reply_parameters: JSON.stringify({ message_id: messageId, allow_sending_without_reply: true }) };
}

function fileOf({ name, png }: Picture): FormField {
  return { name: `${name}.png`, type: 'image/png', bytes: png };
}
