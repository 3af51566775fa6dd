import { createHash } from 'node:crypto';
import { kindOf } from '../message/channel-kind.ts';
import type { Outgoing, Receipt } from '../message/message.ts';

/** How one attempt to deliver ended. */
export type AttemptResult =
  /** The channel has it. */
  | { readonly state: 'sent'; readonly receipt: Receipt }
  /**
   * It surely was not taken. Permanent: trying the same again cannot help. `retryAfter`: milliseconds to wait first.
   * `busy`: the server was away or had no time, whatever the message: a little later in the same run it may take it.
   * `perhapsPictures`: the text alone may pass. `attached`: a file went with it that is no picture.
   */
  | {
      readonly state: 'refused';
      readonly permanent: boolean;
      readonly reason: string;
      readonly retryAfter?: number;
      readonly busy?: true;
      readonly perhapsPictures?: boolean;
      readonly attached?: true;
    }
  /** It may have been taken. */
  | { readonly state: 'unknown'; readonly reason: string };

/** What became of passing a message on. */
export type Published =
  /** It is, by this attempt or an earlier one. */
  | { readonly state: 'published' }
  /** Nobody can follow its place; or it cannot be passed on, and trying again does not help: then with the reason. */
  | { readonly state: 'left'; readonly reason?: string }
  /** A later attempt may help, after `retryAfter` milliseconds where the service says so. */
  | { readonly state: 'refused'; readonly reason: string; readonly retryAfter?: number };

/** Throws where a message must not be written any more: another process may be sending it. */
export type MayWrite = () => Promise<void>;

/** Where messages go. A transport maps a message to its service, and what the service answers to a result. */
export interface Channel {
  /** `discord-webhook`, `discord-webhook:<webhook>`, `email:<address>`, `folder`: names its deliveries in the ledger. */
  readonly id: string;
  /** Another name that people may call it by: the id of the first of several is the name of all of them. */
  readonly alias?: string;
  readonly needsNetwork: boolean;
  /** Changes with the settings of the channel, so that what was refused is tried again at once. */
  readonly fingerprint: string;
  /** Channels with the same one take turns at it; absent where a channel has its service to itself. */
  readonly server?: SharedServer;
  /** How long a message may be on its way once it is written, in milliseconds; absent: half a minute. */
  readonly longest?: number;
  /**
   * One attempt. Never throws for what the service does; reasons may hold its words, not the caller's secrets.
   * @param mayWrite asked when the way is open and nothing of the message was written, and again before the last of it is.
   *   Where it throws, the service cannot take the message, and the result means nothing
   */
  send(outgoing: Outgoing, mayWrite?: MayWrite): Promise<AttemptResult>;
  /**
   * Looks whether a message arrived whose attempt ended unknown; absent where the service cannot tell.
   * @param since when the message was decided, epoch milliseconds
   * @returns undefined when it surely is not there
   * @throws where it could not look
   */
  find?(messageId: string, since: number): Promise<Receipt | undefined>;
  /**
   * Passes a message that has arrived on to those who follow the place where it stands; absent where nobody can. Doing it
   * twice does nothing more. Never throws for what the service does.
   */
  publish?(receipt: Receipt): Promise<Published>;
  /** Puts right what the service shows beside every message; absent where there is nothing. Never throws. */
  dress?(): Promise<void>;
  /** Checks the way without sending anything. @returns one line @throws {ChannelError} saying what to do */
  test(): Promise<string>;
}

/** A server that several channels send through, which has a limit of connections. */
export interface SharedServer {
  /** How many of its channels may be at work at once at first, */
  readonly atOnce: number;
  /** and at most, once it has served many of them. */
  readonly atMost: number;
  /** Ends the connections that are kept for a next message. Never throws. */
  rest(): Promise<void>;
}

/** A channel that does not work as it is set up. */
export class ChannelError extends Error {
  override name = 'ChannelError';
}

/** True where a person may mean this channel by a name: its id or alias, or the kind of it, which means all of a kind. */
export function isCalled({ id, alias }: Pick<Channel, 'id' | 'alias'>, name: string): boolean {
  return name === id || name === alias || name === kindOf(id);
}

/** The names that people may call channels by: each by its id or alias, and each kind. */
export function namesOf(channels: readonly Pick<Channel, 'id' | 'alias'>[]): string[] {
  const kinds = channels.map(({ id }) => kindOf(id));
  // Where the id of the first of several is their kind too, its alias is what means it alone.
  const isOneOfSeveral = (id: string) => kinds.filter((kind) => kind === kindOf(id)).length > 1;
  const names = channels.map(({ id, alias }) => (isOneOfSeveral(id) ? (alias ?? id) : id));
  return [...new Set([...names, ...kinds])];
}

/** A short mark that changes when `text` does and does not show it. */
export function fingerprintOf(...text: string[]): string {
  return createHash('sha256').update(text.join('\n')).digest('hex').slice(0, 12);
}
