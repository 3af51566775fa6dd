/** What a person answered, or what is set already, by the names of the questions or of variables. None is there: not set. */
export type Answers = Readonly<Record<string, string>>;

/** How `npm run setup` asks for a kind of channel. */
export interface Asks {
  /** As people choose it: `Discord webhook`. */
  readonly title: string;
  /** In the middle of a sentence: `the Discord webhook`. */
  readonly name: string;
  /** What it is like, in a few words. */
  readonly hint: string;
  /** Where its values are found, a line each. */
  readonly guide: readonly string[];
  /** In this order. Who answers the first one with nothing goes on without the channel. */
  readonly questions: readonly Question[];
  /** The answers that its variables stand for; absent: each question is a variable. */
  readonly split?: (env: Answers) => Answers;
  /** The variables that answers make. @param before the variables as they were */
  readonly join?: (answers: Answers, before: Answers) => Answers;
}

export interface Question {
  /** The variable, or a part of it. */
  readonly name: string;
  /** The variable that the answer becomes a part of; absent: `name`. */
  readonly variable?: string;
  readonly text: string;
  /** It is typed unseen. */
  readonly secret?: true;
  /** Whether it is asked after these answers; absent: always. */
  readonly isAsked?: (answers: Answers) => boolean;
  /** The channel works without it. */
  readonly optional?: true;
  /** What is offered while nothing is set, from the answers before. */
  readonly offer?: (answers: Answers) => string;
}

/** The variable that a question is about. */
export function variableOf({ name, variable = name }: Question): string {
  return variable;
}
