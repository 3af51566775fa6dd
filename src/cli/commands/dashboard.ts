import type { App } from '../../app/app.ts';
import { DID_NOT_WORK, DONE, note, print } from '../output.ts';
import { serveUntilStopped } from './serve.ts';

/** The page alone, until it is told to stop. */
export async function runDashboard(app: App): Promise<number> {
  const { host, port } = app.settings.dashboard;
  try {
    await serveUntilStopped(app);
    return DONE;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      const { runningDaemon } = await import('../../app/lease.ts');
      if ((await runningDaemon(app)) !== undefined) {
        print(`The daemon already serves the page: http://${host}:${port}`);
        return DONE;
      }
    }
    note(`The page cannot use ${host}:${port} (${(error as Error).message}).`);
    note('Set DASHBOARD_HOST and DASHBOARD_PORT in .env to an address and a port that are free.');
    return DID_NOT_WORK;
  }
}
