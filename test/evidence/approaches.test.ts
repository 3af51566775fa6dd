import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { approachesOf } from '../../src/study/approaches.ts';
import { historyOf } from '../../src/study/signal-closes.ts';
import { NO_MARKET_DATA } from '../support/examples.ts';
import { notesSince, realSignal } from './approaches.ts';

const real = realSignal();

test.skipIf(real === undefined)(
  `lived evening by evening, a note comes as often as the docs say (${NO_MARKET_DATA} otherwise)`,
  {
    timeout: 60_000,
  },
  () => {
    if (real === undefined) return;
    const { signal, closes } = real;
    const docs = readFileSync(join(import.meta.dirname, '../../docs/settings.md'), 'utf8').replace(/\s+/g, ' ');
    for (const [distance, said] of [
      [0.02, 'At 2% it would have come 10 times since September 1987'],
      [0.05, '10 times at 5%'],
      [0.01, '9 times at 1%'],
    ] as const) {
      const notes = notesSince(signal, closes, distance);
      const seen = approachesOf(historyOf(signal, closes), signal.quietYears, distance).all;
      expect(notes.map(({ session, later }) => [session, later])).toEqual(
        seen.map(({ session, sessions }) => [session, sessions]),
      );
      expect(docs).toContain(said);
      expect(said).toContain(`${notes.length} times`);
    }
  },
);
