import { readSettings } from '../app.ts';

/** The daemon, until it is told to stop. Its code is loaded once the settings can be used. */
export async function runDaemon(): Promise<void> {
  const settings = await readSettings();
  const { startDaemon } = await import('../../daemon/daemon.ts');
  await startDaemon(settings);
}
