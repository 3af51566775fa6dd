import { createServer, type Socket } from 'node:net';

/** What a sink has taken so far. */
export interface Taken {
  /** Recipient, Message-ID and bytes of each message, in the order of their ends. */
  readonly mails: readonly { readonly to: string; readonly id: string; readonly bytes: number }[];
  readonly connections: number;
  /** How many of them were open at once at most. */
  readonly mostAtOnce: number;
  /** From the first connection to the last message, milliseconds. */
  readonly ms: number;
  /** Processor time of the sink in that span, milliseconds. */
  readonly cpuMs: number;
  /** The first message, whole. */
  readonly sample: string;
}

/**
 * A mail server in a process of its own that takes all it is given and looks at next to nothing, so that what is measured is
 * the sender. Prints its port, and answers any message of its parent with what it has taken.
 */
function sink(): void {
  const mails: Taken['mails'][number][] = [];
  let [connections, open, mostAtOnce, began, ended] = [0, 0, 0, 0, 0];
  let cpu = process.cpuUsage();
  let spent = cpu;
  let sample = '';
  const server = createServer((socket) => {
    if (connections === 0) {
      began = performance.now();
      cpu = process.cpuUsage();
    }
    connections += 1;
    open += 1;
    mostAtOnce = Math.max(mostAtOnce, open);
    let counted = true;
    // As servers do, until it has hung up itself.
    const uncount = () => {
      if (counted) open -= 1;
      counted = false;
    };
    socket
      .on('close', uncount)
      .on('finish', uncount)
      .on('error', () => socket.destroy());
    talk(socket, (mail, chunks) => {
      if (mails.length === 0) sample = Buffer.concat(chunks).toString('latin1');
      mails.push(mail);
      ended = performance.now();
      spent = process.cpuUsage(cpu);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.(typeof address === 'object' ? address?.port : undefined);
  });
  process.on('message', () => {
    const cpuMs = (spent.user + spent.system) / 1000;
    process.send?.({ mails, connections, mostAtOnce, ms: ended - began, cpuMs, sample } satisfies Taken);
  });
  process.on('disconnect', () => process.exit());
}

const END = Buffer.from('\r\n.\r\n');

/** One connection. A client that waits for the answer to a message ends a chunk with the dot of it. */
function talk(socket: Socket, taken: (mail: Taken['mails'][number], chunks: readonly Buffer[]) => void): void {
  const say = (line: string) => socket.write(`${line}\r\n`);
  let [words, to, bytes] = ['', '', 0];
  let chunks: Buffer[] | undefined;
  let tail = Buffer.alloc(0);
  const answer = (line: string) => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') return say('250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8');
    if (verb === 'QUIT') {
      say('221 bye');
      socket.end();
      return;
    }
    if (verb === 'RCPT') to = line.slice(line.indexOf('<') + 1, line.lastIndexOf('>'));
    if (verb !== 'DATA') return say('250 ok');
    chunks = [];
    bytes = 0;
    return say('354 go ahead');
  };
  // Replies to commands that come together leave together, and none waits for the one before.
  socket.setNoDelay(true);
  say('220 sink ESMTP');
  socket.on('data', (chunk) => {
    if (chunks === undefined) {
      words += chunk.toString('latin1');
      const lines = words.split('\r\n');
      words = lines.pop() ?? '';
      socket.cork();
      for (const line of lines) answer(line);
      socket.uncork();
      return;
    }
    chunks.push(chunk);
    bytes += chunk.length;
    tail = Buffer.concat([tail, chunk.subarray(-END.length)]).subarray(-END.length);
    if (!tail.equals(END)) return;
    const head = (chunks[0] ?? chunk).toString('latin1');
    const id = /^message-id:\s*(\S+)/im.exec(head)?.[1] ?? '';
    taken({ to, id, bytes }, chunks);
    chunks = undefined;
    say('250 taken');
  });
}

sink();
