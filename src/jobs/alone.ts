import type { App } from '../app/app.ts';
import { runningDaemon } from '../app/lease.ts';
import { isDead, isNeighbour, thisProcess } from '../app/this-process.ts';
import { commandLine } from '../message/command-line.ts';
import { BackupError } from './copies.ts';

/**
 * Takes the run lease of a file, which no daemon may watch, nor stand by.
 * @returns the owner that has it now
 * @throws {BackupError} where somebody works with it
 */
export async function takeAlone(app: Pick<App, 'ledger' | 'now'>): Promise<string> {
  const daemon = await runningDaemon(app);
  if (daemon !== undefined) {
    throw new BackupError(
      `the daemon is running (process ${daemon.pid} on ${daemon.host}); stop it first: ${commandLine('daemon stop')}, or Ctrl-C where ${commandLine('start')} runs`,
    );
  }
  const standby = (await app.ledger.instances()).find((one) => isNeighbour(one) && !isDead(one));
  if (standby !== undefined) {
    throw new BackupError(`a standby daemon is running (process ${standby.pid} on ${standby.host}); stop it first`);
  }
  const owner = thisProcess();
  const other = await app.ledger.takeLease(owner, app.now(), isDead);
  if (other !== undefined) {
    throw new BackupError(`a check is running (process ${other.pid} on ${other.host}); try again when it has ended`);
  }
  return owner.id;
}
