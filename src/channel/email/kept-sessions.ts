import type { SmtpSession } from './smtp-session.ts';

/** Exim queues what comes after the tenth message of a connection until its next queue run (`smtp_accept_queue_per_connection`). */
const MESSAGES_PER_CONNECTION = 10;
/** How long a connection is kept for the next message, where nobody says that there is none. */
const KEEP_MS = 2000;

/** The connections that are kept a moment for the next message. */
export class KeptSessions {
  readonly #kept = new Map<SmtpSession, NodeJS.Timeout>();

  /** One that still stands; undefined: none. */
  take(): SmtpSession | undefined {
    for (const [session, timer] of this.#kept) {
      clearTimeout(timer);
      this.#kept.delete(session);
      if (!session.ended) return session;
    }
    return undefined;
  }

  /** Keeps one, or ends it where it has carried enough. */
  async keep(session: SmtpSession): Promise<void> {
    if (session.ended) return;
    if (session.taken >= MESSAGES_PER_CONNECTION) return session.quit();
    const timer = setTimeout(() => {
      this.#kept.delete(session);
      void session.quit();
    }, KEEP_MS);
    this.#kept.set(session, timer);
  }

  /** Ends all of them. Never throws. */
  async rest(): Promise<void> {
    const sessions = [...this.#kept];
    this.#kept.clear();
    await Promise.all(
      sessions.map(([session, timer]) => {
        clearTimeout(timer);
        return session.quit();
      }),
    );
  }
}
