import { date } from '../message/format.ts';
import type { FullStudy } from '../study/full-study.ts';
import { paragraph } from './width.ts';

/** That the records from before the source's history are left out, where they are. */
export function beforeHistoryLines({ beforeHistory, index }: FullStudy): string[] {
  if (beforeHistory === null || beforeHistory.joined) return [];
  return paragraph(
    `The records from before ${date(beforeHistory.until)} are left out: the closes of ${index.symbol} begin on ${date(index.from)} only, and a record in between would be missing. A higher one may lie before.`,
  );
}
