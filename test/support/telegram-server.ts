import type { Answer } from './http.ts';
import { type Posted, type PostingStandIn, startPosting } from './posting-server.ts';

/**
 * Telegram's Bot API on loopback. Shapes: core.telegram.org/bots/api, "Making requests" (`ok`, `result`, `error_code`,
 * `description`, `parameters`), "sendMessage", "sendPhoto", "sendMediaGroup", "getMe", "getChat". A recorded success is in
 * tgbot 0.47's tests/data/send-photo-caption-parse-mode.json, a recorded refusal with parameters in TwiN/gatus#179. What
 * breaks for others: a caption of over 1,024 characters (tactilenews/100eyes#1594, gitroomhq/postiz-app#1171), a group that
 * became a supergroup (gatus#179, laravel-notification-channels/telegram#166).
 */
export interface TelegramStandIn extends PostingStandIn {
  readonly api: string;
  readonly token: string;
  /** What the chat shows, oldest first. */
  readonly messages: TelegramMessage[];
}

/** A message as the chat shows it. */
export interface TelegramMessage {
  readonly text: string;
  /** What of it is bold or in letters of one width. */
  readonly marked: readonly string[];
  /** The names of its pictures. */
  readonly pictures: readonly string[];
  /** The message that it is a reply to. */
  readonly replyTo: number | undefined;
  readonly silent: boolean;
  readonly at: number;
}

const TOKEN = '123456789:AAsecretsecretsecretsecretsecret12345';
export const CHAT_ID = '-1001234567890';

export const telegramRefusal = (status: number, description: string, parameters?: object): Answer => ({
  status,
  body: JSON.stringify({ ok: false, error_code: status, description, ...(parameters && { parameters }) }),
});

/** Refusals as the Bot API's users list them: TelegramBotAPI/errors and vrumger/telegram-errors. */
export const TELEGRAM_ERRORS: Readonly<Record<string, Answer>> = {
  'a revoked token': telegramRefusal(401, 'Unauthorized'),
  'no such chat': telegramRefusal(400, 'Bad Request: chat not found'),
  'blocked by the person': telegramRefusal(403, 'Forbidden: bot was blocked by the user'),
  'never written to': telegramRefusal(403, "Forbidden: bot can't initiate conversation with a user"),
  'kicked from the group': telegramRefusal(403, 'Forbidden: bot was kicked from the supergroup chat'),
  'no rights to write': telegramRefusal(400, 'Bad Request: not enough rights to send text messages to the chat'),
  'the group became a supergroup': telegramRefusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
    migrate_to_chat_id: -1009876543210,
  }),
  'too many requests': telegramRefusal(429, 'Too Many Requests: retry after 35', { retry_after: 35 }),
  'a caption too long': telegramRefusal(400, 'Bad Request: message caption is too long'),
  'an error of the server': telegramRefusal(500, 'Internal Server Error'),
  'a bad gateway': telegramRefusal(502, 'Bad Gateway'),
};

export async function startTelegram(): Promise<TelegramStandIn> {
  let last = 0;
  const shown: TelegramMessage[] = [];
  const standIn = await startPosting(async (posted) => {
    const [, token, method] = /^\/bot([^/]+)\/(\w+)$/.exec(posted.url.pathname) ?? [];
    if (token !== TOKEN) return { answer: telegramRefusal(401, 'Unauthorized'), takes: false };
    const fields = await fieldsOf(posted);
    const chat = { id: Number(CHAT_ID), type: 'supergroup', title: 'Bell' };
    const ok = (result: object) => ({ status: 200, body: JSON.stringify({ ok: true, result }) });
    if (method === 'getMe') return { answer: ok({ id: 123456789, is_bot: true, username: 'bell_bot' }), takes: false };
    if (fields.get('chat_id') !== CHAT_ID)
      return { answer: telegramRefusal(400, 'Bad Request: chat not found'), takes: false };
    if (method === 'getChat') return { answer: ok(chat), takes: false };
    const { text, entities, pictures } = contentOf(fields);
    const wrong = whatIsWrong(method ?? '', text, entities);
    if (wrong !== undefined) return { answer: telegramRefusal(400, `Bad Request: ${wrong}`), takes: false };
    const messages = (pictures.length > 1 ? pictures : ['']).map((_, index) => ({
      message_id: ++last,
      date: Math.floor(posted.at / 1000),
      chat,
      ...(index === 0 ? { [method === 'sendMessage' ? 'text' : 'caption']: text } : {}),
    }));
    const reply = JSON.parse(String(fields.get('reply_parameters') ?? '{}'));
    const marked = entities.map(({ offset, length }) => text.slice(offset, offset + length));
    const silent = fields.get('disable_notification') === 'true';
    return {
      answer: ok(method === 'sendMediaGroup' ? messages : (messages[0] ?? {})),
      takes: true,
      keep: () => shown.push({ text, marked, pictures, replyTo: reply.message_id, silent, at: posted.at }),
    };
  });
  return Object.assign(standIn, { api: `http://127.0.0.1:${standIn.port}`, token: TOKEN, messages: shown });
}

interface Entity {
  readonly offset: number;
  readonly length: number;
}

interface Content {
  readonly text: string;
  readonly entities: readonly Entity[];
  readonly pictures: readonly string[];
}

function contentOf(fields: FormData): Content {
  const jsonIn = (name: string) => JSON.parse(String(fields.get(name) ?? '[]'));
  const media: { media: string; caption?: string; caption_entities?: Entity[] }[] = jsonIn('media');
  const [first] = media;
  if (first !== undefined) {
    const pictures = media.map((one) => one.media.replace('attach://', '')).filter((name) => fields.get(name) !== null);
    return { text: first.caption ?? '', entities: first.caption_entities ?? [], pictures };
  }
  const photo = fields.get('photo');
  if (photo !== null) {
    const pictures = photo instanceof File ? [photo.name.replace('.png', '')] : [];
    return { text: String(fields.get('caption') ?? ''), entities: jsonIn('caption_entities'), pictures };
  }
  return { text: String(fields.get('text') ?? ''), entities: jsonIn('entities'), pictures: [] };
}

/** Source: the limits of each method, and "MessageEntity": offsets and lengths are UTF-16 units of the text. */
function whatIsWrong(method: string, text: string, entities: readonly Entity[]): string | undefined {
  if (text.trim() === '') return 'message text is empty';
  if (method === 'sendMessage' ? text.length > 4096 : text.length > 1024)
    return method === 'sendMessage' ? 'message is too long' : 'message caption is too long';
  const fits = entities.every(({ offset, length }) => length > 0 && offset + length <= text.length);
  return fits ? undefined : 'ENTITY_BOUNDS_INVALID';
}

async function fieldsOf({ body, headers }: Posted): Promise<FormData> {
  const type = headers['content-type'] ?? '';
  // A call without a field has an empty form.
  if (!type.startsWith('multipart/form-data') || !body.includes('name=')) return new FormData();
  return new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
}
