import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { createSite, listen } from '../../src/dashboard/server.ts';
import { VARIABLES } from '../../src/settings/environment.ts';
import { openTab } from '../support/browser.ts';
import { CHROMIUM } from '../support/chromium.ts';
import { mailsTo } from '../support/posted.ts';
import { EVENT, SEP_17, SEP_18, startStory } from '../support/story.ts';

const ROOT = join(import.meta.dirname, '../..');
const MORNING = '2025-09-19T12:12:00Z';

async function alerted() {
  const story = await startStory({ PUBLIC_URL: 'http://bell.example.com' });
  await story.round(SEP_17);
  await story.round(SEP_18);
  const link = /^Mark as seen: (\S+)$/m.exec(mailsTo(story).at(-1)?.text ?? '')?.[1] ?? '';
  return { story, path: new URL(link).pathname };
}

/** The page in a process of its own, its clock set to `now`. @returns its address, and the process */
async function servePage(now: string, environment: Readonly<Record<string, string>>) {
  const blank = Object.fromEntries(VARIABLES.map((name) => [name, '']));
  const child = spawn(
    process.execPath,
    ['--import', join(ROOT, 'test/support/clock.js'), join(ROOT, 'src/launch.js'), 'dashboard'],
    {
      env: { PATH: process.env.PATH, ...blank, BELL_NOW: now, DASHBOARD_PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const url = await new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  return { url, child };
}

test('what was answered as noted stays noted, though the page is killed at once: nobody is reminded', async () => {
  const { story, path } = await alerted();
  const { url, child } = await servePage(MORNING, story.environment);
  const answer = await fetch(url + path, { method: 'POST' });
  expect(answer.status).toBe(200);
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  const seen = await story.at(MORNING, ({ ledger }) => ledger.acknowledgements([`${EVENT}/alert`]));
  expect(seen).toMatchObject([{ channel: 'email:ann@example.com' }]);
  await story.round('2025-09-19T21:30:00Z');
  expect(mailsTo(story).filter(({ subject }) => subject?.startsWith('Reminder'))).toEqual([]);
});

test.skipIf(CHROMIUM === undefined)(
  'the button works without scripts, on a phone, and asks no other host',
  async () => {
    const { story, path } = await alerted();
    await story.at(MORNING, async (app) => {
      const server = await listen(createSite(app), { host: '127.0.0.1', port: 0 });
      onTestFinished(() => server.close());
      const { page, errors, hosts } = await openTab({ width: 375, javaScriptEnabled: false });
      await page.goto(server.url + path);
      const button = page.getByRole('button', { name: 'Mark as seen' });
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
      await button.click();
      await expect.poll(() => page.textContent('main')).toContain('Noted: seen on 19 Sep 2025, 08:12 New York.');
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
      expect(errors).toEqual([]);
      expect([...hosts]).toEqual([new URL(server.url).host]);
      expect(await app.ledger.acknowledgements([`${EVENT}/alert`])).toHaveLength(1);
    });
  },
);
