import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Health } from '../health.ts';

/** What the server asks the daemon. */
export interface Watch {
  /** @throws where the database cannot be read */
  readonly health: () => Promise<Health>;
  /** Prometheus' text format. */
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>;
  /** When the daemon looks next, epoch milliseconds. */
  readonly nextRun: () => number;
  /** Takes the secrets out of a text. */
  readonly clean: (text: string) => string;
}

/** The routes, without a socket: `GET /healthz` (200, or 503 with the reasons) and `GET /metrics`. */
export function createApp({ health, metrics, nextRun, clean }: Watch): Hono {
  const app = new Hono();
  app.get('/healthz', async (context) => {
    const { ok, reasons, expected, evaluated, evaluatedAt, troubles } = await health();
    const titles = troubles.map(({ title }) => title);
    const body = {
      ok,
      reasons,
      expected,
      evaluated,
      evaluatedAt,
      troubles: titles,
      nextRun: new Date(nextRun()).toISOString(),
    };
    return context.json(body, ok ? 200 : 503);
  });
  app.get('/metrics', async (context) => {
    const { type, text } = await metrics();
    return context.body(text, 200, { 'content-type': type });
  });
  app.onError((error, context) => context.json({ ok: false, reasons: [clean(error.message)] }, 503));
  return app;
}

/** A server that listens. */
export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Lets the routes listen.
 * @throws the system's error where host and port cannot be used
 */
export function listen(
  app: Hono,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (address: AddressInfo) => {
      const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
      resolve({
        url: `http://${shown}:${address.port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            // A client that keeps its connection open must not keep the process alive.
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      });
    });
    server.once('error', reject);
  });
}
