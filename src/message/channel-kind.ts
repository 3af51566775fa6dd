/** The kind of a channel by its id: all email addresses share one server, and so one test. */
export function kindOf(channel: string): string {
  return channel.split(':')[0] ?? channel;
}

/** Whom a channel writes to, by its id: the address of `email:ann@example.com`; undefined for a channel of many readers. */
export function recipientIn(channel: string): string | undefined {
  return channel.slice(kindOf(channel).length + 1) || undefined;
}
