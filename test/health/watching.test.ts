import { expect, test } from 'vitest';
import { thisProcess } from '../../src/app/this-process.ts';
import { watchLines } from '../../src/console/watching.ts';
import { watchOf } from '../../src/health/watching.ts';
import { SEP_17, startStory } from '../support/story.ts';

test('says which daemon leads and which stand by, and not those that are gone', async () => {
  const story = await startStory();
  const at = new Date(SEP_17).toISOString();
  const daemon = (change: object) => ({ ...thisProcess(), startedAt: at, seenAt: at, ...change });
  const elsewhere = { host: 'bell-2', processStarted: null, pid: 7 };
  await story.at(SEP_17, async (app) => {
    const leader = daemon({});
    await app.ledger.lead(leader, () => false);
    await app.ledger.instanceLives(leader);
    await app.ledger.instanceLives(daemon(elsewhere));
    await app.ledger.instanceLives(daemon({ ...elsewhere, host: 'bell-3', seenAt: '2025-09-17T19:45:00.000Z' }));
    // Beyond what Linux numbers.
    await app.ledger.instanceLives(daemon({ pid: 4_194_305 }));
    const watching = await watchOf(app);
    expect(watching).toMatchObject({
      daemon: { pid: process.pid },
      standbys: [{ host: 'bell-2', pid: 7, seenAt: at }],
    });
    expect(watchLines(watching).filter((line) => line.startsWith('Standby'))).toEqual([
      'Standby     process 7 on bell-2, last seen 17 Sep 2025, 16:45 New York',
    ]);
  });
});

test('says which setting keeps a standby from leading, also once the leader is dead', async () => {
  const story = await startStory();
  const at = new Date(SEP_17).toISOString();
  const rules = (name: string) => JSON.stringify({ MARKET_SOURCE: name });
  const daemon = (change: object) => ({ ...thisProcess(), startedAt: at, seenAt: at, ...change });
  await story.at(SEP_17, async (app) => {
    // Beyond what Linux numbers.
    const dead = daemon({ pid: 4_194_305, rules: rules('csv') });
    await app.ledger.instanceLives(dead);
    await app.ledger.lead(dead, () => false);
    await app.ledger.instanceLives(daemon({ host: 'bell-2', processStarted: null, pid: 7, rules: rules('yahoo') }));
    expect(await watchOf(app)).toMatchObject({
      daemon: null,
      standbys: [{ host: 'bell-2', differs: 'MARKET_SOURCE: yahoo here, csv there' }],
    });
  });
});
