import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';

/** One whole HTTP answer. The content type follows from the body unless a header says otherwise. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * What a stand-in does instead of its good answer: another answer, or one of
 * - `hang`: reads the request and never answers (ends when the client gives up or the server closes)
 * - `reset`: reads the request, then resets the connection (RST)
 * - `drop`: reads the request, then closes the connection politely (FIN)
 * - `truncate`: sends half of the good answer, then closes the connection
 * - `stall`: sends half of the good answer, then nothing more
 */
export type Fault = Answer | 'hang' | 'reset' | 'drop' | 'truncate' | 'stall';

/** A server that listens on loopback. */
export interface Listening {
  readonly port: number;
  /** Destroys every open connection and stops listening. May be called twice. */
  close(): Promise<void>;
}

/** Lets a server listen on 127.0.0.1. @param port 0: a free one */
export async function listen(server: Server, wanted = 0): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Starts an HTTP server on loopback. An error of the handler becomes a 500 that tells it. */
export function startHttp(
  handle: (request: IncomingMessage, response: ServerResponse, url: URL) => void | Promise<void>,
): Promise<Listening> {
  const server = createServer(async (request, response) => {
    try {
      await handle(request, response, new URL(request.url ?? '/', 'http://stand-in'));
    } catch (error) {
      if (response.headersSent) response.destroy();
      else send(response, { status: 500, body: `The stand-in failed: ${error}` });
    }
  });
  return listen(server);
}

/** Sends the good answer, or does what the fault says instead. */
export function send(response: ServerResponse, answer: Answer, fault?: Fault): void {
  if (fault === 'hang') return;
  if (fault === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (fault === 'drop') {
    response.socket?.destroy();
    return;
  }
  const { status = 200, headers = {}, body = '' } = typeof fault === 'object' ? fault : answer;
  const type = /^[{[]/.test(body) ? 'application/json' : 'text/html; charset=utf-8';
  const described = body === '' ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...described, ...headers });
  if (fault === 'truncate' || fault === 'stall') {
    response.write(body.slice(0, body.length / 2), () => {
      if (fault === 'truncate') response.socket?.destroy();
    });
  } else {
    response.end(body);
  }
}
