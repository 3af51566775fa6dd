import { realRuntime } from '../../app/runtime.ts';
import { doctor } from '../../health/doctor.ts';
import { ROOT, readSettings } from '../app.ts';
import { DID_NOT_WORK, DONE, note, print } from '../output.ts';

/** Prints what the doctor finds, a line each. It opens the database itself, as that may be what is ill. */
export async function runDoctor(): Promise<void> {
  const findings = await doctor(await readSettings(), realRuntime(note), ROOT);
  for (const { ok, what, text } of findings) print(`${ok ? 'ok  ' : 'FAIL'}  ${what}: ${text}`);
  process.exitCode = findings.every(({ ok }) => ok) ? DONE : DID_NOT_WORK;
}
