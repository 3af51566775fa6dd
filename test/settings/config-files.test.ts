import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfigFiles } from '../../src/settings/read-config-files.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { jsonSchemas } from '../support/write-schemas.ts';
import { PACKAGE, root, signalsWith } from './package-root.ts';

describe('config files', () => {
  test('a schedule of before the digest is still one', () => {
    const { schedule } = loadSettings(root('', { 'schedule.json': { checks: ['16:45'] } }), {});
    expect(schedule).toEqual({
      checks: ['16:45'],
      digest: { every: 'week', at: '18:00', channels: ['email', 'folder'] },
      drill: 'quarter',
      togetherFrom: 4,
    });
  });

  test('have JSON Schemas beside them that are current (npm run schemas)', () => {
    for (const [name, text] of Object.entries(jsonSchemas())) {
      expect(readFileSync(join(PACKAGE, 'config', name), 'utf8')).toBe(text);
      const file = JSON.parse(readFileSync(join(PACKAGE, 'config', name.replace('.schema', '')), 'utf8'));
      expect(file.$schema).toBe(`./${name}`);
    }
  });

  test.each<[Record<string, unknown>, RegExp]>([
    [signalsWith({ quietYears: 0 }), /config\/signals\.json: signals\.0\.quietYears is 0; allowed: 1 to 20/],
    [signalsWith({ quietYears: 'one' }), /signals\.0\.quietYears is "one"; allowed: number/],
    [signalsWith({ horizons: [1, 3] }), /signals\.0\.horizons is \[1,3\]; allowed: a list that contains 12/],
    [signalsWith({ id: 'Russell 2000' }), /signals\.0\.id is "Russell 2000"; allowed: lower-case letters/],
    [signalsWith({ channels: [] }), /signals\.0\.channels is \[\]; allowed: at least one channel; remove the field/],
    [signalsWith({ channels: [''] }), /signals\.0\.channels\.0 is ""; allowed: a channel's name/],
    [signalsWith({ colour: 'red' }), /signals\.0\.colour is not a known field/],
    [signalsWith({ title: 'A\r\nBcc: all@example.com' }), /signals\.0\.title is .*; allowed: a text on one line/],
    [signalsWith({ title: '\u001b[31mred' }), /signals\.0\.title is .*; allowed: a text on one line/],
    [signalsWith({ benchmark: undefined }), /signals\.0\.benchmark is missing/],
    [
      signalsWith({ beforeHistory: { file: 'data/nothing.csv', until: '1987-09-10', rule: 'x' } }),
      /beforeHistory\.file is 'data\/nothing\.csv'; there is no such file/,
    ],
    [{ 'schedule.json': { checks: ['4pm'] } }, /config\/schedule\.json: checks\.0 is "4pm"; allowed: a New York time/],
    [
      { 'schedule.json': { checks: ['16:45'], digest: { every: 'month' } } },
      /digest\.every is "month"; allowed: .*week.*day.*never/,
    ],
    [
      { 'schedule.json': { checks: ['16:45'], digest: { channels: ['sms'] } } },
      /digest\.channels\.0 is "sms"; allowed: 'email' \(all addresses\)/,
    ],
    [{ 'schedule.json': { checks: ['16:45'], togetherFrom: 1 } }, /togetherFrom is 1; allowed: 2 to 1000/],
    [signalsWith({ id: 'evening' }), /signals\.0\.id is "evening"; allowed: another word than 'evening'/],
    [{ 'schedule.json': { checks: ['16:45'], drill: 'daily' } }, /drill is "daily"; allowed: .*quarter.*never/],
  ])('refuse %j', (config, message) => {
    expect(() => loadSettings(root('', config), {})).toThrow(message);
  });

  test('refuse what is not JSON', () => {
    const folder = root();
    writeFileSync(join(folder, 'config/signals.json'), '{ "signals": [');
    expect(() => loadSettings(folder, {})).toThrow(/config\/signals\.json: cannot be read as JSON/);
  });

  test.each([
    ['{\n  "checks": ["16:45"] // after the close\n}', 2],
    ['/* by hand */\n{ "checks": ["16:45"] }', 1],
    ['{ "$schema": "https://x",\n\n  // "drill": "never",\n  "checks": ["16:45"] }', 3],
  ])('name the line of a comment: %j', (text, line) => {
    const folder = root();
    writeFileSync(join(folder, 'config/schedule.json'), text);
    expect(() => loadSettings(folder, {})).toThrow(
      `config/schedule.json: line ${line} has a comment, which JSON does not`,
    );
  });

  test('take what looks like a comment within a text', () => {
    const folder = root('', { 'schedule.json': { $schema: 'https://x/*', checks: ['16:45'] } });
    expect(loadSettings(folder, {}).schedule.checks).toEqual(['16:45']);
  });

  test('say that a file is missing, and how it comes back', () => {
    const folder = root();
    const path = join(folder, 'config/schedule.json');
    rmSync(path);
    // A checkout, then a home beside the program.
    expect(() => readConfigFiles(folder, undefined, folder)).toThrow(
      `${path} is missing; restore the one that came with this version (in a clone: git checkout config/schedule.json)`,
    );
    expect(() => loadSettings(folder, {})).toThrow(`(cp ${PACKAGE}/config/schedule.json ${path})`);
  });

  test('are those that came with the program where the home has none, whatever else its config/ holds', () => {
    const home = temporaryFolder();
    mkdirSync(join(home, 'config'));
    writeFileSync(join(home, 'config/database.json'), '{}');
    const { configDir, configFiles, signals } = loadSettings(home, {});
    expect({ configDir, configFiles }).toEqual({
      configDir: join(PACKAGE, 'config'),
      configFiles: { signals: join(PACKAGE, 'config/signals.json'), schedule: join(PACKAGE, 'config/schedule.json') },
    });
    // Theirs is the file from before Yahoo's history too, unless the home has one.
    expect(signals[0]?.beforeHistory?.file).toBe(join(PACKAGE, 'data/before-yahoo.csv'));
    mkdirSync(join(home, 'data'));
    writeFileSync(join(home, 'data/before-yahoo.csv'), 'session,close\n');
    expect(loadSettings(home, {}).signals[0]?.beforeHistory?.file).toBe(join(home, 'data/before-yahoo.csv'));
  });
});
