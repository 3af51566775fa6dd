import type { AttemptResult, Channel, MayWrite } from '../channel/channel.ts';
import { cleanWords } from '../message/clean-words.ts';
import type { Message, Outgoing } from '../message/message.ts';
import { pageLink } from '../message/page-link.ts';
import { markedUnder } from '../message/seen.ts';
import type { Claim } from '../store/deliveries.ts';
import type { Draft } from './draft.ts';
import { SEEN_PATH, seenToken, takesSeenLink } from './seen-link.ts';
import type { Sending } from './sender.ts';

/** What is looked at before a message is written holds for so long, in milliseconds: whoever slept for longer in between looks again. */
const LOOK_HOLDS = 2000;
/** How long a service may take for its answer once a message is written, in milliseconds, where a channel names no other time. */
const LONGEST = 30_000;
/** A disk that is so slow each time is no sleep. */
const MOST_LOOKS = 3;

/**
 * Sends what was claimed, once. A channel never throws for what its service does; what its own fault left behind is not known.
 * @throws {LeaseLostError} where the message may not be written any more
 */
export async function send(
  claim: Claim,
  channel: Channel,
  draft: Draft,
  { settings, ledger, now, seenKey }: Pick<Sending, 'settings' | 'ledger' | 'now' | 'seenKey'>,
): Promise<AttemptResult> {
  const outgoing = await outgoingOf(draft, claim, { settings, ledger, seenKey });
  if (outgoing === undefined) return { state: 'refused', permanent: true, reason: 'the message is not in the ledger' };
  // A server that quotes the mail in its refusal must not hand out the link.
  const secrets = [...settings.secrets, ...(outgoing.seen?.split(SEEN_PATH).slice(1) ?? [])];
  const permission = permissionToWrite(claim, channel.longest ?? LONGEST, { ledger, now });
  let result: AttemptResult;
  try {
    result = cleaned(await channel.send(outgoing, permission.ask), secrets);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    result = { state: 'unknown', reason: cleanWords(`${claim.channel} failed: ${words}`, secrets) };
  }
  // Where it was not given, the service cannot take the message, and the result means nothing.
  permission.require();
  return result;
}

function cleaned(result: AttemptResult, secrets: readonly string[]): AttemptResult {
  return result.state === 'sent' ? result : { ...result, reason: cleanWords(result.reason, secrets) };
}

/** The draft for one channel; undefined where there is no message. */
async function outgoingOf(
  draft: Draft,
  { channel }: Claim,
  { settings, ledger, seenKey }: Pick<Sending, 'settings' | 'ledger' | 'seenKey'>,
): Promise<Outgoing | undefined> {
  const { publicUrl } = settings.dashboard;
  const { message, repeat, pictures, lacking } = draft;
  if (message === undefined) return undefined;
  const marked = publicUrl !== undefined && takesSeenLink(channel) ? markedUnder(message) : undefined;
  const token = marked === undefined ? undefined : seenToken(await seenKey(), marked, channel);
  const first = await firstOn(channel, draft.first, ledger);
  return {
    message: referringTo(message, first),
    repeat,
    refersTo: first === null ? null : await ledger.receipt(first, channel),
    ...(pictures.length === 0 ? {} : { pictures }),
    ...(lacking === undefined ? {} : { lacking }),
    ...(publicUrl === undefined ? {} : { page: pageLink(publicUrl, message), site: publicUrl }),
    ...(token === undefined ? {} : { seen: `${publicUrl}${SEEN_PATH}${token}` }),
  };
}

const REFERRING = new WeakMap<Message, Map<string | null, Message>>();

/** The same message, referring to another one; the same object each time: what is made of it is made once for a thousand recipients. */
function referringTo(message: Message, refersTo: string | null): Message {
  if (message.refersTo === refersTo) return message;
  const known = REFERRING.get(message) ?? new Map<string | null, Message>();
  REFERRING.set(message, known);
  const changed = known.get(refersTo) ?? { ...message, refersTo };
  known.set(refersTo, changed);
  return changed;
}

/** The message that a channel was told first of these events in; null where there is none, or more than one. */
async function firstOn(
  channel: string,
  ids: readonly string[],
  ledger: Pick<Sending['ledger'], 'toldAs' | 'toldIn'>,
): Promise<string | null> {
  const [id] = ids;
  if (id === undefined) return null;
  const first = await ledger.toldAs(id, channel);
  if (ids.length === 1) return first;
  const told = new Set(await ledger.toldIn(first, channel));
  return ids.every((other) => told.has(other)) ? first : null;
}

/** Whether a claimed message may be written: the channel asks, and the answer is remembered. */
interface Permission {
  readonly ask: MayWrite;
  /** @throws what was thrown when it was asked, if anything */
  require(): void;
}

function permissionToWrite(
  claim: Claim,
  longest: number,
  { ledger, now }: Pick<Sending, 'ledger' | 'now'>,
): Permission {
  let forbidden: { readonly error: unknown } | undefined;
  return {
    ask: async () => {
      try {
        for (let look = 1; look <= MOST_LOOKS; look++) {
          const asked = now();
          await ledger.mayWrite(claim, asked, longest);
          if (Math.abs(now() - asked) <= LOOK_HOLDS) break;
        }
      } catch (error) {
        forbidden = { error };
        throw error;
      }
    },
    require: () => {
      if (forbidden !== undefined) throw forbidden.error;
    },
  };
}
