import { realRuntime } from '../../app/runtime.ts';
import { doctor } from '../../health/doctor.ts';
import type { Finding } from '../../health/finding.ts';
import type { Settings } from '../../settings/settings.ts';
import { home, readSettings } from '../app.ts';
import { BAD_CALL, DID_NOT_WORK, DONE, note, print } from '../output.ts';

/** Prints what the doctor finds, a line each. It opens the database itself, as that may be what is broken. */
export async function runDoctor(): Promise<void> {
  let settings: Settings;
  try {
    settings = await readSettings();
  } catch (error) {
    // Known by name, as in errors.ts.
    if (!(error instanceof Error) || error.name !== 'SettingsError') throw error;
    for (const text of error.message.split('\n')) print(lineOf({ ok: false, what: 'settings', text }));
    note('Nothing else was tested. Correct the settings and run doctor again.');
    process.exitCode = BAD_CALL;
    return;
  }
  const findings = await doctor(settings, realRuntime(note), home());
  for (const finding of findings) print(lineOf(finding));
  process.exitCode = findings.every(({ ok }) => ok) ? DONE : DID_NOT_WORK;
}

function lineOf({ ok, note: isNote, what, text }: Finding): string {
  const mark = isNote === true ? 'NOTE' : 'ok  ';
  return `${ok ? mark : 'FAIL'}  ${what}: ${text}`;
}
