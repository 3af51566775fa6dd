import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { bySourceClock } from '../clock.ts';
import { nextCheck } from '../digest.ts';
import { healthOf } from '../health.ts';
import type { World } from '../world.ts';
import { type Bounds, createBoundedServer, PAGE_BOUNDS } from './bounded-server.ts';
import { guard, refuseUnreadable } from './guard.ts';
import { hiding } from './hide-addresses.ts';
import { addPage } from './page-routes.ts';

/** The routes, without a socket. All of them only read. */
export function createApp(world: World): Hono {
  const app = new Hono();
  app.use(guard(world));
  app.route('/', machineRoutes(world));
  addPage(app, world);
  return app;
}

/** What machines ask: `GET /healthz` (200, or 503 with the reasons) and `GET /metrics`. */
function machineRoutes(world: World): Hono {
  const { settings, now, clean } = world;
  const { hide } = hiding(world);
  const app = new Hono();
  app.get('/healthz', async (context) => {
    const { ok, reasons, expected, evaluated, evaluatedAt, troubles, gateway } = await healthOf(bySourceClock(world));
    const body = {
      ok,
      reasons,
      expected,
      evaluated,
      evaluatedAt,
      troubles: troubles.map(({ title }) => title),
      ...(gateway === null ? {} : { gateway }),
      nextRun: new Date(nextCheck(settings.schedule.checks, now())).toISOString(),
    };
    return context.json(hide(body), ok ? 200 : 503);
  });
  app.get('/metrics', async (context) => {
    const { metricsOf } = await import('./metrics.ts');
    const { type, text } = await metricsOf(world);
    return context.body(text, 200, { 'content-type': type });
  });
  app.onError((error, context) => context.json({ ok: false, reasons: [hide(clean(error.message))] }, 503));
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
  bounds: Bounds = PAGE_BOUNDS,
): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const answer = getRequestListener(app.fetch, { hostname: host, errorHandler: refuseUnreadable });
    const server = createBoundedServer(answer, bounds);
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address() as AddressInfo;
      const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
      resolve({
        url: `http://${shown}:${address.port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            // A client that keeps its connection open must not keep the process alive.
            server.closeAllConnections();
          }),
      });
    });
  });
}
