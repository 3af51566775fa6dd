import type { App } from '../../app/app.ts';
import { createSite, listen } from '../../dashboard/server.ts';
import { accessLine, accessOf } from '../../settings/page-access.ts';
import { note, print } from '../output.ts';

/** Serves the page until the process is told to stop. */
export async function serveUntilStopped(app: App): Promise<void> {
  const server = await listen(createSite(app), app.settings.dashboard);
  print(`The page is at ${server.url} (Ctrl-C stops it)`);
  if (accessOf(app.settings.dashboard) === 'closed') note(`It is ${accessLine(app.settings.dashboard)}.`);
  await new Promise<void>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop());
  });
  await server.close();
}
