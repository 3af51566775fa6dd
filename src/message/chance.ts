import { count } from './format.ts';

const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

/**
 * A one-sided p in plain words: "eleven days picked at random do as well in 28 of 100 tries".
 * @param noun what is picked, one of it: "armed day"
 * @param p the chance of as many or more among `n` of them
 */
export function pickedBlindly(n: number, noun: string, p: number): string {
  return `${inWords(n)} ${noun}${n === 1 ? '' : 's'} picked at random ${n === 1 ? 'does' : 'do'} as well in ${tries(p)}`;
}

/** A chance as a count of tries: 28 of 100, 7 of 1,000. */
function tries(p: number): string {
  if (p < 0.001) return 'fewer than one of 1,000 tries';
  const of = p < 0.1 ? 1000 : 100;
  return `${Math.round(p * of)} of ${count(of)} tries`;
}

/** A small number as a word, a greater one in digits. */
function inWords(value: number): string {
  return WORDS[value] ?? count(value);
}
