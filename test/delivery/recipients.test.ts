import { expect, test } from 'vitest';
import { currentPauses, unpausedChannels } from '../../src/delivery/pause.ts';
import { channelsFor } from '../../src/delivery/recipients.ts';

const NOW = Date.parse('2025-09-18T12:00:00Z');
const BOTH = ['discord-webhook', 'email:ann@example.com', 'email:bob@example.com'];
const MAILS = BOTH.slice(1);

interface Facts {
  readonly pauses?: readonly (readonly [channel: string, until: string | null])[];
  /** When a message arrived last. */
  readonly proven?: Readonly<Record<string, string>>;
  /** When an attempt failed last. */
  readonly failed?: Readonly<Record<string, string>>;
}

function appWith(channels: readonly string[], { pauses = [], proven = {}, failed = {} }: Facts = {}) {
  const ledger = {
    pauses: async () => pauses.map(([channel, until]) => ({ channel, since: '2025-09-01T00:00:00.000Z', until })),
    proven: async () => Object.entries(proven).map(([channel, at]) => ({ channel, at, message: 'm' })),
    unsent: async () =>
      Object.entries(failed).map(([channel, changedAt]) => ({ channel, changedAt, attempts: 1, state: 'unknown' })),
  };
  const app = { ledger, channels: channels.map((id) => ({ id })), now: () => NOW };
  return app as unknown as Parameters<typeof channelsFor>[0];
}

test('a channel is paused until its instant, or until it is resumed', async () => {
  const app = appWith(BOTH, {
    pauses: [
      ['discord-webhook', null],
      ['email:ann@example.com', '2025-09-18T12:00:00.000Z'],
      ['email:bob@example.com', '2025-09-18T12:00:00.001Z'],
    ],
  });
  expect((await currentPauses(app)).map(({ channel }) => channel)).toEqual([
    'discord-webhook',
    'email:bob@example.com',
  ]);
  expect((await unpausedChannels(app)).map(({ id }) => id)).toEqual(['email:ann@example.com']);
  expect(await channelsFor(app)).toEqual(['email:ann@example.com']);
});

test('what a kind of channel is told about goes to the others', async () => {
  expect(await channelsFor(appWith(BOTH), 'email')).toEqual(['discord-webhook']);
  expect(await channelsFor(appWith(BOTH), 'discord-webhook')).toEqual(MAILS);
});

test('where mail is the only way, one address hears of it: the first where nothing failed since a mail arrived', async () => {
  const [ann = '', bob = ''] = MAILS;
  const proven = { [ann]: '2025-09-17T00:00:00.000Z', [bob]: '2025-09-17T00:00:00.000Z' };
  expect(await channelsFor(appWith(MAILS, { proven }), 'email')).toEqual([ann]);
  expect(await channelsFor(appWith(MAILS, { proven, failed: { [ann]: '2025-09-17T00:00:00.000Z' } }), 'email')).toEqual(
    [bob],
  );
  expect(await channelsFor(appWith(MAILS), 'email')).toEqual([]);
});

test('where another kind fails alone, nobody hears of it', async () => {
  expect(await channelsFor(appWith(['discord-webhook']), 'discord-webhook')).toEqual([]);
});
