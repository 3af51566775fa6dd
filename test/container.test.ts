import { exec } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createSite, listen } from '../src/dashboard/server.ts';
import { VARIABLES } from '../src/settings/environment.ts';
import { loadSettings } from '../src/settings/settings.ts';
import { root } from './settings/package-root.ts';
import { SEP_17, startStory } from './support/story.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const packageFile = JSON.parse(read('package.json'));

/** The instructions of the Dockerfile, a line each: comments out, continued lines joined. */
const instructions = read('Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .flatMap((line) => {
    const [, name, rest] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    return name === undefined || rest === undefined ? [] : [{ name, rest }];
  });
const all = (name: string) => instructions.filter((one) => one.name === name).map(({ rest }) => rest);

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly (string | { readonly source: string; readonly target: string })[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
}
interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}
const compose: Compose = parse(read('compose.yaml'));
const withPostgres: Compose = parse(read('compose.postgres.yaml'));

/** What a compose file says with these variables set, as compose itself reads `${NAME:-default}` and `${NAME:?error}`. */
function filledIn(text: string, set: Readonly<Record<string, string>> = {}): string {
  return text.replaceAll(/\$\{(\w+):([-?])([^}]*)\}/g, (_, name, kind, rest) => {
    if (set[name] !== undefined) return set[name];
    if (kind === '-') return rest;
    throw new Error(`${name}: ${rest}`);
  });
}

describe('the Dockerfile', () => {
  test('has one Node, in the version of the lock file', () => {
    const [, version] = /^node:([\d.]+)-bookworm-slim@sha256:[\da-f]{64}$/.exec(all('FROM').join()) ?? [];
    expect(Object.values(packageFile.optionalDependencies)).toEqual([version, version, version]);
    expect(all('RUN')[0]).toMatch(
      /^npm ci --omit=dev && .*rm -rf node_modules\/node-linux-\* node_modules\/\.bin\/node /,
    );
  });

  test('copies what is there and what .dockerignore lets through, and so everything that runs', () => {
    const [first, ...kept] = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    const sources = all('COPY').flatMap((line) => line.split(' ').slice(0, -1));
    expect(sources.toSorted()).toEqual(kept.map((line) => line.replace(/^!/, '')).toSorted());
    expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(
      ['.env', 'data/market.db', 'node_modules'].filter((path) => sources.some((one) => matchesGlob(path, one))),
    ).toEqual([]);
  });

  test('starts the daemon as npm start does', () => {
    expect(JSON.parse(all('CMD').join()).join(' ')).toBe(packageFile.scripts.start);
  });

  test('sets only variables that .env.example knows', () => {
    const names = all('ENV').map((line) => line.split('=')[0] ?? '');
    expect(names).toEqual(['DATABASE_PATH', 'DASHBOARD_HOST']);
    expect(names.filter((name) => !VARIABLES.includes(name))).toEqual([]);
  });

  test('asks a page for its health by the port that is set', async () => {
    const command = all('HEALTHCHECK').join().split(' CMD ')[1] ?? '';
    const story = await startStory();
    const answer = (port: string) =>
      promisify(exec)(command, { env: { ...process.env, DASHBOARD_PORT: port } }).then(
        () => 0,
        ({ code }) => code,
      );
    const healthOnPage = () =>
      story.at('2025-09-18T19:00:00Z', async (app) => {
        const page = await listen(createSite(app), { host: '127.0.0.1', port: 0 });
        const { port } = new URL(page.url);
        const code = await answer(port);
        await page.close();
        return { code, gone: await answer(port) };
      });
    // Before the first check, and after it; then without a page.
    expect((await healthOnPage()).code).toBe(1);
    await story.round(SEP_17);
    expect(await healthOnPage()).toEqual({ code: 0, gone: 1 });
    expect(command).toContain('process.env.DASHBOARD_PORT || 8787');
  });
});

describe('the compose files', () => {
  const { bell } = compose.services;
  const added = withPostgres.services.bell;
  const { db } = withPostgres.services;

  test('set only variables that .env.example knows', () => {
    const names = [bell, added].flatMap((service) => Object.keys(service?.environment ?? {}));
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => !VARIABLES.includes(name))).toEqual([]);
    // What they take from .env: the password of the database is compose's alone.
    const taken = ['compose.yaml', 'compose.postgres.yaml'].flatMap((path) =>
      [...read(path).matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name),
    );
    expect([...new Set(taken)].filter((name) => !VARIABLES.includes(name))).toEqual(['POSTGRES_PASSWORD']);
  });

  test('name folders, volumes, services and files that are there', () => {
    expect(statSync(join(ROOT, bell?.build ?? '', 'Dockerfile')).isFile()).toBe(true);
    const mounts = (bell?.volumes ?? []).map((volume) => (typeof volume === 'string' ? undefined : volume));
    const [config] = mounts.filter((mount) => mount !== undefined);
    expect(config?.target).toBe(bell?.environment.CONFIG_DIR);
    expect(statSync(join(ROOT, filledIn(config?.source ?? ''))).isDirectory()).toBe(true);
    for (const { services, volumes } of [compose, withPostgres]) {
      const named = Object.values(services).flatMap((service) =>
        (service.volumes ?? []).flatMap((volume) => (typeof volume === 'string' ? [volume.split(':')[0]] : [])),
      );
      expect(named).toEqual(Object.keys(volumes));
    }
    expect(Object.keys(added?.depends_on ?? {})).toEqual(['db']);
    expect(db?.image).toMatch(/^postgres:18-bookworm@sha256:[\da-f]{64}$/);
  });

  test('keep the ledger on the volume that the image declares', () => {
    expect(all('VOLUME')).toEqual(['/data']);
    expect(bell?.volumes).toContain('bell:/data');
    expect(all('ENV')).toContain(`DATABASE_PATH=${bell?.environment.DATABASE_PATH}`);
  });

  test.each([{}, { DASHBOARD_PORT: '9000' }])('publish the port of the page on loopback alone: %j', (set) => {
    const port = filledIn(bell?.environment.DASHBOARD_PORT ?? '', set);
    expect(bell?.ports?.map((text) => filledIn(text, set))).toEqual([`127.0.0.1:${port}:${port}`]);
  });

  test('make settings that the bot takes, with and without PostgreSQL', () => {
    const environment = (set: Record<string, string>, ...services: (Service | undefined)[]) =>
      Object.fromEntries(
        services.flatMap((service) =>
          Object.entries(service?.environment ?? {}).map(([name, value]) => [name, filledIn(value, set)]),
        ),
      );
    const here = { CONFIG_DIR: 'config' };
    const settings = loadSettings(root(), { ...environment({}, bell), ...here });
    expect(settings).toMatchObject({ databasePath: '/data/market.db', postgres: undefined });
    expect(settings.dashboard).toMatchObject({ host: '0.0.0.0', port: 8787 });
    const { postgres } = loadSettings(root(), { ...environment({ POSTGRES_PASSWORD: 'a1b2' }, bell, added), ...here });
    expect(postgres).toMatchObject({ host: 'db', tls: undefined });
    expect(() => environment({}, added)).toThrow('POSTGRES_PASSWORD: set it in .env');
  });
});
