import { expect, test } from 'vitest';
import { VARIABLES } from '../../src/settings/environment.ts';
import { fuzz } from '../fuzz/fuzz.ts';
import { runCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { fuzzSecrets } from './secrets.ts';

test('no secret is in anything that is printed, logged, stored, sent or shown, whatever services say back', async () => {
  await fuzz(fuzzSecrets());
});

test('a secret that stands in the wrong variable, or in a bad value, is not printed', async () => {
  const hidden = 'hush-hush-hush';
  const folder = temporaryFolder();
  // By design their values are named where they are refused: nobody keeps a secret there.
  const open = [
    'MARKET_SOURCE',
    'WITNESS',
    'LOG_LEVEL',
    'REMIND_AFTER_HOURS',
    'DISCORD_MENTION',
    'EMAIL_FROM',
    'EMAIL_TO',
    'DASHBOARD_PORT',
    'DASHBOARD_HOST',
  ];
  const paths = ['BREAKOUT_BELL_HOME', 'DATABASE_PATH', 'MARKET_CSV_DIR', 'OUTBOX_DIR', 'CONFIG_DIR'];
  for (const name of VARIABLES.filter((variable) => ![...open, ...paths].includes(variable))) {
    const env = { DATABASE_PATH: `${folder}/market.db`, MARKET_SOURCE: 'csv', MARKET_CSV_DIR: folder, [name]: hidden };
    const { out, err } = await runCli(['status'], env);
    expect(out + err, name).not.toContain(hidden);
  }
});
