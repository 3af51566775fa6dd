/** What answered is not Discord: a captive portal, a proxy, a wrong address. So Discord has not taken the message. */
export class NotDiscordError extends Error {
  override name = 'NotDiscordError';
  readonly status: number;
  constructor(status: number, what: string) {
    super(what);
    this.status = status;
  }
}

/** An answer that says yes and cannot be read to its end. */
export class UnreadableError extends Error {
  override name = 'UnreadableError';
}
