import type { Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { launch } from './chromium.ts';

/** A page in a real browser and what went wrong in it. */
export interface Tab {
  readonly page: Page;
  /** Errors and warnings of the console, exceptions, and answers that were refused. */
  readonly errors: string[];
  /** The hosts that were asked for anything. */
  readonly hosts: Set<string>;
}

/** Opens a tab that is closed when the test ends. */
export async function openTab({
  width = 1100,
  colorScheme = 'light' as 'light' | 'dark',
  javaScriptEnabled = true,
  /** What it answers where a page asks for a login. */
  login = undefined as { readonly username: string; readonly password: string } | undefined,
} = {}): Promise<Tab> {
  const browser = await launch();
  onTestFinished(() => browser.close());
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    javaScriptEnabled,
    ...(login && { httpCredentials: login }),
  });
  const page = await context.newPage();
  const [errors, hosts]: [string[], Set<string>] = [[], new Set()];
  page.on('console', (line) => {
    if (['error', 'warning'].includes(line.type())) errors.push(line.text());
  });
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('response', (answer) => {
    if (answer.status() >= 400) errors.push(`${answer.status()} ${answer.url()}`);
  });
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  return { page, errors, hosts };
}
