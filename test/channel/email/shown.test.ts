import { describe, expect, test } from 'vitest';
import { indexedPng } from '../../../src/chart/indexed-png.ts';
import type { Picture } from '../../../src/message/message.ts';
import { openTab } from '../../support/browser.ts';
import { CHROMIUM } from '../../support/chromium.ts';
import { exampleMessage, outgoing } from '../../support/examples.ts';
import { channelOf, start } from './mail.ts';

/** A picture of 1 × 1 pixel. */
const dot = (grey: number) => indexedPng(new Uint8Array([grey, grey, grey, 255]), 1);
const RECORD: Picture = { name: 'record', alt: 'the record', png: dot(255), dark: dot(0) };

/** A mail as it arrives, in a browser that stands in for a mail program; `edit` changes what that program takes. */
async function shown(tab: Parameters<typeof openTab>[0], edit = (html: string) => html) {
  const smtp = await start();
  await channelOf(smtp).send(outgoing(exampleMessage(), { pictures: [RECORD] }));
  const [mail] = smtp.messages;
  const files = new Map(mail?.attachments.map(({ cid, content }) => [cid, content.toString('base64')]));
  const html = String(mail?.html).replace(/cid:([^"]+)/g, (_, cid) => `data:image/png;base64,${files.get(cid)}`);
  const { page, errors, hosts } = await openTab(tab);
  await page.setContent(edit(html));
  const pictures = await page
    .locator('img')
    .evaluateAll((images) =>
      images.map((image) => (image as unknown as { checkVisibility(): boolean }).checkVisibility()),
    );
  return { page, errors, hosts, pictures };
}

const withoutStyleSheets = (html: string) => html.replace(/<style>[\s\S]*?<\/style>/g, '');
/** Outlook.com and the apps of Outlook mark what is in a colour that they have changed. */
const changedByOutlook = (html: string) =>
  html.replaceAll('class="pictures"', 'class="pictures" data-ogsc="rgb(87,96,106)"');

describe.skipIf(CHROMIUM === undefined)('an email in a real browser (needs /usr/bin/chromium)', () => {
  test.each([
    ['on a light display', 'light', [true, false], undefined],
    ['on a dark display', 'dark', [false, true], undefined],
    ['where Outlook has darkened it', 'light', [false, true], changedByOutlook],
    ['on a dark display without style sheets', 'dark', [true, false], withoutStyleSheets],
  ] as const)('%s shows one picture of the two', async (_, colorScheme, expected, edit) => {
    const { pictures, errors, hosts } = await shown({ colorScheme }, edit);
    expect(pictures).toEqual(expected);
    expect(errors).toEqual([]);
    expect([...hosts]).toEqual([]);
  });

  test.each([320, 375, 640, 1280])('at a width of %i pixels nothing is cut off', async (width) => {
    const { page } = await shown({ width });
    const cut = await page.locator('div, table, h1, p').evaluateAll((elements) =>
      elements
        .map((element) => element as unknown as { scrollWidth: number; clientWidth: number; textContent: string })
        .filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth)
        .map(({ textContent }) => textContent),
    );
    expect(cut).toEqual([]);
  });

  test('a phone shows the columns that matter, and says that there are more; a wide display shows all', async () => {
    const titles = async (width: number) => {
      const { page } = await shown({ width });
      expect(await page.getByText('Turn the phone sideways').isVisible()).toBe(width < 480);
      return page.locator('th:visible').allInnerTexts();
    };
    expect(await titles(375)).toEqual(['Record close', '12 months', 'After', 'Higher', 'Any day']);
    expect(await titles(667)).toEqual(
      exampleMessage().sections.flatMap(({ table }) => table?.columns.map(({ title }) => title) ?? []),
    );
  });
});
