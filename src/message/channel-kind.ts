/** The kind of a channel by its id: all email addresses share one server, and so one test. */
export function kindOf(channel: string): string {
  return channel.split(':')[0] ?? channel;
}
