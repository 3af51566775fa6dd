import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection';
import { listen } from './http.ts';

// The package waits 100 ms before every greeting for clients that talk too early. Tests need not.
SMTPConnection.prototype.init = function () {
  this._setListeners(() => this.connectionReady());
};

/** How the server is set up. */
export interface SmtpOptions {
  /** Login required (user `user`, password `secret`; another one gets 535). Default true. */
  readonly auth?: boolean;
  /** STARTTLS offered, with a certificate no one trusts, and login allowed only after it. Default false. */
  readonly starttls?: boolean;
  /** A free one by default. */
  readonly port?: number;
}

/** Replies with an error code at one step of the conversation: 421 at `connect`, 451 or 550 for a recipient… */
export interface SmtpRefusal {
  readonly connect?: number;
  readonly login?: number;
  /** Address → code. */
  readonly recipients?: Readonly<Record<string, number>>;
  /** After the whole message was read. */
  readonly data?: number;
}

/**
 * What goes wrong on one connection: a refusal, or
 * - `stall`: never greets
 * - `drop-before-data`: closes the connection at DATA, before 354
 * - `drop-in-data`: says 354 and closes the connection at the first bytes of the message
 * - `drop-after-data`: takes the message, then closes the connection before 250
 * - `stall-after-data`: takes the message and never says 250
 */
export type SmtpFault =
  | SmtpRefusal
  | 'stall'
  | 'drop-before-data'
  | 'drop-in-data'
  | 'drop-after-data'
  | 'stall-after-data';

/** A message that the stand-in has taken: parsed (`cid:` links kept), its envelope and its source. */
export type ReceivedMail = ParsedMail & { envelope: { from: string; to: string[] }; raw: string };

/** A mail server on loopback. */
export interface SmtpStandIn {
  /** What `SMTP_URL` takes, right for the options the server was started with. */
  readonly url: string;
  readonly messages: ReceivedMail[];
  /** How many connections were made so far. */
  readonly connections: number;
  /** Decides on the fault of a connection when it is made; `count` is 1 for the first one. */
  fault: ((connection: { readonly count: number }) => SmtpFault | undefined) | undefined;
  /** Told what has just happened, as it happens: `connected`, `login`, `recipient`, `data`, `taken`, `answered`. */
  watch: ((step: string) => void) | undefined;
  close(): Promise<void>;
}

/** Starts a mail server. */
export async function startSmtp({
  auth = true,
  starttls = false,
  port: wanted = 0,
}: SmtpOptions = {}): Promise<SmtpStandIn> {
  const sockets = new Map<number, Socket>();
  const faults = new Map<string, SmtpFault | undefined>();
  const refusal = ({ id }: SMTPServerSession): SmtpRefusal => {
    const fault = faults.get(id);
    return typeof fault === 'object' ? fault : {};
  };
  const drop = ({ remotePort }: SMTPServerSession) => sockets.get(remotePort)?.destroy();

  const server = new SMTPServer({
    logger: false,
    disableReverseLookup: true,
    authOptional: !auth,
    allowInsecureAuth: !starttls,
    disabledCommands: [...(auth ? [] : ['AUTH']), ...(starttls ? [] : ['STARTTLS'])],
    onConnect(session, callback) {
      const fault = smtp.fault?.({ count: smtp.connections });
      faults.set(session.id, fault);
      smtp.watch?.('connected');
      if (fault !== 'stall') callback(refused(refusal(session).connect));
    },
    onAuth({ username, password }, session, callback) {
      smtp.watch?.('login');
      const code = refusal(session).login ?? (username === 'user' && password === 'secret' ? undefined : 535);
      callback(refused(code), { user: username });
    },
    onRcptTo({ address }, session, callback) {
      smtp.watch?.('recipient');
      callback(refused(refusal(session).recipients?.[address]));
    },
    async onData(stream, session, callback) {
      smtp.watch?.('data');
      const fault = faults.get(session.id);
      if (fault === 'drop-before-data') return drop(session);
      if (fault === 'drop-in-data') return stream.once('data', () => drop(session));
      const { mailFrom, rcptTo } = session.envelope;
      const envelope = { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address) };
      // Who is killed in the middle of a message hangs up.
      const raw = await buffer(stream).then(String, () => undefined);
      if (raw === undefined) return;
      const refusedData = refused(refusal(session).data);
      if (refusedData) return callback(refusedData);
      smtp.messages.push({ ...(await simpleParser(raw, { keepCidLinks: true })), envelope, raw });
      smtp.watch?.('taken');
      if (fault === 'drop-after-data') return drop(session);
      if (fault === 'stall-after-data') return;
      callback();
      smtp.watch?.('answered');
    },
  });
  server.on('error', () => {}); // Clients that hang up are what the tests are about.
  let connections = 0;
  server.server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.set(socket.remotePort ?? 0, socket);
  });

  const { port, close } = await listen(server.server, wanted);
  const smtp: SmtpStandIn = {
    url: `smtp://${auth ? 'user:secret@' : ''}127.0.0.1:${port}?${starttls ? 'tls.rejectUnauthorized=false' : 'ignoreTLS=true'}`,
    messages: [],
    get connections() {
      return connections;
    },
    fault: undefined,
    watch: undefined,
    close,
  };
  return smtp;
}

function refused(code: number | undefined): Error | null {
  return code === undefined ? null : Object.assign(new Error(`The stand-in says ${code}`), { responseCode: code });
}
