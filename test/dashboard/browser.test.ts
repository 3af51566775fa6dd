import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openApp } from '../../src/app/open.ts';
import { createSite, listen } from '../../src/dashboard/server.ts';
import { openTab } from '../support/browser.ts';
import { CHROMIUM } from '../support/chromium.ts';
import { EVENT, SEP_17, SEP_18, type Story, startStory } from '../support/story.ts';

/** The page of a story on a real socket, as it stands on the evening of the event. */
async function serve(story: Story): Promise<string> {
  const app = await openApp(story.settings, {
    now: () => Date.parse(SEP_18),
    sleep: async () => {},
    random: () => 0.5,
    progress: () => {},
  });
  const server = await listen(createSite(app), { host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await server.close();
    app.close();
  });
  return server.url;
}

async function pageOfTheEvent(environment: Record<string, string> = {}): Promise<string> {
  const story = await startStory(environment);
  await story.round(SEP_17);
  await story.round(SEP_18);
  return serve(story);
}

/** The first words of the page. */
const RANG = 'The bell rang on 18 Sep 2025: the first record close in over a year.';
const drawn = (page: Page) => page.waitForSelector('html[data-charts=drawn]');
const first = (page: Page) => page.locator('table:has-text("Past the record of") tbody tr').first().innerText();

/** How many colours a chart has: an empty one has one. */
async function coloursOf(page: Page, id: string): Promise<number> {
  return page.locator(`#${id} canvas`).evaluate((element) => {
    const canvas = element as unknown as {
      width: number;
      height: number;
      getContext(kind: '2d'): { getImageData(...at: number[]): { data: Uint8ClampedArray } };
    };
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set<number>();
    for (let at = 0; at < data.length; at += 4) {
      colours.add((data[at] ?? 0) * 65_536 + (data[at + 1] ?? 0) * 256 + (data[at + 2] ?? 0));
    }
    return colours.size;
  });
}

describe.skipIf(CHROMIUM === undefined)('the page in a real browser (needs /usr/bin/chromium)', () => {
  test('both charts are drawn, nothing goes wrong, and no other host is asked', async () => {
    const url = await pageOfTheEvent();
    const { page, errors, hosts } = await openTab();
    await page.goto(url);
    await drawn(page);
    for (const id of ['record', 'outcomes']) expect(await coloursOf(page, id), id).toBeGreaterThan(20);
    expect(await page.getByRole('img', { name: /^Chart of the Russell 2000 since 1978/ }).count()).toBe(1);
    expect(errors).toEqual([]);
    expect([...hosts]).toEqual([new URL(url).host]);
  });

  test('with a token the browser asks once for it, as a password; then the charts are drawn as without', async () => {
    const DASHBOARD_TOKEN = 'a-token-of-the-page';
    const url = await pageOfTheEvent({ DASHBOARD_TOKEN });
    const { page, errors } = await openTab({ login: { username: 'me', password: DASHBOARD_TOKEN } });
    await page.goto(url);
    await drawn(page);
    for (const id of ['record', 'outcomes']) expect(await coloursOf(page, id), id).toBeGreaterThan(20);
    await page.getByRole('link', { name: '18 Sep 2025' }).first().click();
    await page.waitForURL(`**/messages/${EVENT}/alert`);
    expect(errors.filter((line) => !line.startsWith(`401 ${url}/`))).toEqual([]);
    const { page: other } = await openTab({ login: { username: 'me', password: 'another' } });
    expect((await other.goto(url))?.status()).toBe(401);
    expect(await other.content()).not.toContain('Russell');
  });

  test('the record chart is read by pointer and keys, and zoomed by buttons and the wheel', async () => {
    const { page, errors } = await openTab();
    await page.goto(await pageOfTheEvent());
    await drawn(page);
    const readout = page.locator('#record-readout');
    expect(await readout.innerText()).toBe('18 Sep 2025: 2,467.70, a record close, the first record in over a year');
    const chart = page.locator('#record');
    await chart.focus();
    await page.keyboard.press('ArrowLeft');
    expect(await readout.innerText()).toMatch(/^17 Sep 2025: 2,407\.34, \+1\.47% to the record of 8 Nov 2021 /);

    const shown = () => chart.getAttribute('data-shown');
    await page.getByRole('button', { name: '5 y' }).click();
    expect(await shown()).toBe('2020-09-18/2025-09-18');
    await chart.hover({ position: { x: 500, y: 200 } });
    await expect.poll(() => readout.innerText()).toMatch(/^\d+ \w+ 202[23]:/);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -400);
    await page.keyboard.up('Control');
    await expect.poll(shown).not.toBe('2020-09-18/2025-09-18');
    await page.getByRole('button', { name: 'All' }).click();
    expect(await shown()).toBe('1978-12-29/2025-09-18');
    expect(errors).toEqual([]);
  });

  test('other horizons are other charts', async () => {
    const { page } = await openTab();
    await page.goto(await pageOfTheEvent());
    await drawn(page);
    const chart = page.locator('#outcomes');
    expect(await chart.getAttribute('aria-label')).toContain(
      'in the year after each of 11 earlier occasions: higher in 10',
    );
    await page.getByLabel('3', { exact: true }).check();
    expect(await chart.getAttribute('aria-label')).toContain('in the 3 months after each of 11 earlier occasions');
  });

  test('tables are sorted by a heading, and by it again the other way', async () => {
    const { page } = await openTab();
    await page.goto(await pageOfTheEvent());
    await drawn(page);
    expect(await first(page)).toContain('18 Sep 2025');
    const heading = page.getByRole('columnheader', { name: '12 months' });
    await heading.getByRole('button').click();
    // docs/architecture.md, "Facts to reproduce": the best was +30.6% from 2020-11-13, the worst −9.8% from 1999-12-29.
    expect(await first(page)).toMatch(/13 Nov 2020\s+\+30\.6%/);
    expect(await heading.getAttribute('aria-sort')).toBe('descending');
    await heading.getByRole('button').click();
    expect(await heading.getAttribute('aria-sort')).toBe('ascending');
    expect(await page.locator('tbody tr:has-text("29 Dec 1999")').first().innerText()).toContain('−9.8%');
    expect(await first(page)).toMatch(/pending|29 Dec 1999/);
  });

  test('a step back in time by date and by link, and to the newest again', async () => {
    const { page } = await openTab();
    await page.goto(await pageOfTheEvent());
    await page.getByLabel('As it stood on').fill('2020-11-12');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await page.locator('.figures').innerText()).toMatch(/Armed\s+since 1 Sep 2019/);
    await drawn(page);
    expect(await page.locator('#record-readout').innerText()).toMatch(/^12 Nov 2020/);
    await page.getByRole('link', { name: 'next session' }).click();
    expect(await page.locator('h1').innerText()).toBe(
      'The bell would have rung on 13 Nov 2020: the first record close in over a year.',
    );
    await page.getByRole('link', { name: 'newest', exact: true }).click();
    expect(await page.locator('h1').innerText()).toBe(RANG);
  });

  test('an event opens its message, with pictures that load', async () => {
    const { page, errors } = await openTab();
    await page.goto(await pageOfTheEvent());
    await page.getByRole('link', { name: '18 Sep 2025' }).first().click();
    await page.waitForURL(`**/messages/${EVENT}/alert`);
    await page.waitForLoadState('networkidle');
    expect(await page.locator('h1').innerText()).toBe('Russell 2000: first record close in over a year');
    const widths = await page
      .locator('img')
      .evaluateAll((images) => images.map((image) => (image as unknown as { naturalWidth: number }).naturalWidth));
    expect(widths).toEqual([1600, 1600]);
    expect(errors).toEqual([]);
  });

  test.each([
    [1280, 'light'],
    [375, 'light'],
    [375, 'dark'],
  ] as const)(
    'at %i pixels, %s, axe finds nothing serious and nothing is wider than the page',
    async (width, colorScheme) => {
      const { page } = await openTab({ width, colorScheme });
      const url = await pageOfTheEvent();
      for (const path of ['/', '/operations', '/nothing']) {
        await page.goto(`${url}${path}`);
        if (path === '/') await drawn(page);
        const { violations } = await new AxeBuilder({ page }).analyze();
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        expect(serious.map(({ id, nodes }) => [path, id, nodes[0]?.html, nodes[0]?.failureSummary])).toEqual([]);
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        expect([path, overflow]).toEqual([path, 0]);
      }
    },
  );

  test('on a phone the first screen says when it rang, whether it is armed and how far the record is', async () => {
    const { page } = await openTab({ width: 375 });
    await page.goto(await pageOfTheEvent());
    // The smallest phone that is still sold is 667 pixels high.
    for (const words of [RANG, 'Not armed', 'At its record']) {
      const box = await page.getByText(words, { exact: true }).first().boundingBox();
      expect([words, (box?.y ?? 9999) + (box?.height ?? 0) < 667]).toEqual([words, true]);
    }
  });

  test('a message leads back to the page, to the row of its event', async () => {
    const { page, errors } = await openTab();
    const url = await pageOfTheEvent();
    await page.goto(`${url}/messages/${EVENT}/alert`);
    await page.getByRole('link', { name: 'Where it stands on the page' }).click();
    await page.waitForURL('**/?signal=russell-2000#event-2025-09-18');
    await drawn(page);
    expect(await page.locator('tr:has(:target)').innerText()).toContain('18 Sep 2025');
    await page.getByRole('link', { name: 'Operations' }).click();
    await page.getByRole('link', { name: 'Russell 2000: first record close in over a year' }).click();
    await page.getByRole('link', { name: 'Breakout Bell' }).click();
    await page.waitForURL(`${url}/`);
    expect(errors).toEqual([]);
  });

  test('a chart that cannot be drawn says so, and the rest stands', async () => {
    const { page } = await openTab();
    await page.route('**/api/charts*', (route) => route.fulfill({ status: 503, json: { error: 'the disk is gone' } }));
    await page.goto(await pageOfTheEvent());
    await expect
      .poll(() => page.locator('#record-readout').innerText())
      .toBe('The chart cannot be drawn: the disk is gone');
    expect(await page.locator('h1').innerText()).toBe(RANG);
  });

  test('without scripts the charts are pictures', async () => {
    const { page, errors } = await openTab({ javaScriptEnabled: false });
    await page.goto(await pageOfTheEvent());
    await page.waitForLoadState('networkidle');
    expect(await page.locator('figure img').count()).toBe(2);
    expect(errors.filter((line) => !line.includes('preload'))).toEqual([]);
  });
});
