import { expect, test } from 'vitest';
import { channelsSection, gatewayText, pausedText } from '../../src/message/digest-channels.ts';
import type { ChannelFacts, DigestFacts } from '../../src/message/digest-facts.ts';

const MORNING = '2025-09-12T12:30:00.000Z';
const WORKS: ChannelFacts = {
  channel: 'email:ann@example.com',
  paused: null,
  test: { at: MORNING, failure: null },
  lastSent: { message: 'drill/1', at: MORNING },
  open: 1,
};

const rowsOf = (...all: readonly ChannelFacts[]) =>
  channelsSection({ channels: all } as unknown as DigestFacts).table?.rows;

test('the channels of a kind share a row without an address, with the newest delivery of them', () => {
  const bob: ChannelFacts = {
    ...WORKS,
    channel: 'email:bob@example.com',
    lastSent: { message: 'drill/2', at: '2025-09-13T12:30:00.000Z' },
  };
  expect(rowsOf(WORKS, bob)).toEqual([['email (2)', 'passed, 12 Sep 2025', 'drill, 13 Sep 2025', '2']]);
});

test('a row tells what fails, what is paused, and who is left alone', () => {
  const paused: ChannelFacts = { ...WORKS, paused: { until: null }, leftAlone: true };
  expect(rowsOf(WORKS, paused)?.[0]?.[1]).toBe(
    'passed, 12 Sep 2025; 1 paused until resumed; 1 refused for days, now skipped',
  );
  const bot: ChannelFacts = {
    channel: 'discord-bot',
    paused: null,
    test: { at: MORNING, failure: 'no' },
    gateway: { at: MORNING, failure: 'closed' },
    lastSent: null,
    open: 0,
  };
  expect(rowsOf(bot)).toEqual([
    ['discord-bot', 'FAILS, see the notes; not answering commands since 12 Sep 2025', 'none yet: npm run drill', '0'],
  ]);
});

test('a row says what kind of message arrived last', () => {
  const kinds = ['russell-2000/2025-09-18/alert', 'russell-2000/2025-09-18/follow-up-2', 'warning/disk/x', 'digest/x'];
  const rows = kinds.map((message) => rowsOf({ ...WORKS, lastSent: { message, at: MORNING } })?.[0]?.[2]);
  expect(rows).toEqual(['alert', 'follow-up', 'warning', 'digest'].map((kind) => `${kind}, 12 Sep 2025`));
  expect(channelsSection({ channels: [] } as unknown as DigestFacts).paragraphs[0]).toMatch(/reach nobody/);
});

test('a pause says its end, and a gateway whether it answers', () => {
  expect(pausedText({ until: null })).toBe('paused until resumed');
  expect(pausedText({ until: '2025-10-03T04:00:00.000Z' })).toMatch(/^paused until .*3 Oct/);
  expect([gatewayText(undefined), gatewayText({ at: MORNING, failure: null })]).toEqual([[], ['answers commands']]);
});
