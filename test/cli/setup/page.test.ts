import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { planSetup } from '../../../src/cli/setup/setup.ts';
import { createFakePrompter } from '../../support/fake-prompter.ts';
import { NEW_TOKEN, startSetup } from '../../support/setup-stage.ts';

/** A port that a server of this test has, on every address. */
async function takenPort(): Promise<number> {
  const taken = createServer().listen(0, '0.0.0.0');
  await once(taken, 'listening');
  onTestFinished(() => void taken.close());
  return (taken.address() as AddressInfo).port;
}

describe('the page', () => {
  const plan = async (answers: Parameters<typeof createFakePrompter>[0], before = '') => {
    const setup = await startSetup();
    setup.write(before);
    const stage = await setup.stage(createFakePrompter(answers));
    await planSetup(stage);
    expect(stage.prompter.left()).toEqual([]);
    return { changes: stage.draft.changes(), seen: stage.prompter.seen };
  };

  test('for other machines listens everywhere and asks for a token, which is not shown', async () => {
    const { changes, seen } = await plan([[/Let other machines/, true]]);
    expect(changes).toEqual({ PUBLIC_URL: 'http://box:0', DASHBOARD_HOST: '0.0.0.0', DASHBOARD_TOKEN: NEW_TOKEN });
    expect(seen.join('\n')).not.toContain(NEW_TOKEN);
    expect(seen).toContainEqual('good: page: 0.0.0.0:0, answers to localhost or box; it asks for DASHBOARD_TOKEN');
  });

  test('behind a proxy stays on this machine', async () => {
    const answers = [
      [/Let other machines/, true],
      [/Address that they/, 'https://bell.example.com'],
    ] as const;
    expect((await plan(answers)).changes).toEqual({
      PUBLIC_URL: 'https://bell.example.com',
      DASHBOARD_TOKEN: NEW_TOKEN,
    });
  });

  test('is closed again, and its token kept', async () => {
    const before = `PUBLIC_URL=http://box:8787\nDASHBOARD_HOST=0.0.0.0\nDASHBOARD_TOKEN=${'x'.repeat(24)}\n`;
    expect((await plan([], before)).changes).toEqual({});
    expect((await plan([[/Let other machines/, false]], before)).changes).toEqual({
      PUBLIC_URL: '',
      DASHBOARD_HOST: '',
    });
  });

  test('keeps nothing of an answer that was corrected', async () => {
    const port = await takenPort();
    const answers = [
      [/Let other machines/, true],
      [/What to do about the page/, 'again'],
      [/Let other machines/, true],
      [/Address that they/, 'https://bell.example.com'],
      [/Port/, '0'],
    ] as const;
    expect((await plan(answers, `DASHBOARD_PORT=${port}\n`)).changes).toEqual({
      PUBLIC_URL: 'https://bell.example.com',
      DASHBOARD_TOKEN: NEW_TOKEN,
      DASHBOARD_PORT: '0',
    });
    const back = [...answers.slice(0, 2), [/Let other machines/, false], answers[4]] as const;
    expect((await plan(back, `DASHBOARD_PORT=${port}\n`)).changes).toEqual({ DASHBOARD_PORT: '0' });
  });

  test('gets another port where its own is taken, or keeps it', async () => {
    const port = await takenPort();
    const { changes, seen } = await plan(
      [
        [/What to do about the page/, 'again'],
        [/Port/, '0'],
      ],
      `DASHBOARD_PORT=${port}\n`,
    );
    expect(seen).toContainEqual(
      expect.stringMatching(`^bad: page: 127.0.0.1:${port}, the port of the page, is taken by process`),
    );
    expect(changes).toEqual({ DASHBOARD_PORT: '0' });
    expect((await plan([[/What to do about the page/, 'keep']], `DASHBOARD_PORT=${port}\n`)).changes).toEqual({});
  });
});
