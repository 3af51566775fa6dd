import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { createLog } from '../../src/daemon/log.ts';

async function logged(isTTY: boolean): Promise<string> {
  const stream = Object.assign(new PassThrough(), { isTTY });
  const log = await createLog('info', ['hush-hush'], stream);
  log.info({ why: 'start', err: new Error('https://example.com/hush-hush') }, 'said hush-hush');
  log.debug('not shown');
  stream.end();
  return text(stream);
}

describe('the log', () => {
  test('knows a secret as it stands in JSON too', async () => {
    const stream = new PassThrough();
    const log = await createLog('info', ['pa"ss\\word'], stream);
    log.error({ err: new Error('the password pa"ss\\word is wrong') }, 'failed');
    stream.end();
    expect(await text(stream)).not.toMatch(/pa\\*"ss/);
  });

  test('is JSON, a line each, without a secret in it', async () => {
    const lines = (await logged(false)).trim().split('\n');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 30, why: 'start', msg: 'said [secret]' });
    expect(lines[0]).not.toContain('hush');
  });

  test('is what people read on a terminal, without a secret either', async () => {
    const line = await logged(true);
    expect(line).toMatch(/INFO.*said \[secret\]/);
    expect(line).not.toContain('{"level"');
    expect(line).not.toContain('hush');
  });
});
