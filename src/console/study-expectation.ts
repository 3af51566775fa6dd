import { pickedBlindly } from '../message/chance.ts';
import { headline } from '../message/evidence.ts';
import { bestGuess, fallInside, occasionsToKnow } from '../message/expectation.ts';
import { capital } from '../message/format.ts';
import type { FullStudy } from '../study/full-study.ts';
import { paragraph } from './width.ts';

/** What to expect of the next event, as people read it; nothing while no outcome is known. */
export function expectationLines(study: FullStudy): string[] {
  const { expectation } = study;
  const year = headline(study);
  if (expectation === null) return [];
  const sentences = [
    bestGuess(year, expectation),
    ...[occasionsToKnow(year, expectation) ?? []].flat(),
    ...(year.pValue === null ? [] : [`${capital(pickedBlindly(year.n, 'day', year.pValue))}.`]),
    ...[fallInside(expectation) ?? []].flat(),
  ];
  return ['', 'What to expect', ...sentences.flatMap(paragraph)];
}
