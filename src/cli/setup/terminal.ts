import { PassThrough } from 'node:stream';
import { styleText } from 'node:util';
import { confirm, intro, isCancel, log, multiselect, type Option, outro, password, select, text } from '@clack/prompts';
import { wrapWords } from '../../render/wrap-words.ts';
import { CancelledError, type Choice, type Prompter } from './prompter.ts';

const CTRL_C = 3;
const CTRL_D = 4;
/** A terminal that is gone. */
const ENDS = ['end', 'close', 'error'];

interface Question<T extends string, Offer> {
  readonly text: string;
  readonly options: readonly Choice<T>[];
  readonly offer: Offer;
}

/** A person at a terminal. */
export interface Terminal extends Prompter {
  begin(title: string): void;
  end(text: string): void;
}

export function createTerminal(): Terminal {
  const { stdout } = process;
  // A terminal that does not tell its size, as one that Docker has just made.
  if (!(stdout.columns > 0)) Object.assign(stdout, { columns: 80, rows: 24 });
  const { forOneQuestion: asked, during, close } = readKeys();
  const answered = async <T>(answering: Promise<T>): Promise<Exclude<T, symbol>> => {
    const answer = await answering;
    if (isCancel(answer)) throw new CancelledError();
    return answer as Exclude<T, symbol>;
  };
  // Nothing typed may be undefined.
  const trimmed = async (answering: Promise<string | symbol>) => ((await answered(answering)) ?? '').trim();
  return {
    begin: intro,
    end: (text) => {
      close();
      outro(text);
    },
    explain: (title, lines) => log.info([styleText('bold', title), ...lines.flatMap(wrapped)].join('\n')),
    tell: (tone, text) => ({ good: log.success, bad: log.error, note: log.warn })[tone](wrapped(text).join('\n')),
    text: (question) => trimmed(text({ ...asked(), message: question.text, initialValue: question.offer })),
    secret: ({ text, isSet }) =>
      trimmed(password({ ...asked(), message: `${text} (${isSet ? 'Enter keeps the present one' : 'Enter: none'})` })),
    confirm: (question) => answered(confirm({ ...asked(), message: question.text, initialValue: question.offer })),
    choose: <T extends string>({ text: message, options, offer: initialValue }: Question<T, T>) =>
      answered(select<T>({ ...asked(), message, options: options as Option<T>[], initialValue })),
    chooseSome: <T extends string>({ text: message, options, offer }: Question<T, readonly T[]>) =>
      answered(
        multiselect<T>({
          ...asked(),
          message,
          options: options as Option<T>[],
          initialValues: [...offer],
          required: false,
        }),
      ),
    during: (what, work) => {
      log.step(`${what} …`);
      return during(work);
    },
  };
}

/**
 * The keys of the terminal. It echoes nothing before the end, also between two questions: what is typed ahead may be the rest
 * of a secret that was pasted. So the library gets a stream that is no terminal, as it would turn the echo on again.
 */
function readKeys() {
  const { stdin } = process;
  const keys = new PassThrough();
  let question = new AbortController();
  let interrupt: (() => void) | undefined;
  let isGone = false;
  const leave = () => {
    isGone = true;
    question.abort();
    interrupt?.();
  };
  const pass = (typed: Buffer) => {
    // The library takes Ctrl-C and Escape only.
    if (typed.includes(CTRL_D)) leave();
    else if (interrupt === undefined) keys.write(typed);
    else if (typed.includes(CTRL_C)) interrupt();
  };
  stdin.setRawMode(true);
  stdin.on('data', pass);
  for (const event of ENDS) stdin.on(event, leave);
  return {
    /** One each: the library lets every question hear of a signal that was ever given one. */
    forOneQuestion: () => {
      question = new AbortController();
      if (isGone) question.abort();
      return { input: keys, signal: question.signal };
    },
    /** Works while every key but Ctrl-C and Ctrl-D is dropped. */
    during: async <T>(work: () => Promise<T>): Promise<T> => {
      const cancelled = new Promise<never>((_, reject) => {
        interrupt = () => reject(new CancelledError());
        if (isGone) interrupt();
      });
      try {
        return await Promise.race([work(), cancelled]);
      } finally {
        interrupt = undefined;
      }
    },
    close: () => {
      stdin.off('data', pass);
      for (const event of ENDS) stdin.off(event, leave);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

/** As wide as the terminal, behind the line that the library draws. */
function wrapped(text: string): string[] {
  return wrapWords(text, process.stdout.columns - 4);
}
