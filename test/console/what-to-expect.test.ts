import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Prospect, whatToExpect } from '../../src/console/what-to-expect.ts';
import { readConfigFiles } from '../../src/settings/read-config-files.ts';

const config = readConfigFiles(join(import.meta.dirname, '../..'));

function prospect(channels: readonly string[], more: Partial<Prospect['settings']> = {}): Prospect {
  return {
    settings: {
      ...config,
      heartbeatUrl: undefined,
      dashboard: { host: '127.0.0.1', port: 8787, token: undefined, publicHosts: [], publicUrl: undefined },
      ...more,
    },
    channels: channels.map((id) => ({ id })),
    // Wednesday, 17 September 2025, 08:00 in New York.
    now: Date.parse('2025-09-17T12:00:00Z'),
    timeZone: 'Europe/Berlin',
  };
}

test('what comes when is told in New York and here, in lines that fit', () => {
  expect(whatToExpect(prospect(['discord-webhook', 'email:ann@example.com', 'email:bob@example.com']), 80)).toEqual([
    'Next check  Wednesday, 17 Sep 2025, 08:30 New York (Wednesday, 14:30 here); then',
    '            every day at 16:45, 17:30 and 08:30 New York',
    'History     The first check reads all of it. Past events are not announced',
    'Alert       "Russell 2000: first record close in over a year", with the',
    '            evidence. It is rare, about once in four years for the Russell 2000.',
    '            npm run demo shows one',
    'Digest      every week to email (2): whether all is well, and where things',
    '            stand. Next: Friday, 19 Sep 2025, 18:00 New York (Saturday, 00:00',
    '            here)',
    'Drill       a labelled test message to every channel, in the first session of',
    '            each quarter',
    'Alive?      npm run status, or the page: http://localhost:8787',
    'Heartbeat   none: nothing tells you if this machine goes off. npm run setup adds',
    '            one',
    'Reboot      to start the daemon with the machine, once: npx pm2 startup, then',
    '            npx pm2 save',
  ]);
});

test('the page is where people reach it', () => {
  const dashboard = { ...prospect([]).settings.dashboard, publicUrl: 'https://bell.example.com' };
  expect(whatToExpect(prospect(['folder'], { dashboard }), 300)).toContain(
    'Alive?      npm run status, or the page: https://bell.example.com',
  );
});

test('in New York the time is told once', () => {
  const [next] = whatToExpect({ ...prospect(['folder']), timeZone: 'America/New_York' }, 200);
  expect(next).toMatch(/^Next check {2}Wednesday, 17 Sep 2025, 08:30 New York; then/);
});

test('who gets no digest is told how to get one, and who has no channel that nobody is told', () => {
  expect(whatToExpect(prospect(['discord-webhook', 'discord-webhook:42']), 300)).toContain(
    'Digest      none: it goes to email and folder only. To get it here, add "discord-webhook" to digest.channels in config/schedule.json',
  );
  expect(whatToExpect(prospect(['folder']), 300)).toEqual(
    expect.arrayContaining([
      'To          nobody yet: messages are only written to files. npm run setup adds a channel',
      expect.stringMatching(/^Digest {6}every week to folder: .* Next: Friday, 19 Sep 2025/),
    ]),
  );
});

test('what the schedule leaves out is not promised', () => {
  const schedule = {
    ...config.schedule,
    drill: 'never',
    digest: { ...config.schedule.digest, every: 'never' },
  } as const;
  const lines = whatToExpect(prospect(['folder'], { schedule, heartbeatUrl: 'https://hc-ping.com/x' }), 300);
  expect(lines.filter((line) => line.startsWith('Drill'))).toEqual([]);
  expect(lines).toContain('Digest      never, as config/schedule.json says');
  expect(lines).toContain('Heartbeat   its service raises the alarm if this machine goes off');
});
