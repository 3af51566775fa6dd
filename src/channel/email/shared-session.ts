import type { SmtpSession } from './smtp-session.ts';

/** One connection for all who come while it stands; each has it to himself, in the order in which they came. */
export class SharedSession {
  readonly #open: () => Promise<SmtpSession>;
  #users = 0;
  #shared: Promise<SmtpSession> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(open: () => Promise<SmtpSession>) {
    this.#open = open;
  }

  /** @param act never throws, whatever becomes of the connection; the last one out ends it */
  async use<T>(act: (opening: Promise<SmtpSession>) => Promise<T>): Promise<T> {
    this.#users += 1;
    this.#shared ??= this.#open();
    const opening = this.#shared;
    const result = this.#turn.then(() => act(opening));
    this.#turn = result;
    await result;
    this.#users -= 1;
    if (this.#users === 0) {
      this.#shared = undefined;
      await opening.then((session) => session.quit()).catch(() => {});
    }
    return result;
  }
}
