import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Command, Option } from 'commander';
import { describe, expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';
import { refuseSwallowed } from '../../src/cli/swallowed.ts';
import { VARIABLES } from '../../src/settings/environment.ts';
import { runCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

const ROOT = join(import.meta.dirname, '../..');
const NPM = { npm_lifecycle_event: 'check', npm_command: 'run' };
const program = createProgram();
/** Arguments that a command must have. */
const REQUIRED: Readonly<Record<string, string[]>> = {
  import: ['^RUT', 'closes.csv'],
  pause: ['email'],
  restore: ['copy.db'],
};
/** Values that the options that take one accept. */
const VALUES: Readonly<Record<string, string>> = {
  seed: '7',
  years: '2',
  signal: 'dax',
  index: '^NDX',
  benchmark: 'ABC',
};

const options = program.commands.flatMap((command) =>
  command.options.filter(({ long }) => long !== '--version').map((option) => ({ command, option })),
);
const names = [...new Set(options.map(({ option }) => option.name()))];

function sampleOf(option: Option): string {
  return VALUES[option.name()] ?? '2020-01-02';
}

function argumentsOf(command: Command): string[] {
  return [command.name(), ...(REQUIRED[command.name()] ?? [])];
}

/** How a shell is given it. */
function typed(word: string): string {
  return word.startsWith('^') ? `'${word}'` : word;
}

/** What npm leaves of an option. */
function left(name: string, value: string): Record<string, string> {
  return { [`npm_config_${name.replaceAll('-', '_')}`]: value };
}

/** The message of the refusal; undefined where there is none. */
function refused(argv: readonly string[], env: Readonly<Record<string, string>>): string | undefined {
  try {
    refuseSwallowed(program, argv, env);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe.each(options.map((each) => ({ ...each, name: each.command.name(), long: `${each.option.long}` })))(
  '$name $long, taken by npm',
  ({ command, option, name, long }) => {
    const argv = argumentsOf(command);
    const rest = argv
      .slice(1)
      .map((word) => `${typed(word)} `)
      .join('');
    const value = option.required ? sampleOf(option) : 'true';
    const line = `npm run ${name} -- ${rest}${long}${option.required ? ` ${typed(value)}` : ''}`;

    test('is refused with the line to type', () => {
      const env = { ...NPM, ...left(option.name(), value) };
      expect(refused(argv, env)).toBe(`npm took ${long} for itself, so ${name} did not get it; type: ${line}`);
      expect(refused([...argv, '--json'], env)).toBe(
        long === '--json' ? undefined : refused(argv, env)?.replace(/-- (.*?)(?=--)/, '-- $1--json '),
      );
    });

    test('is refused where npm split its value off, or left none', () => {
      if (!option.required) return expect(refused(argv, { ...NPM, ...left(option.name(), '') })).toBeUndefined();
      expect(refused([...argv, value], { ...NPM, ...left(option.name(), 'true') })).toMatch(
        new RegExp(`: ${escaped(line)}$`),
      );
      for (const none of ['', 'true', 'a\n\nb']) {
        expect(refused(argv, { ...NPM, ...left(option.name(), none) })).toMatch(/ --[a-z-]+ [A-Z]+$/);
      }
    });

    test('is not looked for where the command got it, where help is asked for, or where npm runs nothing', () => {
      const env = { ...NPM, ...left(option.name(), value) };
      expect(refused([...argv, option.required ? `${long}=${value}` : long], env)).toBeUndefined();
      expect(refused([...argv, '--help'], env)).toBeUndefined();
      expect(refused(argv, left(option.name(), value))).toBeUndefined();
    });

    test('is refused by the commands that have no such option', () => {
      for (const other of program.commands.filter((each) => !each.options.some((own) => own.long === long))) {
        expect(refused(argumentsOf(other), { ...NPM, ...left(option.name(), value) })).toBe(
          `npm took ${long} for itself, and ${other.name()} has no option ${long}; ` +
            `its options: npm run ${other.name()} -- --help`,
        );
      }
    });
  },
);

test('several are named together, and of values that cannot be told apart none is guessed', () => {
  const replay = { ...NPM, npm_config_from: 'true', npm_config_to: 'true', npm_config_json: 'true' };
  expect(refused(['replay', '2020-01-02', '2021-01-04'], replay)).toBe(
    'npm took --from, --to, --json for itself, so replay did not get them; ' +
      'type: npm run replay -- --from DATE --to DATE --json',
  );
  const pause = { ...NPM, npm_config_until: 'true' };
  expect(refused(['pause', '2099-01-02', 'email'], pause)).toMatch(/: npm run pause -- email --until 2099-01-02$/);
});

test('other spellings of a name are the same option', () => {
  expect(refused(['check'], { ...NPM, npm_config_dryrun: 'true' })).toMatch(/: npm run check -- --dry-run$/);
  expect(refused(['check'], { ...NPM, npm_config_asof: '2020-01-02' })).toMatch(/ --as-of 2020-01-02$/);
});

test('a setting of npm that only begins like an option is none', () => {
  expect(refused(['replay'], { ...NPM, npm_config_token: 'secret', npm_config_versions: 'true' })).toBeUndefined();
});

test('through npx the line is one of npx', () => {
  const env = { npm_lifecycle_event: 'npx', npm_command: 'exec', npm_config_dry_run: 'true' };
  expect(refused(['check'], env)).toMatch(/: npx breakout-bell check --dry-run$/);
});

test('what an .npmrc sets is for npm, and said to be; the command line beside it is refused', () => {
  const folder = temporaryFolder();
  const npmrc = join(folder, '.npmrc');
  writeFileSync(npmrc, 'registry=https://example.com\noffline = true\njson\ndry-run=false\n');
  const env = { ...NPM, npm_config_local_prefix: folder, npm_config_offline: 'true', npm_config_json: 'true' };
  expect(refuseSwallowed(program, ['check'], env)).toEqual([
    `--offline in ${npmrc} applies to npm, not to check; to use it here, type: npm run check -- --offline`,
    `--json in ${npmrc} applies to npm, not to check; to use it here, type: npm run check -- --json`,
  ]);
  expect(refuseSwallowed(program, ['start'], env)).toEqual([]);
  expect(refused(['check'], { ...env, npm_config_dry_run: 'true' })).toMatch(/ npm run check -- --dry-run$/);
});

describe('the real npm', () => {
  const run = promisify(execFile);
  // Its own settings only, as a person's shell has them.
  const base = { PATH: process.env.PATH, HOME: process.env.HOME };

  test.each([
    ['--x=value', (option: Option) => [`${option.long}=${sampleOf(option)}`]],
    ['--x value', (option: Option) => [`${option.long}`, sampleOf(option)]],
  ])('leaves every option where it is found: %s', async (_, words) => {
    const folder = temporaryFolder();
    const code = 'process.stdout.write(JSON.stringify([process.argv.slice(1), process.env]))';
    writeFileSync(join(folder, 'print.cjs'), code.replace('slice(1)', 'slice(2)'));
    writeFileSync(join(folder, 'package.json'), '{ "scripts": { "show": "node print.cjs" } }');
    const each = new Map(options.map(({ option }) => [option.name(), option]));
    const asked = [...each.values()].flatMap((option) => (option.required ? words(option) : [`${option.long}`]));
    const show = async (args: readonly string[]) =>
      JSON.parse((await run('npm', ['run', '--silent', 'show', ...args], { cwd: folder, env: base })).stdout);
    const [, plain] = await show([]);
    const [argv, env] = await show(asked);
    for (const command of program.commands) {
      expect(refused(argumentsOf(command), plain)).toBeUndefined();
      const told = refused([...argumentsOf(command), ...argv], env);
      for (const name of names) expect(told).toContain(`--${name}`);
    }
  });

  const npm = async (args: readonly string[]) => {
    const path = join(temporaryFolder(), 'market.db');
    const blank = Object.fromEntries(VARIABLES.map((name) => [name, '']));
    const env = { ...base, ...blank, MARKET_SOURCE: 'csv', MARKET_CSV_DIR: '/nowhere', DATABASE_PATH: path };
    const ended = await run('npm', ['run', '--silent', ...args], { cwd: ROOT, env }).then(
      ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
      ({ code, stdout, stderr }) => ({ code, out: stdout, err: stderr }),
    );
    return { ...ended, opened: existsSync(path) };
  };

  test.each([
    [['check', '--dry-run'], 'npm run check -- --dry-run'],
    [['check', '--as-of', '2020-01-02'], 'npm run check -- --as-of 2020-01-02'],
    [['study', '--index=^GSPC'], "npm run study -- --index '^GSPC'"],
    [['digest', '--json'], 'npm run digest -- --json'],
    [['replay', '--to', '2020-01-02'], 'npm run replay -- --to 2020-01-02'],
    [['pause', 'email', '--until=2099-01-02'], 'npm run pause -- email --until 2099-01-02'],
    [['drill', '--dry-run'], 'npm run drill -- --help'],
    [['setup', '--dry-run'], 'npm run setup -- --help'],
  ])('npm run %j is refused before anything is opened', async (args, line) => {
    const ended = await npm(args);
    // With --json npm prints a document of its own, of what it knows: the exit code.
    const out = args.includes('--json') ? expect.stringContaining('"code": 2') : '';
    expect(ended).toMatchObject({ code: 2, out, opened: false });
    expect(ended.err.trimEnd()).toMatch(new RegExp(`^npm took --.*: ${escaped(line)}$`));
  });

  test('with -- the option arrives, and --json makes the refusal of another a document', async () => {
    expect((await npm(['status', '--', '--version'])).out).toMatch(/^breakout-bell /);
    const { code, out } = await npm(['check', '--dry-run', '--', '--json']);
    expect([code, JSON.parse(out)]).toEqual([
      2,
      { error: 'npm took --dry-run for itself, so check did not get it; type: npm run check -- --json --dry-run' },
    ]);
  });
});

test('a command without npm is not refused for a setting of npm', async () => {
  const env = { DATABASE_PATH: join(temporaryFolder(), 'market.db'), npm_config_offline: 'true' };
  expect(
    (await runCli(['check', '--as-of', '1970-01-01', '--json'], { ...env, MARKET_SOURCE: 'csv' })).err,
  ).not.toContain('npm');
});

function escaped(text: string): string {
  return text.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
}
