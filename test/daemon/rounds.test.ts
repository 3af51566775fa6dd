import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createPulse } from '../../src/daemon/pulse.ts';
import { createRounds } from '../../src/daemon/rounds.ts';
import { SEP_17, startStory } from '../support/story.ts';

test('a daemon that stands by makes no round; as the leader it does', async () => {
  const story = await startStory();
  await story.at(SEP_17, async (app) => {
    let role: 'leader' | 'standby' = 'standby';
    const life = {
      log: pino({ level: 'silent' }),
      stopping: new AbortController(),
      during: 'waiting',
      die: (error: unknown) => {
        throw error;
      },
      atEnd: () => {},
      end: async () => {},
    };
    const page = { open: async () => {}, url: () => undefined, close: async () => {} };
    const leadership = {
      id: 'this',
      role: () => role,
      begin: async () => role,
      say: async () => {},
      end: async () => {},
    };
    const pulse = createPulse(app.now, () => 0);
    const { run } = createRounds(app, { life, page, leadership, pulse });
    await run({ why: 'test', check: 'always' });
    expect(await app.ledger.lastRun()).toBeUndefined();
    role = 'leader';
    await run({ why: 'test', check: 'always' });
    expect(await app.ledger.lastRun()).toMatchObject({ command: expect.stringContaining('test') });
  });
});
