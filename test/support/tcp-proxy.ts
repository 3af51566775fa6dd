import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { CommitWatch, hasAnswer } from './commit-watch.ts';
import { freePort } from './ports.ts';

/** A network between a client and a server on loopback, which fails as it is told. */
export interface TcpProxy {
  readonly port: number;
  /** How many connections it has taken so far. */
  readonly connections: number;
  /** How many commits lost their answer so far. */
  readonly lostAnswers: number;
  /** The same address with the port of the proxy. */
  before(url: string): string;
  /** Resets all connections, and refuses new ones until `mend`. */
  cut(): Promise<void>;
  /**
   * Nothing arrives any more, and nobody is told: connections stay open, new ones are taken, and all is silent. What was sent
   * meanwhile arrives after `mend`.
   */
  hang(): void;
  /**
   * The next commits reach the server and are done; their connections are reset before the answer arrives. Not through TLS,
   * which hides them.
   */
  loseAnswerToCommit(times: number): void;
  /** New connections go to another port from now on: a name that a fail-over has moved. */
  leadTo(target: number): void;
  /** Ends what goes wrong. Connections that are open go on. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

/** What the connections of one proxy share. */
interface Net {
  target: number;
  readonly pairs: Set<Pair>;
  isHanging: boolean;
  toLose: number;
  lost: number;
}

/** Starts a proxy before a port of loopback: `const proxy = await useStandIn(startTcpProxy(server.port))`. */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const net: Net = { target, pairs: new Set(), isHanging: false, toLose: 0, lost: 0 };
  const port = await freePort();
  let connections = 0;
  const take = (client: Socket) => {
    connections += 1;
    new Pair(client, net);
  };
  let server: Server | undefined = await listen(port, take);
  const cut = async () => {
    const closed = server && once(server, 'close');
    server?.close();
    server = undefined;
    for (const pair of net.pairs) pair.reset();
    await closed;
  };
  return {
    port,
    get connections() {
      return connections;
    },
    get lostAnswers() {
      return net.lost;
    },
    before: (url) => Object.assign(new URL(url), { port }).href,
    cut,
    hang: () => {
      net.isHanging = true;
      for (const pair of net.pairs) pair.look();
    },
    loseAnswerToCommit: (times) => {
      net.toLose = times;
    },
    leadTo: (other) => {
      net.target = other;
    },
    mend: async () => {
      Object.assign(net, { isHanging: false, toLose: 0 });
      for (const pair of net.pairs) pair.look();
      server ??= await listen(port, take);
    },
    close: cut,
  };
}

async function listen(port: number, take: (client: Socket) => void): Promise<Server> {
  // What one side has ended the other one may still answer.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, take);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** One connection of a client, and the one to the server that goes with it. */
class Pair {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #net: Net;
  readonly #commits = new CommitWatch();
  /** What the server has said since a commit whose answer is to be lost. */
  #withheld: Buffer | undefined;

  constructor(client: Socket, net: Net) {
    this.#client = client;
    this.#net = net;
    this.#server = connect({ port: net.target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    net.pairs.add(this);
    this.#join(client, this.#server, (chunk) => this.#fromClient(chunk));
    this.#join(this.#server, client, (chunk) => this.#fromServer(chunk));
    this.look();
  }

  /** Reads, or does not: what is not read, the system keeps, and the other side does not learn of it. */
  look(): void {
    for (const socket of [this.#client, this.#server]) {
      if (this.#net.isHanging) socket.pause();
      else socket.resume();
    }
  }

  reset(): void {
    this.#net.pairs.delete(this);
    this.#client.resetAndDestroy();
    this.#server.resetAndDestroy();
  }

  #join(from: Socket, to: Socket, through: (chunk: Buffer) => boolean): void {
    from.on('data', (chunk) => {
      if (through(chunk) && !to.destroyed) to.write(chunk);
    });
    from.on('end', () => to.destroyed || to.end());
    // What is reset here is reset there.
    from.on('error', () => this.reset());
    from.on('close', () => {
      if (to.destroyed) this.#net.pairs.delete(this);
    });
  }

  /** @returns whether it goes on to the other side */
  #fromClient(chunk: Buffer): boolean {
    if (this.#commits.sees(chunk) && this.#net.toLose > 0) {
      this.#net.toLose -= 1;
      this.#withheld = Buffer.alloc(0);
    }
    return true;
  }

  #fromServer(chunk: Buffer): boolean {
    if (this.#withheld === undefined) return true;
    this.#withheld = Buffer.concat([this.#withheld, chunk]);
    if (hasAnswer(this.#withheld)) {
      this.#net.lost += 1;
      this.reset();
    }
    return false;
  }
}
