import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';

/** Where Debian has its Chromium; undefined where it is not installed. */
export const CHROMIUM = ['/usr/bin/chromium'].find((path) => existsSync(path));

/** No window, no sandbox (tests run as root), and nothing of the browser's own on the network. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the browser. */
export async function launch(): Promise<Browser> {
  const { chromium } = await import('playwright-core');
  return chromium.launch({ executablePath: CHROMIUM ?? '', args: ARGUMENTS });
}
