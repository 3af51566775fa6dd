import { expect, test } from 'vitest';
import { hasSomebody, isNeeded } from '../../src/delivery/somebody.ts';
import type { MessageKind } from '../../src/message/message.ts';

test.each<[kind: MessageKind, elsewhere: boolean, needed: boolean]>([
  ['alert', false, true],
  ['correction', false, true],
  ['retraction', false, true],
  ['alert', true, false],
  ['follow-up', false, false],
  ['digest', false, false],
  ['drill', false, false],
])('a message of kind %s that is elsewhere (%s) is needed here: %s', (kind, elsewhere, needed) => {
  expect(isNeeded({ kind, elsewhere })).toBe(needed);
});

test.each([
  ['a channel that has it', { channel: 'a', state: 'sent' }, 2, false, true],
  ['one that is being told right now', { channel: 'a', state: 'sending' }, 2, false, true],
  ['one whose attempt may have arrived', { channel: 'a', state: 'unknown' }, 2, false, false],
  ['a folder that is there by default', { channel: 'folder', state: 'sent' }, 2, false, false],
  ['one that a person has set up', { channel: 'folder', state: 'sent' }, 2, true, true],
  ['one that is the only place it went to', { channel: 'folder', state: 'sent' }, 1, false, true],
] as const)('%s is somebody, or is not', (_, delivery, posted, folderIsChosen, somebody) => {
  expect(hasSomebody(delivery, { posted, folderIsChosen })).toBe(somebody);
});
