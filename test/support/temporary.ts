import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new empty folder, removed with all it holds when the test ends. Call it inside a test or `beforeEach`. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'breakout-bell-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** Waits for a stand-in and closes it when the test ends: `const yahoo = await useStandIn(startYahoo())`. */
export async function useStandIn<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const standIn = await starting;
  onTestFinished(() => standIn.close());
  return standIn;
}
