import { CancelledError, type Prompter } from '../../src/cli/setup/prompter.ts';

/** An answer: what is typed, chosen or said. */
type Answer = string | boolean | readonly string[];

const MOST = 150;

/** A person without a terminal, who answers what was arranged and takes what is offered for all the rest. */
export interface FakePrompter extends Prompter {
  /** Everything that a person would read, a line each: `good: …`, `? question [offer]`. What is typed unseen is not in it. */
  readonly seen: string[];
  /** The answers that nobody asked for. */
  readonly left: () => readonly (readonly [question: RegExp, answer: Answer])[];
}

/**
 * @param answers in the order of the questions; the next one is for the first question that it matches
 * @param endAt the number of the question, from 0, at which the person ends it
 */
export function createFakePrompter(
  answers: readonly (readonly [question: RegExp, answer: Answer])[] = [],
  endAt = Number.POSITIVE_INFINITY,
): FakePrompter {
  const seen: string[] = [];
  let next = 0;
  let asked = 0;
  const answerTo = <T extends Answer>(text: string, offer: T): T => {
    seen.push(`? ${text} [${offer}]`);
    if (asked++ === endAt) throw new CancelledError();
    // Who takes what is offered and is asked again and again would never be done.
    if (asked > MOST) throw new Error(`asked in circles:\n${seen.slice(-20).join('\n')}`);
    const [question, answer] = answers[next] ?? [];
    if (question === undefined || answer === undefined || !question.test(text)) return offer;
    next++;
    return answer as T;
  };
  return {
    seen,
    left: () => answers.slice(next),
    explain: (title, lines) => seen.push(title, ...lines),
    tell: (tone, text) => seen.push(`${tone}: ${text}`),
    text: async ({ text, offer }) => answerTo(text, offer),
    secret: async ({ text, isSet }) => {
      return answerTo(`${text}${isSet ? ' (set)' : ''}`, '');
    },
    confirm: async ({ text, offer }) => answerTo(text, offer),
    choose: async ({ text, options, offer }) => {
      const value = answerTo(text, offer);
      if (!options.some((option) => option.value === value)) throw new Error(`'${value}' is no choice of '${text}'`);
      return value;
    },
    chooseSome: async ({ text, options, offer }) => {
      const values = answerTo(text, offer);
      const known = options.map(({ value }) => value);
      if (!values.every((value) => known.includes(value))) throw new Error(`${values} are no choices of '${text}'`);
      return [...values];
    },
    during: (what, work) => {
      seen.push(`${what} …`);
      return work();
    },
  };
}
