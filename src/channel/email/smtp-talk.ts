/** What nodemailer calls with all that is said on a connection. */
type SmtpLogger = Record<
  'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'level',
  (...entry: unknown[]) => void
>;

/** The talk with a mail server on one connection, followed for what nodemailer tells nowhere else. */
export interface SmtpTalk {
  readonly logger: SmtpLogger;
  /** A new message begins. */
  begin(): void;
  /**
   * True once the server was told of an accepted recipient and said to go ahead with the message (354; some say 250):
   * only from then on may it have taken it.
   */
  readonly mayHaveBeenTaken: boolean;
  /** What the server offers beside plain SMTP, a line each in upper case, by its last answer to EHLO. */
  readonly offers: readonly string[];
}

/** Follows a talk. Replies come in the order of the commands, also where a server lets several be sent at once. */
export function followTalk(): SmtpTalk {
  const awaited: string[] = [];
  let senderAccepted = false;
  let recipientAccepted = false;
  let goneAhead = false;
  let offers: string[] = [];
  const debug = (entry: unknown, text: unknown) => {
    const { tnx } = entry as { tnx?: string };
    const said = String(text ?? '');
    if (tnx === 'client') awaited.push(/^[A-Z]+/i.exec(said)?.[0].toUpperCase() ?? '');
    if (tnx !== 'server') return;
    const command = awaited.shift();
    if (command === 'EHLO') {
      const lines = said.split(/\r?\n/).map((line) => line.replace(/^\d+[ -]/, '').trim());
      offers = lines.slice(1).map((line) => line.toUpperCase());
    }
    if (command === 'MAIL') senderAccepted = said.startsWith('2');
    if (command === 'RCPT') recipientAccepted = senderAccepted && said.startsWith('2');
    if (command === 'DATA' && /^[23]/.test(said) && recipientAccepted) goneAhead = true;
  };
  const ignore = () => {};
  return {
    logger: {
      trace: ignore,
      debug,
      info: ignore,
      warn: ignore,
      error: ignore,
      fatal: ignore,
      level: ignore,
    },
    begin: () => {
      senderAccepted = false;
      recipientAccepted = false;
      goneAhead = false;
    },
    get mayHaveBeenTaken() {
      return goneAhead;
    },
    get offers() {
      return offers;
    },
  };
}

/** The login methods that the server offers. */
export function loginMethods({ offers }: Pick<SmtpTalk, 'offers'>): string[] {
  const methods = offers.filter((line) => /^AUTH[ =]/.test(line)).flatMap((line) => line.slice(5).split(/[\s=]+/));
  return [...new Set(methods.filter((method) => method !== ''))];
}
