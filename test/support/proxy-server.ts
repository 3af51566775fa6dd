import { once } from 'node:events';
import { createServer as createHttp, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';
import tlsOptions from 'smtp-server/lib/tls-options';
import { type Listening, listen } from './http.ts';

/** A proxy on loopback, as companies have them: CONNECT, and forwarding of requests with a whole address. */
export interface ProxyStandIn {
  readonly url: string;
  /** Where it was asked to lead to, oldest first: `CONNECT 127.0.0.1:443`. */
  readonly requests: string[];
  /** The logins that it was given, as they were sent. */
  readonly logins: (string | undefined)[];
  /** Answers every request with this status instead. */
  refuses: number | undefined;
  close(): Promise<void>;
}

/** Starts the proxy. @param login `user:password` that it asks for, percent-encoded; by default it takes everybody */
export async function startProxy(login?: string): Promise<ProxyStandIn> {
  const wanted = login === undefined ? undefined : `Basic ${Buffer.from(decodeURIComponent(login)).toString('base64')}`;
  const isRefused = (request: IncomingMessage, what: string): number | undefined => {
    proxy.requests.push(what);
    const given = request.headers['proxy-authorization'];
    proxy.logins.push(given);
    return proxy.refuses ?? (wanted === undefined || given === wanted ? undefined : 407);
  };
  const server = createHttp((request, response) => {
    const refused = isRefused(request, `${request.method} ${request.url}`);
    if (refused !== undefined) {
      response.writeHead(refused).end('no');
      return;
    }
    const { hostname, port, pathname, search } = new URL(request.url ?? '');
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const onward = httpRequest(
      { host: hostname, port, path: `${pathname}${search}`, method: request.method, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    client.on('error', () => client.destroy());
    const refused = isRefused(request, `CONNECT ${request.url}`);
    if (refused !== undefined) {
      client.end(`HTTP/1.1 ${refused} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const [host = '', port] = (request.url ?? '').split(':');
    const onward = connect(Number(port), host, () => client.write('HTTP/1.1 200 Connection established\r\n\r\n'));
    join(client, onward);
  });
  const { port, close } = await listen(server);
  const proxy: ProxyStandIn = {
    url: `http://${login === undefined ? '' : `${login}@`}127.0.0.1:${port}`,
    requests: [],
    logins: [],
    refuses: undefined,
    close,
  };
  return proxy;
}

/** TLS in front of a stand-in that has none, with a certificate that nobody has signed. */
export async function startTls(target: number): Promise<Listening> {
  const sockets = new Set<Socket>();
  const server = createTls(tlsOptions({}), (client) => {
    sockets.add(client);
    join(client, connect(target, '127.0.0.1'));
  });
  const { port, close } = await listen(server);
  return {
    port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await close();
    },
  };
}

/** A port that nothing listens at. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const { port, close } = await listen(server);
  const closed = once(server, 'close');
  await close();
  await closed;
  return port;
}

function join(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one);
  one.on('error', () => other.destroy());
  other.on('error', () => one.destroy());
  one.on('close', () => other.destroy());
  other.on('close', () => one.destroy());
}
