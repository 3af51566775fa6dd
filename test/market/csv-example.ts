import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type CsvFacts, readCsv } from '../../src/market/csv.ts';
import { SourceError } from '../../src/market/source.ts';
import { temporaryFolder } from '../support/temporary.ts';

export const RUT: CsvFacts = { symbol: '^RUT' };

export const TWO = ['2025-09-17 2407.34', '2025-09-18 2467.70'];

export function file(content: string | Buffer): string {
  const path = join(temporaryFolder(), 'closes.csv');
  writeFileSync(path, content);
  return path;
}

export function closesIn(content: string | Buffer, facts: CsvFacts = RUT): string[] {
  return readCsv(file(content), '', facts).map(({ session, close }) => `${session} ${close?.toFixed(2) ?? 'none'}`);
}

export function refusalOf(content: string | Buffer, facts: CsvFacts = RUT): string {
  const path = file(content);
  try {
    readCsv(path, '', facts);
  } catch (error) {
    expect(error).toBeInstanceOf(SourceError);
    const { message } = error as Error;
    expect(message.startsWith(path)).toBe(true);
    expect(message).not.toContain('\n');
    return message.slice(path.length);
  }
  throw new Error('it was not refused');
}
