/** The kind of a channel by its id: `email` of `email:ann@example.com`. */
export function kindOf(channel: string): string {
  return channel.split(':')[0] ?? channel;
}

/** Whom a channel writes to, by its id: the address of `email:ann@example.com`; undefined for a channel of many readers. */
export function recipientIn(channel: string): string | undefined {
  const one = channel.slice(kindOf(channel).length + 1);
  return one.includes('@') ? one : undefined;
}

/**
 * What a channel is told of as: all email addresses share one server, so one test and one trouble. Any other channel, also
 * one of several webhooks, works or fails by itself.
 */
export function serviceOf(channel: string): string {
  return recipientIn(channel) === undefined ? channel : kindOf(channel);
}
