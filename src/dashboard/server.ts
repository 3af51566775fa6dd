import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import type { App } from '../app/app.ts';
import { bySourceClock } from '../app/clock.ts';
import { healthOf } from '../health/health.ts';
import { nextCheck } from '../health/schedule.ts';
import { type Bounds, createBoundedServer, PAGE_BOUNDS } from './bounded-server.ts';
import { guard, refuseUnreadable } from './guard.ts';
import { hiding } from './hide-addresses.ts';
import { addPage } from './page-routes.ts';

/** The routes, without a socket. All of them only read. */
export function createSite(app: App): Hono {
  const site = new Hono();
  site.use(guard(app));
  site.route('/', machineRoutes(app));
  addPage(site, app);
  return site;
}

/** What machines ask: `GET /healthz` (200, or 503 with the reasons) and `GET /metrics`. */
function machineRoutes(app: App): Hono {
  const { settings, now, clean } = app;
  const { hide } = hiding(app);
  const site = new Hono();
  site.get('/healthz', async (context) => {
    const { ok, reasons, expected, evaluated, evaluatedAt, troubles, gateway } = await healthOf(bySourceClock(app));
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
  site.get('/metrics', async (context) => {
    const { metricsOf } = await import('./metrics.ts');
    const { type, text } = await metricsOf(app);
    return context.body(text, 200, { 'content-type': type });
  });
  site.onError((error, context) => context.json({ ok: false, reasons: [hide(clean(error.message))] }, 503));
  return site;
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
  site: Hono,
  { host, port }: { readonly host: string; readonly port: number },
  bounds: Bounds = PAGE_BOUNDS,
): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const answer = getRequestListener(site.fetch, { hostname: host, errorHandler: refuseUnreadable });
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
