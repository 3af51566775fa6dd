import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import type { App } from '../app/app.ts';
import { type Bounds, createBoundedServer, PAGE_BOUNDS } from './bounded-server.ts';
import { guard, knownHost, refuseUnreadable } from './guard.ts';
import type { Instance } from './instance.ts';
import { machineRoutes } from './machine-routes.ts';
import { addPage } from './page-routes.ts';
import { addSeen } from './seen-routes.ts';

/**
 * The routes, without a socket. All of them only read, but for the one that marks a message as seen.
 * @param instance the daemon that they are of; absent: no daemon's
 */
export function createSite(app: App, instance?: Instance): Hono {
  const site = new Hono();
  site.use(knownHost(app));
  // Before the token: these links are signed.
  addSeen(site, app);
  site.use(guard(app));
  site.route('/', machineRoutes(app, instance));
  addPage(site, app);
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
