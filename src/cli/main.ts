import { tellError } from './errors.ts';
import { outlivePipes } from './output.ts';
import { createProgram } from './program.ts';

/** Carries out one call of the command line, and leaves its exit code with the process. Throws nothing. */
export async function main(argv: readonly string[]): Promise<void> {
  outlivePipes();
  try {
    await createProgram().parseAsync(argv, { from: 'user' });
  } catch (error) {
    process.exitCode = await tellError(error as Error, { json: argv.includes('--json') });
  }
}
