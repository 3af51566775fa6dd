import { alignTable } from '../../src/render/text-table.ts';

/** One thing that was measured. */
export interface Figure {
  readonly name: string;
  /** Median over the runs, milliseconds. */
  readonly ms: number;
  /** Peak memory, MB; absent where it was not a process of its own. */
  readonly megabytes?: number;
  /** What the time is for, and a second: 500,000 closes. */
  readonly rate?: string;
  /** A pandas script that does the same, milliseconds; absent where there is none, or no pandas. */
  readonly pandasMs?: number;
}

export const RUNS = 11;

export async function timeAsync(name: string, task: () => Promise<unknown>, runs = RUNS): Promise<Figure> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const began = performance.now();
    await task();
    times.push(performance.now() - began);
  }
  return { name, ms: middle(times) };
}

export function middle(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0;
}

/** The figures as a table. */
export function figureLines(figures: readonly Figure[]): string[] {
  const titles = ['Measured', 'Median ms', 'Peak MB', 'Per second', 'pandas ms', 'Faster'];
  return alignTable({
    columns: titles.map((title, column) => ({ title, align: column === 0 ? 'left' : 'right', essential: true })),
    rows: figures.map(({ name, ms, megabytes, rate, pandasMs }) => [
      name,
      ms.toFixed(1),
      megabytes?.toFixed(0) ?? '',
      rate ?? '',
      pandasMs?.toFixed(0) ?? '',
      pandasMs === undefined ? '' : `${(pandasMs / ms).toFixed(1)} times`,
    ]),
  });
}
