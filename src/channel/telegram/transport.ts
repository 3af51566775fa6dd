import { type AttemptResult, type Channel, ChannelError, fingerprintOf, type MayWrite } from '../channel.ts';
import { ANSWER_TIMEOUT, type Answer, ask, isSilence, type Silence } from '../http/ask.ts';
import { formOf } from '../http/form.ts';
import { unanswered } from '../http/result.ts';
import { type Call, callsFor } from './request.ts';
import { messageIdIn, refused, type Said, SERVICE, saidIn } from './result.ts';
import type { TelegramSettings } from './settings.ts';

/**
 * Writes to a chat as a bot: the pictures with what happened below them, then the evidence as a reply. A bot cannot read
 * back what it has written, so what became of a broken connection is not known.
 * @param now epoch milliseconds
 */
export function createTelegramChannel(
  { token, chatId, api }: TelegramSettings,
  timeout = ANSWER_TIMEOUT,
  now: () => number = Date.now,
): Channel {
  const call = ({ method, fields }: Call, mayWrite?: MayWrite) => {
    const { type, body } = formOf(fields);
    const headers = { 'content-type': type };
    return ask({ url: `${api}/bot${token}/${method}`, method: 'POST', headers, body }, timeout, mayWrite);
  };
  return {
    id: 'telegram',
    needsNetwork: true,
    fingerprint: fingerprintOf(api, token, chatId),
    send: async (outgoing, mayWrite): Promise<AttemptResult> => {
      const { first, evidence } = callsFor(outgoing, chatId);
      const began = now();
      const answer = await call(first, mayWrite);
      if (isSilence(answer)) return unanswered(answer, SERVICE);
      const said = saidIn(answer);
      const messageId = said?.ok === true ? messageIdIn(said) : undefined;
      if (answer.status !== 200 || messageId === undefined) return refused(answer, said, now());
      // The message is there: whatever becomes of its evidence, it is not sent again. Who slept meanwhile may not be the one
      // who sends it any more.
      if (evidence !== undefined && Math.abs(now() - began) <= timeout) await call(evidence(messageId));
      return { state: 'sent', receipt: { messageId: String(messageId) } };
    },
    test: async () => {
      const bot = expectOk(await call({ method: 'getMe', fields: {} }), now());
      const chat = expectOk(await call({ method: 'getChat', fields: { chat_id: chatId } }), now());
      const [name, title] = [textOf(bot, 'username'), textOf(chat, 'title')];
      return `the bot${name === undefined ? '' : ` @${name}`} knows the chat${title === undefined ? '' : ` '${title}'`}; only a drill shows whether it may write there`;
    },
  };
}

/** @throws {ChannelError} for what is no success */
function expectOk(answer: Answer | Silence, now: number): Said {
  if (isSilence(answer)) throw new ChannelError(`${SERVICE} cannot be reached: ${answer.code}`);
  const said = saidIn(answer);
  if (answer.status === 200 && said?.ok === true) return said;
  throw new ChannelError(refused(answer, said, now).reason);
}

function textOf({ result }: Said, name: string): string | undefined {
  const value = (result as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  return typeof value === 'string' ? value : undefined;
}
