import { fold } from '../console/fold.ts';
import { paint } from '../console/paint.ts';
import { withoutSecrets as without } from '../message/clean-words.ts';

/** How a command ends: 0 done, 1 something did not work, 2 bad arguments or settings. */
export const DONE = 0;
export const DID_NOT_WORK = 1;
export const BAD_CALL = 2;

let secrets: readonly string[] = [];

/** From now on these stay out of what is said beside the answer. */
export function keepSecret(texts: readonly string[]): void {
  secrets = texts;
}

/** A line of the answer; what is one paragraph is one line, where the output is piped. */
export function print(line: string): void {
  const { isTTY, columns } = process.stdout;
  for (const part of line.split('\n').flatMap((one) => fold(one, isTTY ? columns : undefined))) {
    process.stdout.write(`${paint(part)}\n`);
  }
}

/** The whole answer, as one document. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Whatever is not the answer goes to standard error. */
export function note(line: string): void {
  process.stderr.write(`${withoutSecrets(line)}\n`);
}

/** The line with `[secret]` in the place of each secret that is known. */
export function withoutSecrets(line: string): string {
  return without(line, secrets);
}

/**
 * What is printed must not end what is done. `npm run status | head` closes the pipe early, which is no fault; on a full
 * disk the answer is lost, so that the command has failed, but the work is done to its end.
 */
export function outlivePipes(): void {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return;
    note(`Standard output could not be written (${message}); the command itself was carried out.`);
    process.on('exit', () => {
      process.exitCode ||= DID_NOT_WORK;
    });
  });
  // There is nowhere left to say it.
  process.stderr.on('error', () => {});
}
