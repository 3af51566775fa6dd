import type SMTPConnection from 'nodemailer/lib/smtp-connection';

/** Makes promises of what is done on one connection, a step after the other. */
export class SmtpSteps {
  #fail: (error: Error) => void = () => {};

  constructor(connection: SMTPConnection) {
    // An error may come at any time; without somebody to hear it, it would end the process.
    connection.on('error', (error: Error) => this.#fail(error));
    connection.on('end', () => {
      // What it ended for may come a little after it.
      const reject = this.#fail;
      setImmediate(() => reject(new Error('Connection closed unexpectedly')));
    });
  }

  /** @throws nodemailer's error, also where the connection fails meanwhile */
  take<T>(act: (done: (error?: Error | null, value?: T) => void) => void): Promise<T | undefined> {
    return new Promise<T | undefined>((resolve, reject) => {
      this.#fail = reject;
      act((error, value) => (error ? reject(error) : resolve(value)));
    });
  }

  /** No step follows: what the connection says from now on is of no use to anybody. */
  end(): void {
    this.#fail = () => {};
  }
}
