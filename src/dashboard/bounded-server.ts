import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';

/** How much of this process the page may take up; times in milliseconds. */
export interface Bounds {
  /** Connections that are open at once. */
  readonly connections: number;
  /** Until a request's headers are there, and until all of it is. */
  readonly headers: number;
  readonly request: number;
  /** Between two requests of one connection. */
  readonly idle: number;
  /** Without a byte in either direction. */
  readonly silence: number;
  /** Until an answer is taken, however slowly. */
  readonly answer: number;
  /** How often connections are looked at. */
  readonly look: number;
}

/** A browser opens 6 connections; a process often may have 1,024 files and connections, some only 256. */
export const PAGE_BOUNDS: Bounds = {
  connections: 64,
  headers: 5_000,
  request: 10_000,
  idle: 5_000,
  silence: 15_000,
  answer: 60_000,
  look: 1_000,
};

/**
 * A server that takes up a bounded part of its process, whatever its clients do: descriptors that idle connections hold
 * would be missing for the source, the channels and the database. Where all connections are taken, a new one takes the
 * place of the one that has been without a request for longest; where all are being answered, the new one is closed.
 */
export function createBoundedServer(listener: RequestListener, bounds: Bounds): Server {
  /** How many requests each is being answered, the one first that has been idle for longest. */
  const open = new Map<Socket, number>();
  const server = createServer(
    {
      headersTimeout: bounds.headers,
      requestTimeout: bounds.request,
      keepAliveTimeout: bounds.idle,
      connectionsCheckingInterval: bounds.look,
    },
    listener,
  );
  server.timeout = bounds.silence;
  // A connection that the system cannot accept (ENFILE, ENOMEM) is an error of the server, and must not end the process.
  server.on('error', () => {});
  server.on('connection', (socket: Socket) => {
    if (open.size >= bounds.connections) {
      const [idle] = [...open].find(([, answering]) => answering === 0) ?? [];
      (idle ?? socket).destroy();
      if (idle === undefined) return;
      open.delete(idle);
    }
    open.set(socket, 0);
    socket.once('close', () => open.delete(socket));
  });
  server.prependListener('request', ({ socket }, response) => {
    open.set(socket, (open.get(socket) ?? 0) + 1);
    const late = setTimeout(() => socket.destroy(), bounds.answer).unref();
    response.once('close', () => {
      clearTimeout(late);
      const answering = open.get(socket);
      // Closed meanwhile.
      if (answering === undefined) return;
      open.delete(socket);
      open.set(socket, answering - 1);
    });
  });
  return server;
}
