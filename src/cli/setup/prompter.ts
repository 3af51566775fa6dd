/** How a setup talks with a person. A terminal is one; tests have another. */
export interface Prompter {
  /** What is about to be asked, and what helps to answer it. */
  explain(title: string, lines: readonly string[]): void;
  tell(tone: Tone, text: string): void;
  /** Blanks around the answer are gone; what is offered is the answer to nothing but Enter. */
  text(question: { readonly text: string; readonly offer: string }): Promise<string>;
  /** The same, typed unseen. Empty: what is set stays. */
  secret(question: { readonly text: string; readonly isSet: boolean }): Promise<string>;
  confirm(question: { readonly text: string; readonly offer: boolean }): Promise<boolean>;
  choose<T extends string>(question: {
    readonly text: string;
    readonly options: readonly Choice<T>[];
    readonly offer: T;
  }): Promise<T>;
  chooseSome<T extends string>(question: {
    readonly text: string;
    readonly options: readonly Choice<T>[];
    readonly offer: readonly T[];
  }): Promise<T[]>;
  /** Says what is under way, while a person may still end all of it. */
  during<T>(what: string, work: () => Promise<T>): Promise<T>;
}

export type Tone = 'good' | 'bad' | 'note';

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/** A person ended the setup. Every question and every wait may throw it. */
export class CancelledError extends Error {
  override name = 'CancelledError';
}
