import type { App } from '../app/app.ts';
import { recipientsOf } from '../channel/channels.ts';
import { replyWithoutAddresses, withoutAddresses } from '../channel/without-addresses.ts';
import type { Message } from '../message/message.ts';

/** Takes recipients' addresses out of what the page shows: whoever reads it need not be one of them. */
export interface Hiding {
  /** In every text of a value, also of what mail servers say. */
  readonly hide: <T>(value: T) => T;
  /** In a message; only a warning quotes mail servers, and other words stay as they are. */
  readonly hideIn: (message: Message) => Message;
}

/** Reads the addresses from the settings; whatever else looks like an address is taken out too. */
export function hiding({ settings }: Pick<App, 'settings'>): Hiding {
  const addresses = recipientsOf(settings);
  const inReply = (text: string) => replyWithoutAddresses(text, addresses);
  const inText = (text: string) => withoutAddresses(text, addresses);
  return {
    hide: (value) => withTexts(value, inReply),
    hideIn: (message) => withTexts(message, message.kind === 'warning' ? inReply : inText),
  };
}

/** The same value with every text in it changed, however deep. */
function withTexts<T>(value: T, change: (text: string) => string): T {
  const deep = (part: unknown): unknown => {
    if (typeof part === 'string') return change(part);
    if (Array.isArray(part)) return part.map(deep);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, deep(inner)]));
  };
  return deep(value) as T;
}
