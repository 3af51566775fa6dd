import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { createProgram } from '../../src/cli/program.ts';
import { runCli } from '../support/cli.ts';

const LINE = `breakout-bell ${manifest.version} on Node ${process.versions.node}\n`;

test('--version says what runs, and opens nothing', async () => {
  const env = { DATABASE_PATH: '/nowhere/market.db', MARKET_SOURCE: 'bloomberg' };
  const ended = { code: 0, out: LINE, err: '' };
  expect(await runCli(['--version'], env)).toEqual(ended);
  // npm run status -- --version
  expect(await runCli(['status', '--version'], env)).toEqual(ended);
});

test('the help of the program shows it, that of a command does not', () => {
  const program = createProgram();
  expect(program.helpInformation()).toContain('--version');
  expect(program.commands.filter((command) => command.helpInformation().includes('--version'))).toEqual([]);
});
