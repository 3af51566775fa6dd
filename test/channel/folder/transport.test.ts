import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createFolderChannel, fileName } from '../../../src/channel/folder/transport.ts';
import { renderDiscord } from '../../../src/render/discord-embed.ts';
import { renderHtml } from '../../../src/render/email-html.ts';
import { renderText } from '../../../src/render/text.ts';
import { exampleMessage, outgoing } from '../../support/examples.ts';
import { temporaryFolder } from '../../support/temporary.ts';

const FILES = [
  '2025-09-18-russell-2000-alert.html',
  '2025-09-18-russell-2000-alert.json',
  '2025-09-18-russell-2000-alert.txt',
];

test('a message is three files: text, HTML and the payload for Discord', async () => {
  const folder = join(temporaryFolder(), 'made', 'when needed');
  const result = await createFolderChannel(folder).send(outgoing());
  expect(result).toEqual({ state: 'sent', receipt: { file: join(folder, '2025-09-18-russell-2000-alert.txt') } });
  expect(readdirSync(folder).sort()).toEqual(FILES);
  const [html, json, text] = FILES.map((name) => readFileSync(join(folder, name), 'utf8'));
  expect(text).toBe(renderText(outgoing()));
  expect(html).toBe(renderHtml(outgoing()));
  expect(JSON.parse(json ?? '')).toEqual(JSON.parse(JSON.stringify(renderDiscord(outgoing(), { evidence: 'file' }))));
});

test.each([
  ['russell-2000/2025-09-18/alert', '2025-09-18-russell-2000-alert'],
  ['russell-2000/2025-09-18/correction-2', '2025-09-18-russell-2000-correction-2'],
  ['russell-2000/2025-09-18/alert/reminder', '2025-09-18-russell-2000-alert-reminder'],
  ['drill/2025-09-18T20:45:00.000Z', 'drill-2025-09-18T20-45-00.000Z'],
  ['warning/held-russell-2000/2025-09-18', 'warning-held-russell-2000-2025-09-18'],
  [
    'warning/delivery-email:ann@example.org/a/2025-09-18/alert',
    'warning-delivery-email-ann-example.org-a-2025-09-18-alert',
  ],
  ['../../etc/passwd', '..-..-etc-passwd'],
])('the files of %s are named %s', (id, name) => {
  expect(fileName(id)).toBe(name);
});

test('writing again overwrites, so nothing doubles', async () => {
  const folder = temporaryFolder();
  const channel = createFolderChannel(folder);
  await channel.send(outgoing(exampleMessage({ lead: 'The first time.' })));
  await channel.send(outgoing(exampleMessage({ lead: 'The second time.' })));
  expect(readdirSync(folder).sort()).toEqual(FILES);
  for (const name of FILES) {
    expect(readFileSync(join(folder, name), 'utf8')).toContain('The second time.');
    expect(readFileSync(join(folder, name), 'utf8')).not.toContain('The first time.');
  }
});

test('who reads a file while it is written again reads the old one to its end', async () => {
  const folder = temporaryFolder();
  const channel = createFolderChannel(folder);
  await channel.send(outgoing(exampleMessage({ lead: 'The first time.' })));
  const file = openSync(join(folder, '2025-09-18-russell-2000-alert.txt'), 'r');
  onTestFinished(() => closeSync(file));
  await channel.send(outgoing(exampleMessage({ lead: 'The second time.' })));
  expect(readFileSync(file, 'utf8')).toContain('The first time.');
});

test('it finds what it wrote, and only when all of it is there', async () => {
  const folder = temporaryFolder();
  const channel = createFolderChannel(folder);
  const id = 'russell-2000/2025-09-18/alert';
  expect(await channel.find?.(id, 0)).toBeUndefined();
  // A crash in the middle: the text is written last.
  writeFileSync(join(folder, '2025-09-18-russell-2000-alert.html'), 'whole');
  writeFileSync(join(folder, '2025-09-18-russell-2000-alert.txt.tmp'), 'half');
  expect(await channel.find?.(id, 0)).toBeUndefined();
  const result = await channel.send(outgoing());
  expect(result).toEqual({ state: 'sent', receipt: await channel.find?.(id, 0) });
});

test('where the text cannot be written nothing is found', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, '2025-09-18-russell-2000-alert.json'));
  const channel = createFolderChannel(folder);
  expect(await channel.send(outgoing())).toMatchObject({ state: 'refused' });
  expect(await channel.find?.('russell-2000/2025-09-18/alert', 0)).toBeUndefined();
});

test('a folder that cannot be written is refused for now, and the reason names it', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, 'in the way');
  const channel = createFolderChannel(join(file, 'outbox'));
  expect(await channel.send(outgoing())).toEqual({
    state: 'refused',
    permanent: false,
    reason: expect.stringMatching(/outbox cannot be written: (ENOTDIR|ENOENT|EEXIST)/),
  });
  await expect(channel.test()).rejects.toThrow(/outbox cannot be written: .*; set OUTBOX_DIR to another folder/);
});

test('its test leaves nothing behind', async () => {
  const folder = temporaryFolder();
  expect(await createFolderChannel(folder).test()).toBe(`messages are written to ${folder}`);
  expect(readdirSync(folder)).toEqual([]);
});

test('the mark of its settings changes with the folder', () => {
  expect(createFolderChannel('/a').fingerprint).not.toBe(createFolderChannel('/b').fingerprint);
  expect(createFolderChannel('/a').fingerprint).toBe(createFolderChannel('/a').fingerprint);
});
