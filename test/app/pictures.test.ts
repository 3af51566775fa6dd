import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { drawPictures } from '../../src/app/pictures.ts';
import { renderPng } from '../../src/chart/png.ts';
import type { Message } from '../../src/message/message.ts';
import { BOT } from '../support/discord-stand-in.ts';
import { exampleMessage } from '../support/examples.ts';
import { SEP_17, SEP_18, SEP_22, startStory } from '../support/story.ts';

/** Width and height stand in the header of a PNG. Source: PNG specification, 11.2.2. */
function sizeOf(png: Uint8Array): [number, number] {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

test('a drawing is twice 800 by 450 pixels, and its words are drawn: the font comes with the program', async () => {
  const words = (text: string) => renderPng({ animation: false, title: { text, textStyle: { fontFamily: 'Inter' } } });
  const [without, regular] = [await words(''), await words('Record')];
  expect(sizeOf(regular)).toEqual([1600, 900]);
  expect(regular.length).toBeGreaterThan(without.length);
});

test('an alert arrives with two pictures everywhere, each with its text for who does not see it', async () => {
  const story = await startStory({ ...BOT });
  story.configure({ OUTBOX_DIR: `${story.settings.databasePath}-outbox` });
  story.pictures = true;
  await story.check(SEP_17);
  await story.check(SEP_18);
  const names = ['record.png', 'outcomes.png'];

  const [mail] = story.smtp.messages;
  expect(mail?.attachments.map(({ filename, cid, contentDisposition }) => [filename, cid, contentDisposition])).toEqual(
    [
      ['record.png', expect.stringMatching(/^record\./), 'inline'],
      ['record-dark.png', expect.stringMatching(/^record-dark\./), 'inline'],
      ['outcomes.png', expect.stringMatching(/^outcomes\./), 'inline'],
      ['outcomes-dark.png', expect.stringMatching(/^outcomes-dark\./), 'inline'],
    ],
  );
  for (const { content } of mail?.attachments ?? []) expect(sizeOf(content)).toEqual([1600, 900]);
  // Of 150 to 190 KB each before they had a palette. Twice that many go into a mail that is no larger.
  for (const { size } of mail?.attachments ?? []) expect(size).toBeLessThan(90_000);
  const images = [...String(mail?.html).matchAll(/<img src="([^"]+)" alt="([^"]+)"/g)].map(([, src, alt]) => [
    src,
    alt,
  ]);
  const record = expect.stringMatching(/^Chart of the Russell 2000 since 1978/);
  const outcomes = expect.stringMatching(
    /higher in 10 \(any day: \d\d%\), lower after 1999; the median ends at \+14\.5%\.$/,
  );
  const alts = [record, record, outcomes, outcomes];
  expect(images).toEqual(mail?.attachments.map(({ cid }, at) => [`cid:${cid}`, alts[at]]));
  expect(mail?.text).not.toContain('cid:');
  expect(mail?.headers.get('list')).toMatchObject({ id: { id: 'breakout-bell.example.com' } });

  expect(story.discord.messages.map(({ by }) => by).sort()).toEqual(['bot', 'webhook']);
  for (const { by, files, payload } of story.discord.messages) {
    // The buttons of a bot lead to its evidence.
    const all = by === 'bot' ? names : [...names, 'evidence.txt'];
    expect(files.map(({ name }) => name)).toEqual(all);
    expect(payload.embeds?.map(({ image }) => image?.url)).toEqual(names.map((name) => `attachment://${name}`));
    expect(payload.attachments?.map(({ id, filename }) => [id, filename])).toEqual(
      all.map((name, at) => [String(at), name]),
    );
    expect(payload.attachments?.[0]?.description).toBe(images[0]?.[1]);
  }

  const folder = story.settings.outboxDir ?? '';
  const base = '2025-09-18-russell-2000-alert';
  expect(readdirSync(folder).sort()).toEqual(
    [`${base}-outcomes.png`, `${base}-record.png`, `${base}.html`, `${base}.json`, `${base}.txt`].sort(),
  );
  const page = readFileSync(`${folder}/${base}.html`, 'utf8');
  expect(page).toContain(`<img src="${base}-record.png"`);
  expect(page).toContain(`<img src="data:image/png;base64,${mail?.attachments[1]?.content.toString('base64')}"`);
});

test('a dark twin is drawn only where a channel shows it', async () => {
  const story = await startStory({ SMTP_URL: '', EMAIL_FROM: '', EMAIL_TO: '' });
  await story.check(SEP_18);
  const draw = () => story.at(SEP_18, (app) => drawPictures(app, exampleMessage({ kind: 'digest' })));
  expect((await draw())?.map(({ dark }) => dark)).toEqual([undefined]);
  story.configure({ OUTBOX_DIR: `${story.settings.databasePath}-outbox` });
  const [{ png, dark } = { png: new Uint8Array() }] = (await draw()) ?? [];
  expect(sizeOf(dark ?? new Uint8Array())).toEqual([1600, 900]);
  expect(Buffer.from(dark ?? []).equals(png)).toBe(false);
});

test('pictures show what was known on the day of the message, and nothing that came after', async () => {
  const story = await startStory();
  await story.check(SEP_17);
  await story.check(SEP_18);
  const alert = await story.at(SEP_18, ({ ledger }) => ledger.message('russell-2000/2025-09-18/alert'));
  if (alert === undefined) throw new Error('there is no alert');
  const then = await story.at(SEP_18, (app) => drawPictures(app, alert));
  await story.check(SEP_22);
  const later = await story.at(SEP_22, (app) => drawPictures(app, alert));
  expect(later?.map(({ alt, png }) => [alt, Buffer.from(png).toString('base64')])).toEqual(
    then?.map(({ alt, png }) => [alt, Buffer.from(png).toString('base64')]),
  );
});

test.each<[Message['kind'], string[]]>([
  ['alert', ['record', 'outcomes']],
  ['correction', ['record', 'outcomes']],
  ['follow-up', ['record', 'outcomes']],
  ['drill', ['record', 'outcomes']],
  ['digest', ['record']],
  ['retraction', []],
  ['warning', []],
])('a message of the kind %s has the pictures %j', async (kind, names) => {
  const story = await startStory();
  await story.check(SEP_18);
  const pictures = await story.at(SEP_18, (app) => drawPictures(app, exampleMessage({ kind })));
  expect(pictures?.map(({ name }) => name)).toEqual(names);
});

test('a picture that fails blocks nothing: the message goes without, and a line says so', async () => {
  const story = await startStory();
  const said: string[] = [];
  await story.check(SEP_17);
  const pictures = await story.at(SEP_18, (app) =>
    drawPictures(
      {
        ...app,
        host: { ...app.host, progress: (line) => void said.push(line) },
        closes: {
          ...app.closes,
          accepted: () => {
            throw new Error('the disk is gone');
          },
        },
      },
      exampleMessage(),
    ),
  );
  expect(pictures).toBeUndefined();
  expect(said).toEqual(['the pictures of russell-2000/2025-09-18/alert cannot be drawn: the disk is gone']);
});
