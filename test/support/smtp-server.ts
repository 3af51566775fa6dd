import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
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
  /** How many connections it serves at once, and what happens to one more. Default: as many as come. */
  readonly limit?: ConnectionLimit;
  /** How many messages it takes on one connection before it ends that with 421. Default: as many as come. */
  readonly messagesPerConnection?: number;
}

/**
 * A limit of connections at once, and what a connection beyond it meets:
 * - `421`: `421 4.7.0 … Error: too many connections from …` in place of the greeting, as Postfix says it
 *   (smtpd.c, `smtpd_client_connection_count_limit`); Exim: `421 Too many concurrent SMTP connections; please try again later.`
 * - `432`: the message is refused after it was read: `432 4.3.2 Concurrent connections limit exceeded. Visit
 *   https://aka.ms/concurrent_sending …`, Exchange Online, three at once for a mailbox (nodemailer#1613, fastapi-mail#75)
 * - `hang`: accepted by the system, and never greeted (the backlog of a server whose processes are all at work)
 * - `reset`: reset at once (a firewall's `connlimit` with `REJECT --reject-with tcp-reset`)
 */
export interface ConnectionLimit {
  readonly connections: number;
  readonly over: '421' | '432' | 'hang' | 'reset';
}

/** A code, or a code with the words of a real server: `535 5.7.139 Authentication unsuccessful, …`. */
export type SmtpReply = number | string;

/** Replies that refuse one step of the conversation: 421 at `connect`, 451 or 550 for a recipient… */
export interface SmtpRefusal {
  readonly connect?: SmtpReply;
  readonly login?: SmtpReply;
  readonly sender?: SmtpReply;
  /** Address → reply; a function is asked at each RCPT. */
  readonly recipients?: Readonly<Record<string, SmtpReply>> | ((address: string) => SmtpReply | undefined);
  /** After the whole message was read. */
  readonly data?: SmtpReply;
  /** The same, where it has attachments. */
  readonly withFiles?: SmtpReply;
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
  /** How many of them were open at once at most. */
  readonly mostAtOnce: number;
  /** How many logins succeeded so far. */
  readonly logins: number;
  /** Decides on the fault of a connection when it is made; `count` is 1 for the first one. */
  fault: ((connection: { readonly count: number }) => SmtpFault | undefined) | undefined;
  /** How long it thinks about a message before it says that it has taken it, in milliseconds. */
  delayAnswer: number;
  /** Hangs up on everybody, after what is under way was answered. */
  dropAll(): void;
  /** Told what has just happened, as it happens: `connected`, `login`, `recipient`, `data`, `taken`, `answered`. */
  watch: ((step: string) => void) | undefined;
  close(): Promise<void>;
}

/** Starts a mail server. */
export async function startSmtp({
  auth = true,
  starttls = false,
  port: wanted = 0,
  limit,
  messagesPerConnection = Number.POSITIVE_INFINITY,
}: SmtpOptions = {}): Promise<SmtpStandIn> {
  const sockets = new Map<number, Socket>();
  const faults = new Map<string, SmtpFault | undefined>();
  const taken = new Map<string, number>();
  let logins = 0;
  let mostAtOnce = 0;
  /** Connections beyond the limit when they were made. */
  const beyond = new Set<number>();
  const isBeyond = ({ remotePort }: SMTPServerSession) => beyond.has(remotePort);
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
      if (fault === 'stall' || (isBeyond(session) && limit?.over === 'hang')) return;
      const tooMany = '421 4.7.0 stand-in Error: too many connections from 127.0.0.1';
      callback(refused(isBeyond(session) && limit?.over === '421' ? tooMany : refusal(session).connect));
    },
    onAuth({ username, password }, session, callback) {
      smtp.watch?.('login');
      const code = refusal(session).login ?? (username === 'user' && password === 'secret' ? undefined : 535);
      if (code === undefined) logins += 1;
      callback(refused(code), { user: username });
    },
    onMailFrom(_address, session, callback) {
      // Exim ends a session like this after smtp_accept_max_per_connection messages (1000 by default).
      const enough = (taken.get(session.id) ?? 0) >= messagesPerConnection;
      callback(refused(enough ? '421 too many messages in this connection' : refusal(session).sender));
    },
    onRcptTo({ address }, session, callback) {
      smtp.watch?.('recipient');
      const { recipients } = refusal(session);
      callback(refused(typeof recipients === 'function' ? recipients(address) : recipients?.[address]));
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
      if (isBeyond(session) && limit?.over === '432') {
        const words = '432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending';
        return callback(refused(words));
      }
      const { data, withFiles } = refusal(session);
      const refusedData = refused(data ?? (raw.includes('image/png') ? withFiles : undefined));
      if (refusedData) return callback(refusedData);
      smtp.messages.push({ ...(await simpleParser(raw, { keepCidLinks: true })), envelope, raw });
      taken.set(session.id, (taken.get(session.id) ?? 0) + 1);
      smtp.watch?.('taken');
      if (fault === 'drop-after-data') return drop(session);
      if (fault === 'stall-after-data') return;
      if (smtp.delayAnswer > 0) await setTimeout(smtp.delayAnswer);
      callback();
      smtp.watch?.('answered');
    },
  });
  server.on('error', () => {}); // Clients that hang up are what the tests are about.
  let connections = 0;
  const open = new Set<Socket>();
  server.server.on('connection', (socket: Socket) => {
    connections += 1;
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    open.add(socket);
    mostAtOnce = Math.max(mostAtOnce, open.size);
    socket.once('close', () => open.delete(socket));
    if (limit === undefined || open.size <= limit.connections) {
      beyond.delete(port);
      return;
    }
    beyond.add(port);
    if (limit.over === 'reset') socket.resetAndDestroy();
  });

  const { port, close } = await listen(server.server, wanted);
  const smtp: SmtpStandIn = {
    url: `smtp://${auth ? 'user:secret@' : ''}127.0.0.1:${port}?${starttls ? 'tls.rejectUnauthorized=false' : 'ignoreTLS=true'}`,
    messages: [],
    get connections() {
      return connections;
    },
    get mostAtOnce() {
      return mostAtOnce;
    },
    get logins() {
      return logins;
    },
    fault: undefined,
    watch: undefined,
    delayAnswer: 0,
    dropAll: () =>
      setImmediate(() => {
        for (const socket of open) socket.end();
      }),
    close,
  };
  return smtp;
}

function refused(reply: SmtpReply | undefined): Error | null {
  if (reply === undefined) return null;
  const [, code = reply, words = `The stand-in says ${reply}`] = /^(\d{3}) (.*)/.exec(String(reply)) ?? [];
  return Object.assign(new Error(words), { responseCode: Number(code) });
}
