/** Somebody has seen a message, and has said so. */
export interface Acknowledgement {
  /** Id of the message. */
  readonly message: string;
  /** Where it was seen: `discord-bot`, `email:<address>`. */
  readonly channel: string;
  /** Who it was, by what does not change: the id of a Discord user, the address of a mail. A message, channel and person have one. */
  readonly who: string;
  /** Who it was, for people. */
  readonly name: string;
  /** When it was said first, ISO instant. */
  readonly at: string;
}
