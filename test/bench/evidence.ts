import { join } from 'node:path';
import { readCloses } from '../../src/market/csv.ts';
import { replay } from '../../src/replay.ts';
import { loadSettings } from '../../src/settings.ts';
import { fullStudy } from '../../src/study/full-study.ts';
import { historyOf } from '../../src/study/signal-closes.ts';
import { study } from '../../src/study/study.ts';
import { openWorld } from '../../src/world.ts';
import { settingsBelow } from './commands.ts';
import { type Figure, RUNS, time, timeAsync } from './figures.ts';
import { pandasMs } from './pandas.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The study of the full history, warm, and 38 years lived again, over the database that the commands have filled. */
export async function evidence(folder: string): Promise<Figure[]> {
  const settings = loadSettings(ROOT, settingsBelow(folder));
  const [signal] = settings.signals;
  if (signal?.beforeHistory === undefined) throw new Error('the built-in signal is gone');
  const closes = {
    before: readCloses(signal.beforeHistory.file),
    index: readCloses(join(folder, '^RUT.csv')),
    benchmark: readCloses(join(folder, '^GSPC.csv')),
  };
  const world = openWorld(settings, {
    now: () => Date.parse('2026-01-05T00:00:00Z'),
    sleep: async () => {},
    random: () => 0.5,
    progress: () => {},
  });
  const withPandas = (figure: Figure, task: string): Figure => {
    const ms = pandasMs(task, folder);
    return ms === undefined ? figure : { ...figure, pandasMs: ms };
  };
  try {
    const plain = () => study(signal, historyOf(signal, closes), closes.benchmark);
    for (let warm = 0; warm < 50; warm++) plain();
    return [
      withPandas(time('study of the full history, warm', plain, 10 * RUNS), 'study'),
      time('full study with its resampling, warm', () => fullStudy(signal, closes, undefined)),
      withPandas(
        await timeAsync('replay of 1987 to 2025', () => replay(world, signal, { folder: join(folder, 'replay') }), 3),
        'replay',
      ),
    ];
  } finally {
    world.close();
  }
}
