import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { requireWritable, writeEnvFile } from '../../src/settings/env-file.ts';
import { temporaryFolder } from '../support/temporary.ts';

const mode = (path: string) => statSync(path).mode & 0o777;

test('what a process of the same number left is in nobody’s way', () => {
  const root = temporaryFolder();
  writeFileSync(join(root, `.env.${process.pid}.tmp`), 'half');
  writeEnvFile(root, 'A=1\n', '2026-11-29');
  expect(readdirSync(root)).toEqual(['.env']);
});

test('a new .env is its owner’s alone, whatever the umask', () => {
  const root = temporaryFolder();
  const umask = process.umask(0);
  onTestFinished(() => void process.umask(umask));
  expect(writeEnvFile(root, 'A=1\n', '2026-11-29')).toBeUndefined();
  expect(readdirSync(root)).toEqual(['.env']);
  expect(readFileSync(join(root, '.env'), 'utf8')).toBe('A=1\n');
  expect(mode(join(root, '.env'))).toBe(0o600);
});

test('the one before is kept under the date, and so is the next one of that day', () => {
  const root = temporaryFolder();
  writeFileSync(join(root, '.env'), 'A=1\n', { mode: 0o644 });
  const [first, second] = ['A=2\n', 'A=3\n'].map((text) => writeEnvFile(root, text, '2026-11-29'));
  expect([first, second]).toEqual([join(root, '.env.2026-11-29'), join(root, '.env.2026-11-29-2')]);
  expect(readdirSync(root).sort()).toEqual(['.env', '.env.2026-11-29', '.env.2026-11-29-2']);
  expect([`${first}`, `${second}`, join(root, '.env')].map((path) => readFileSync(path, 'utf8'))).toEqual([
    'A=1\n',
    'A=2\n',
    'A=3\n',
  ]);
  expect([`${first}`, `${second}`, join(root, '.env')].map(mode)).toEqual([0o600, 0o600, 0o600]);
});

test('a link stays one, and what it leads to is written', () => {
  const [root, elsewhere] = [temporaryFolder(), temporaryFolder()];
  writeFileSync(join(elsewhere, 'bell.env'), 'A=1\n');
  symlinkSync(join(elsewhere, 'bell.env'), join(root, '.env'));
  expect(writeEnvFile(root, 'A=2\n', '2026-11-29')).toBe(join(root, '.env.2026-11-29'));
  expect(lstatSync(join(root, '.env')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(elsewhere, 'bell.env'), 'utf8')).toBe('A=2\n');
  expect(readdirSync(elsewhere)).toEqual(['bell.env']);
});

test('what cannot be written is said, and nothing changes', () => {
  const root = temporaryFolder();
  expect(() => requireWritable(root)).not.toThrow();
  symlinkSync(join(root, 'nowhere/.env'), join(root, '.env'));
  const said = /^\/.*\/\.env cannot be written \(ENOENT\); make its folder writable/;
  expect(() => requireWritable(root)).toThrow(said);
  expect(() => writeEnvFile(root, 'A=2\n', '2026-11-29')).toThrow(said);
  expect(readdirSync(root)).toEqual(['.env']);
});

test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('nor in a folder that is not ours', () => {
  const root = temporaryFolder();
  writeFileSync(join(root, '.env'), 'A=1\n');
  chmodSync(root, 0o500);
  onTestFinished(() => chmodSync(root, 0o700));
  expect(() => requireWritable(root)).toThrow(/cannot be written \(EACCES\)/);
  expect(() => writeEnvFile(root, 'A=2\n', '2026-11-29')).toThrow(/cannot be written \(EACCES\)/);
  expect(readFileSync(join(root, '.env'), 'utf8')).toBe('A=1\n');
});

test('a copy that was made for nothing is taken back', () => {
  const root = temporaryFolder();
  writeFileSync(join(root, '.env'), 'A=1\n');
  mkdirSync(join(root, `.env.${process.pid}.tmp`));
  expect(() => writeEnvFile(root, 'A=2\n', '2026-11-29')).toThrow(/cannot be written \(ERR_FS_EISDIR\)/);
  expect(readFileSync(join(root, '.env'), 'utf8')).toBe('A=1\n');
  expect(readdirSync(root).filter((name) => name.includes('2026'))).toEqual([]);
});
