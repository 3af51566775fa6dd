import { styleText } from 'node:util';
import { confirm, intro, isCancel, log, multiselect, type Option, outro, password, select, text } from '@clack/prompts';
import { wrapWords } from '../../render/wrap-words.ts';
import { CancelledError, type Choice, type Prompter } from './prompter.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
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
  const { stdin, stdout } = process;
  // A terminal that does not tell its size, as one that Docker has just made.
  if (!(stdout.columns > 0)) Object.assign(stdout, { columns: 80, rows: 24 });
  const gone = new AbortController();
  const { signal } = gone;
  // The library takes Ctrl-C and Escape only. Without a reader nobody would ever answer.
  const leave = () => gone.abort();
  const watch = (_: unknown, { ctrl, name }: { readonly ctrl: boolean; readonly name?: string }) => {
    if (ctrl && name === 'd') leave();
  };
  stdin.on('keypress', watch);
  for (const event of ENDS) stdin.on(event, leave);
  const answered = async <T>(asked: Promise<T>): Promise<Exclude<T, symbol>> => {
    const answer = await asked;
    if (isCancel(answer)) throw new CancelledError();
    return answer as Exclude<T, symbol>;
  };
  // Nothing typed may be undefined.
  const trimmed = async (asked: Promise<string | symbol>) => ((await answered(asked)) ?? '').trim();
  return {
    begin: intro,
    end: (text) => {
      stdin.off('keypress', watch);
      for (const event of ENDS) stdin.off(event, leave);
      stdin.pause();
      outro(text);
    },
    explain: (title, lines) => log.info([styleText('bold', title), ...lines.flatMap(wrapped)].join('\n')),
    tell: (tone, text) => ({ good: log.success, bad: log.error, note: log.warn })[tone](wrapped(text).join('\n')),
    text: (question) => trimmed(text({ message: question.text, initialValue: question.offer, signal })),
    secret: ({ text, isSet }) =>
      trimmed(password({ message: `${text} (${isSet ? 'Enter keeps the one that is set' : 'Enter: none'})`, signal })),
    confirm: (question) => answered(confirm({ message: question.text, initialValue: question.offer, signal })),
    choose: <T extends string>({ text: message, options, offer: initialValue }: Question<T, T>) =>
      answered(select<T>({ message, options: options as Option<T>[], initialValue, signal })),
    chooseSome: <T extends string>({ text: message, options, offer }: Question<T, readonly T[]>) =>
      answered(
        multiselect<T>({
          message,
          options: options as Option<T>[],
          initialValues: [...offer],
          required: false,
          signal,
        }),
      ),
    during: (what, work) => {
      log.step(`${what} …`);
      return unechoed(work);
    },
  };
}

/** Works while what is typed ahead is not shown, as it may be the rest of a secret, and Ctrl-C still ends everything. */
async function unechoed<T>(work: () => Promise<T>): Promise<T> {
  const { stdin } = process;
  let end: (typed: Buffer) => void = () => {};
  const cancelled = new Promise<never>((_, reject) => {
    end = (typed) => {
      if (typed.includes(CTRL_C) || typed.includes(CTRL_D)) reject(new CancelledError());
    };
  });
  stdin.setRawMode(true);
  stdin.on('data', end);
  stdin.resume();
  try {
    return await Promise.race([work(), cancelled]);
  } finally {
    stdin.off('data', end);
    stdin.setRawMode(false);
    stdin.pause();
  }
}

/** As wide as the terminal, behind the line that the library draws. */
function wrapped(text: string): string[] {
  return wrapWords(text, process.stdout.columns - 4);
}
