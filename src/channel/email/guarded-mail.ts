import { Readable, type Transform } from 'node:stream';
import type { MayWrite } from '../channel.ts';

/**
 * A mail as it goes over the wire (RFC 5321, section 4.5.2), in two parts: every line ends with CR and LF, and the dot at the
 * beginning of one is doubled.
 */
export interface WrittenMail {
  /** Head, text and HTML. */
  readonly words: Buffer;
  /** The rest; its last line has no dot. */
  readonly pictures: Buffer;
}

/**
 * A mail that asks before it is written and before its end. nodemailer lets it write once the server has said 354; the dot that
 * ends it follows when all of it has left.
 *
 * nodemailer looks at every byte for dots and line breaks to mend, which took most of the time of a mail. Here they are right
 * already, so that all but the last line passes beside it.
 */
export class GuardedMail extends Readable {
  /** True once it was forbidden on the way. */
  forbidden = false;
  readonly #mail: WrittenMail;
  readonly #mayWrite: MayWrite | undefined;

  constructor(mail: WrittenMail, mayWrite: MayWrite | undefined) {
    super();
    this.#mail = mail;
    this.#mayWrite = mayWrite;
  }

  /** @param destination nodemailer's, which mends what is written to it and passes on what is pushed */
  override pipe<T extends NodeJS.WritableStream>(destination: T): T {
    this.#write(destination as unknown as Transform).catch((error) => this.destroy(error));
    return destination;
  }

  async #write(destination: Transform): Promise<void> {
    const { words, pictures } = this.#mail;
    await this.#ask();
    destination.push(words);
    const lastLine = pictures.lastIndexOf('\r\n', pictures.length - 3) + 2;
    destination.push(pictures.subarray(0, lastLine));
    // Called back once what stands before it has left.
    await new Promise<void>((resolve, reject) => {
      destination.write(pictures.subarray(lastLine), (error) => (error ? reject(error) : resolve()));
    });
    await this.#ask();
    destination.end();
  }

  async #ask(): Promise<void> {
    try {
      await this.#mayWrite?.();
    } catch (error) {
      this.forbidden = true;
      throw error;
    }
  }
}
