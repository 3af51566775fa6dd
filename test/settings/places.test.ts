import { writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { homeFolder, PROGRAM_FOLDER } from '../../src/settings/places.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { runCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { PACKAGE, root } from './package-root.ts';

describe('the home folder', () => {
  test('is the checkout, where nothing is set', () => {
    expect(PROGRAM_FOLDER).toBe(PACKAGE);
    expect(homeFolder({})).toBe(PACKAGE);
    expect(homeFolder({ BREAKOUT_BELL_HOME: ' ' })).toBe(PACKAGE);
  });

  test('is what BREAKOUT_BELL_HOME names, from the current folder on', () => {
    const folder = temporaryFolder();
    expect(homeFolder({ BREAKOUT_BELL_HOME: folder })).toBe(folder);
    expect(homeFolder({ BREAKOUT_BELL_HOME: relative('.', folder) })).toBe(resolve(folder));
  });

  test('is never made: a wrong path would begin a ledger that tells nobody', () => {
    const folder = temporaryFolder();
    const missing = join(folder, 'bel');
    expect(() => homeFolder({ BREAKOUT_BELL_HOME: missing })).toThrow(
      `BREAKOUT_BELL_HOME: there is no folder ${missing}; correct the path, or make it with: mkdir -p ${missing}`,
    );
    writeFileSync(missing, '');
    expect(() => homeFolder({ BREAKOUT_BELL_HOME: missing })).toThrow(`BREAKOUT_BELL_HOME: ${missing} is a file`);
  });

  test('cannot be named by the .env that lies in it', () => {
    const home = root('BREAKOUT_BELL_HOME=/srv/bell\n');
    expect(loadSettings(home, {}).remarks).toEqual([
      `BREAKOUT_BELL_HOME has no effect in ${join(home, '.env')}: it says where .env is; set it in the environment.`,
    ]);
  });

  test('holds .env, config/ and data/ of every command', async () => {
    const home = root('LOG_LEVEL=warn\n', { 'schedule.json': { checks: ['4pm'] } });
    const wrong = await runCli(['status'], { BREAKOUT_BELL_HOME: home });
    expect(wrong).toMatchObject({ code: 2, out: '' });
    expect(wrong.err).toContain(`${home}/config/schedule.json: checks.0 is "4pm"`);
    writeFileSync(join(home, 'config/schedule.json'), '{ "checks": ["16:45"] }');
    const env = { BREAKOUT_BELL_HOME: home, OUTBOX_DIR: 'mine', YAHOO_FINANCE_URL: 'http://127.0.0.1:1' };
    const { out } = await runCli(['doctor'], env);
    expect(out).toContain(`settings: read from ${home}/.env and the environment; signals: russell-2000`);
    expect(out).toContain(`database: ${home}/data/market.db is sound`);
    expect(out).toContain(`folder: messages are written to ${home}/mine`);
    const lost = await runCli(['status'], { BREAKOUT_BELL_HOME: join(home, 'lost') });
    expect(lost).toMatchObject({ code: 2, err: expect.stringContaining('there is no folder') });
  });
});
