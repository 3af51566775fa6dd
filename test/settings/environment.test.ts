import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { VARIABLES } from '../../src/settings/environment.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { PACKAGE, root, WEBHOOK } from './package-root.ts';

describe('.env', () => {
  test('is read with Windows line ends, and an empty value is an unset one', () => {
    const settings = loadSettings(root('LOG_LEVEL=debug\r\nMARKET_SOURCE=\r\nOUTBOX_DIR=/tmp/out\r\n'), {});
    expect(settings).toMatchObject({ logLevel: 'debug', source: { name: 'yahoo' }, outboxDir: '/tmp/out' });
  });

  test.each<[string, Buffer]>([
    ['UTF-8 with a mark', Buffer.from('\ufeffLOG_LEVEL=debug\r\n')],
    ['UTF-16', Buffer.from('\ufeffLOG_LEVEL=debug\r\n', 'utf16le')],
    ['UTF-16, the other way round', Buffer.from('\ufeffLOG_LEVEL=debug\r\n', 'utf16le').swap16()],
  ])('is read as the editors of Windows write it: %s', (_name, bytes) => {
    const folder = root('LOG_LEVEL=info\n');
    writeFileSync(join(folder, '.env'), bytes);
    expect(loadSettings(folder, {})).toMatchObject({ logLevel: 'debug', remarks: [] });
  });

  test.skipIf(process.platform === 'win32').each([
    [0o600, false],
    [0o640, false],
    [0o644, true],
    [0o602, true],
  ])('with the mode %o is told to be open to others: %s', (mode, told) => {
    const folder = root('LOG_LEVEL=info\n');
    chmodSync(join(folder, '.env'), mode);
    const path = join(folder, '.env');
    expect(loadSettings(folder, {}).remarks).toEqual(
      told ? [`${path} can be read by every user of this machine; it holds passwords: chmod 600 ${path}`] : [],
    );
  });

  test("gives way to the process's own variables, also to empty ones", () => {
    const folder = root(`LOG_LEVEL=debug\nDISCORD_WEBHOOK_URL=${WEBHOOK}\n`);
    expect(loadSettings(folder, { LOG_LEVEL: 'warn', DISCORD_WEBHOOK_URL: '' })).toMatchObject({
      logLevel: 'warn',
      discordWebhook: undefined,
    });
  });

  test('names what it holds and no version knows', () => {
    expect(loadSettings(root('DISCORD_WEBHOK_URL=x\n'), {}).remarks).toEqual([
      '.env: DISCORD_WEBHOK_URL is not a setting of this version, so it is ignored; .env.example lists all settings.',
    ]);
  });

  test.skipIf(process.getuid?.() === 0)('that cannot be read is refused', () => {
    const folder = root('LOG_LEVEL=info\n');
    chmodSync(join(folder, '.env'), 0);
    expect(() => loadSettings(folder, {})).toThrow(/\.env exists but cannot be read/);
  });

  test('.env.example names every setting, and is itself in order', () => {
    const example = readFileSync(join(PACKAGE, '.env.example'), 'utf8');
    const named = [...example.matchAll(/^#? ?([A-Z_]+)=/gm)].map(([, name]) => name);
    // The files are not there, nor is that of the key that DKIM needs; and the home folder is not told there.
    const settings = loadSettings(root(example.replace(/^# ?(?!DKIM)(?=[A-Z_]+(?<!_FILE|_HOME)=)/gm, '')), {});
    expect(settings.remarks).toEqual([]);
    expect(named).toEqual([...new Set(named)]);
    expect(named.toSorted()).toEqual(VARIABLES.toSorted());
  });
});
