import { expect, test } from 'vitest';
import { planSetup } from '../../../src/cli/setup/setup.ts';
import { createFakePrompter } from '../../support/fake-prompter.ts';
import { startSetup } from '../../support/setup-stage.ts';

test('a wrong address of a heartbeat is told as doctor tells it, and asked again', async () => {
  const setup = await startSetup();
  const prompter = createFakePrompter([
    [/Use a heartbeat/, true],
    [/Ping URL/, 'hc-ping.com/hush-hush'],
    [/What to do about the heartbeat/, 'again'],
    [/Ping URL/, `${setup.heartbeat.url}-of-nobody`],
    [/What to do about the heartbeat/, 'again'],
    [/Ping URL/, setup.heartbeat.url],
  ]);
  const stage = await setup.stage(prompter);
  await planSetup(stage);
  expect(prompter.left()).toEqual([]);
  expect(stage.draft.changes()).toEqual({ HEARTBEAT_URL: setup.heartbeat.url });
  expect(prompter.seen.filter((line) => line.startsWith('bad: '))).toEqual([
    'bad: HEARTBEAT_URL must be an address that begins with https:// or http:// and contains no password',
    expect.stringMatching(/^bad: heartbeat: HEARTBEAT_URL answers 'OK \(not found\)'; copy the address/),
  ]);
  expect(prompter.seen.join('\n')).not.toContain('hush');
});

test('a heartbeat that is not wanted after all is not asked for again', async () => {
  const setup = await startSetup();
  const stage = await setup.stage(createFakePrompter([[/Use a heartbeat/, true]]));
  await planSetup(stage);
  expect(stage.draft.changes()).toEqual({});
  expect(setup.heartbeat.calls).toEqual([]);
});
