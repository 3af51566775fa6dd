import { writeSync } from 'node:fs';

/** How long one line waits for a reader that is slow, in milliseconds; the lines after it do not wait at all. */
const LONGEST_WAIT_MS = 200;
const WAIT_STEP_MS = 10;

type Write = (descriptor: number, bytes: Uint8Array) => number;

export interface LineWriter {
  /** Never throws. */
  write(line: string): void;
}

/**
 * Writes whole lines to a file, pipe or terminal, before the next line of code runs. A line that cannot be written (a full
 * disk, a reader that has gone, a terminal that was closed) is dropped: what is said about the watch must never end it.
 * Once there is room again, a line says how many are missing.
 * @param descriptor of a file that is open, e.g. 2
 * @param missing the line that tells of those that were dropped, without its end
 */
export function createLineWriter(
  descriptor: number,
  missing: (lines: number, why: string) => string,
  write: Write = writeSync,
  sleep: (ms: number) => void = wait,
): LineWriter {
  let dropped = 0;
  let why = '';
  /** True where the last line was cut: the next one must not go on in it. */
  let cut = false;
  let patient = true;

  /** @returns false where it was not written whole */
  const put = (text: string): boolean => {
    let rest: Uint8Array = Buffer.from(text);
    let waited = 0;
    const { length } = rest;
    while (rest.length > 0) {
      try {
        rest = rest.subarray(write(descriptor, rest));
      } catch (error) {
        const { code = 'unknown' } = error as NodeJS.ErrnoException;
        if (code === 'EINTR') continue;
        if (code === 'EAGAIN' && patient && waited < LONGEST_WAIT_MS) {
          sleep(WAIT_STEP_MS);
          waited += WAIT_STEP_MS;
          continue;
        }
        patient = code !== 'EAGAIN';
        cut ||= rest.length < length;
        why = code;
        return false;
      }
    }
    patient = true;
    return true;
  };

  return {
    write: (line) => {
      const before = dropped === 0 ? '' : `${missing(dropped, why)}\n`;
      if (!put(`${cut ? '\n' : ''}${before}${line}`)) {
        dropped += 1;
        return;
      }
      dropped = 0;
      cut = false;
    },
  };
}

function wait(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
