import { tellError } from './errors.ts';
import { note, outlivePipes } from './output.ts';
import { createProgram } from './program.ts';
import { refuseSwallowed } from './swallowed.ts';

/** Carries out one call of the command line, and leaves its exit code with the process. Throws nothing. */
export async function main(argv: readonly string[]): Promise<void> {
  outlivePipes();
  try {
    const program = createProgram();
    refuseSwallowed(program, argv, process.env).forEach(note);
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    process.exitCode = await tellError(error as Error, { json: argv.includes('--json') });
  }
}
