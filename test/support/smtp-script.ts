import { createServer, type Socket } from 'node:net';
import { listen } from './http.ts';

/**
 * What the server says to one command, CRLF between lines and after the last one added, or does:
 * - `silence`: never answers
 * - `close`: closes the connection (FIN)
 * - `reset`: resets it (RST)
 * - `{ cut }`: sends these bytes as they are, without a line break, then closes the connection
 */
export type Reply = string | 'silence' | 'close' | 'reset' | { readonly cut: string };

/** Replies by the verb of a command; `greeting`, `login` (to the lines of AUTH LOGIN) and `message` (after the final dot) beside them. An array: one after another, and from the first again. */
export type Script = Readonly<Record<string, Reply | readonly Reply[]>>;

/** A server that says exactly what a real one was seen to say. */
export interface ScriptedSmtp {
  readonly port: number;
  /** Every command of every connection, as `verb rest`; logins and messages left out. */
  readonly commands: string[];
  readonly connections: number;
  close(): Promise<void>;
}

const GOOD: Script = {
  greeting: '220 mail.example.com ESMTP',
  EHLO: '250-mail.example.com\n250-AUTH LOGIN PLAIN\n250 8BITMIME',
  AUTH: '235 2.7.0 Accepted',
  MAIL: '250 2.1.0 OK',
  RCPT: '250 2.1.5 OK',
  DATA: '354 Go ahead',
  message: '250 2.0.0 OK: queued as 1',
  RSET: '250 2.0.0 OK',
  QUIT: '221 2.0.0 Bye',
};

/** Starts a server that follows a script; what the script does not say goes well. */
export async function startScriptedSmtp(script: Script): Promise<ScriptedSmtp> {
  const replies = { ...GOOD, ...script };
  const commands: string[] = [];
  const count = new Map<string, number>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => {}); // Clients that hang up are what the tests are about.
    const answer = (verb: string) => {
      const reply = replies[verb] ?? '500 5.5.1 unknown command';
      const nth = count.get(verb) ?? 0;
      count.set(verb, nth + 1);
      act(socket, Array.isArray(reply) ? (reply[nth % reply.length] as Reply) : (reply as Reply));
    };
    let rest = '';
    let inMessage = false;
    socket.on('data', (bytes) => {
      rest += bytes.toString('latin1');
      for (;;) {
        // An empty message is a dot alone.
        if (inMessage && rest.startsWith('.\r\n')) rest = `\r\n${rest}`;
        const end = rest.indexOf(inMessage ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const line = rest.slice(0, end);
        rest = rest.slice(end + (inMessage ? 5 : 2));
        if (inMessage) {
          inMessage = false;
          answer('message');
          continue;
        }
        const [verb = ''] = line.toUpperCase().split(' ');
        if (!(verb in GOOD)) {
          // User and password of AUTH LOGIN.
          answer('login');
          continue;
        }
        commands.push(verb === 'AUTH' ? line.split(' ').slice(0, 2).join(' ') : line);
        const said = replies.DATA;
        inMessage = verb === 'DATA' && typeof said === 'string' && /^[23]/.test(said);
        answer(verb);
      }
    });
    answer('greeting');
  });
  const { port, close } = await listen(server);
  return {
    port,
    commands,
    get connections() {
      return connections;
    },
    close,
  };
}

function act(socket: Socket, reply: Reply): void {
  if (typeof reply === 'object') socket.end(reply.cut);
  else if (reply === 'close') socket.end();
  else if (reply === 'reset') socket.resetAndDestroy();
  else if (reply !== 'silence') {
    socket.write(`${reply.replaceAll('\n', '\r\n')}\r\n`);
    // RFC 5321, 3.8: the server closes after 421 and 221.
    if (/^(421|221)/m.test(reply)) socket.end();
  }
}
