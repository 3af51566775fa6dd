import type { Logger } from 'pino';
import type { App } from '../app/app.ts';
import type { Instance } from '../dashboard/instance.ts';
import { createSite, type Listening, listen } from '../dashboard/server.ts';

/** The daemon's page. */
export interface Page {
  /** Listens where it does not yet. A page that cannot is tried again by the next round: the watch matters more. */
  open(): Promise<void>;
  /** Undefined while it does not listen. */
  url(): string | undefined;
  close(): Promise<void>;
}

/** The page, /healthz and /metrics of an app; not yet open. */
export function createPage(app: App, log: Logger, instance: Instance): Page {
  let listening: Listening | undefined;
  return {
    open: async () => {
      listening ??= await listenFor(app, log, instance);
    },
    url: () => listening?.url,
    close: async () => {
      await listening?.close();
    },
  };
}

async function listenFor(app: App, log: Logger, instance: Instance): Promise<Listening | undefined> {
  const { dashboard } = app.settings;
  const site = createSite(app, instance);
  try {
    return await listen(site, dashboard);
  } catch (error) {
    const { host, port } = dashboard;
    const cure = 'set DASHBOARD_HOST and DASHBOARD_PORT to a free address and port';
    log.error(
      `the page, /healthz and /metrics cannot listen on ${host}:${port} (${(error as Error).message}); ${cure}`,
    );
    return undefined;
  }
}
