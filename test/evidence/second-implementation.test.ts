import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { adHocSignal } from '../../src/analysis/ad-hoc-signal.ts';
import { sensitivityStored, studySignal } from '../../src/analysis/study-signal.ts';
import type { App } from '../../src/app/app.ts';
import { openApp } from '../../src/app/open.ts';
import { readClosesOfAll } from '../../src/ingest/read.ts';
import type { Session } from '../../src/market/close.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { runCli } from '../support/cli.ts';
import { PYTHON } from '../support/python.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { compare } from './differences.ts';
import { MADE_UP, writeMadeUp } from './made-up.ts';

const ROOT = join(import.meta.dirname, '../..');
const REAL = join(ROOT, '../shared/market-data');
const NO_REAL = !existsSync(REAL);
const MONTHS = [1, 3, 6, 12, 24];

/** Evenly over the years, and around events of ^RUT: the evening before, its own, and the days on which a year is over. */
const REAL_DAYS: readonly Session[] = [
  ...['1987-09-10', '1988-09-02', '1989-07-28', '1989-07-31', '1990-07-31', '1991-10-16', '1993-01-29', '1995-05-16'],
  ...['1996-05-16', '1998-10-08', '1999-12-29', '2000-12-29', '2004-04-05', '2008-02-29', '2009-03-09', '2011-04-27'],
  ...['2012-04-27', '2013-01-02', '2016-11-14', '2018-08-31', '2020-03-18', '2021-11-12', '2023-10-27', '2025-12-31'],
];
const MADE_UP_DAYS: readonly Session[] = [
  ...['1979-01-02', '1980-02-29', '1981-06-30', '1982-12-31', '1984-02-29', '1985-03-29', '1986-10-31', '1988-02-29'],
  ...['1989-09-29', '1990-12-31', '1992-04-30', '1993-07-30', '1994-11-30', '1996-02-29', '1997-05-30', '1998-08-31'],
  ...['1999-12-31', '2001-03-30', '2002-06-28', '2003-09-30', '2005-01-31', '2006-04-28', '2008-02-29', '2009-12-31'],
];

interface Question {
  readonly folder: string;
  readonly index: string;
  readonly benchmark: string;
  readonly years: number;
  readonly days: readonly Session[];
}

describe.skipIf(PYTHON === undefined)('a second implementation (skipped where no python3 has pandas)', () => {
  test.skipIf(NO_REAL)('says the same of the Russell 2000 (skipped without ../shared/market-data)', async () => {
    await agrees({
      folder: realCloses(),
      index: '^RUT',
      benchmark: '^GSPC',
      years: 1,
      days: REAL_DAYS,
    });
  });

  test.skipIf(NO_REAL)('says the same of the S&P 500 by itself (skipped without ../shared/market-data)', async () => {
    const days = ['1978-12-29', ...REAL_DAYS];
    await agrees({ folder: realCloses(), index: '^GSPC', benchmark: '^GSPC', years: 1, days });
  });

  test.each([1, 2])('says the same of two made-up series, with a quiet period of %i years', async (years) => {
    const folder = temporaryFolder();
    writeMadeUp(folder, 1, 2);
    await agrees({ folder, ...MADE_UP, years, days: MADE_UP_DAYS });
  });

  test('says the same of two that are as small as rates of exchange', async () => {
    const folder = temporaryFolder();
    writeMadeUp(folder, 0.001, 6);
    await agrees({ folder, ...MADE_UP, years: 1, days: MADE_UP_DAYS });
  });
});

function realCloses(): string {
  const folder = temporaryFolder();
  for (const name of ['^RUT.csv', '^GSPC.csv', 'to-2024/^SP500TR.csv']) {
    cpSync(join(REAL, name), join(folder, name.replace('to-2024/', '')));
  }
  return folder;
}

/** Compares every figure of both as of every day, and the command's own document as of the last one. */
async function agrees(question: Question): Promise<void> {
  const { folder, days } = question;
  const settings = { MARKET_SOURCE: 'csv', MARKET_CSV_DIR: folder, DATABASE_PATH: join(folder, 'market.db') };
  const app = await openWith(settings);
  const [theirs, ours] = [await byPandas(question), await studies(app, question)];
  expect(theirs).toHaveLength(days.length);
  let compared = 0;
  for (const [at, day] of days.entries()) {
    const { figures, differences } = compare(ours[at] ?? null, theirs[at]);
    expect(differences, `as of ${day}`).toEqual([]);
    compared += figures;
  }
  // Some ten thousand: five horizons, two dozen months of the path and up to five series each time.
  expect(compared).toBeGreaterThan(days.length * 300);

  const { index, benchmark, years } = question;
  const asked = ['--index', index, '--benchmark', benchmark, '--years', String(years), '--sensitivity', '--json'];
  const { code, out } = await runCli(['study', ...asked, '--as-of', days.at(-1) ?? ''], settings);
  expect(code).toBe(0);
  expect(compare(pick(JSON.parse(out)), theirs.at(-1)).differences).toEqual([]);
}

async function openWith(settings: Readonly<Record<string, string>>): Promise<App> {
  const app = await openApp(loadSettings(ROOT, settings), {
    now: () => Date.parse('2026-01-05T22:00:00.000Z'),
    sleep: async () => {},
    random: () => 0.5,
    progress: () => {},
  });
  onTestFinished(() => app.close());
  await readClosesOfAll(app);
  return app;
}

async function studies(app: App, { index, benchmark, years, days }: Question) {
  const [signal] = app.settings.signals;
  if (signal === undefined) throw new Error('there is no signal');
  const asked = adHocSignal(app.settings, signal, { index, benchmark, years });
  const found = [];
  for (const asOf of days) {
    const { study } = await studySignal(app, asked, { asOf });
    const rows = sensitivityStored(app, asked, asOf);
    found.push(study === undefined ? null : pick(JSON.parse(JSON.stringify({ ...study, sensitivity: rows }))));
  }
  return found;
}

/** Without what is no figure: names, how the resampling is set, and the words of rules. */
function pick({ signal: _, resampling: __, beforeHistory: ___, ...study }: Record<string, unknown>) {
  const { sensitivity, totalReturn } = study as {
    sensitivity: readonly { n: number; up: number; mean: number | null }[];
    totalReturn: { joined: { until: Session } | null } | null;
  };
  return JSON.parse(
    JSON.stringify({
      ...study,
      sensitivity: sensitivity.map(({ n, up, mean }) => ({ n, up, mean })),
      totalReturn: totalReturn && {
        ...totalReturn,
        joined: totalReturn.joined && { until: totalReturn.joined.until },
      },
    }),
  );
}

function byPandas({ folder, index, benchmark, years, days }: Question) {
  const symbols = loadSettings(ROOT, {}).symbols[benchmark];
  const before = loadSettings(ROOT, {}).signals.find((signal) => signal.index === index)?.beforeHistory;
  const total = symbols?.totalReturn === undefined ? undefined : join(folder, `${symbols.totalReturn}.csv`);
  const asking = {
    ...{ index, years, months: MONTHS, asOf: days, until: before?.until ?? '1900-01-01', beforeFile: before?.file },
    ...{ indexFile: join(folder, `${index}.csv`), benchmarkFile: join(folder, `${benchmark}.csv`) },
    ...{ totalFile: total, dividendsFile: symbols?.earlierDividends?.file },
  };
  writeFileSync(join(folder, 'question.json'), JSON.stringify(asking));
  const { status, stdout, stderr } = spawnSync(PYTHON ?? '', ['-B', join(import.meta.dirname, 'study.py'), folder], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  if (status !== 0) throw new Error(`study.py: ${stderr}`);
  return JSON.parse(stdout);
}
