import { describe, expect, test } from 'vitest';
import { createLineWriter } from '../../src/daemon/line-writer.ts';

/** A file that takes what the next answer says: so many bytes, all of them, or an error's code. */
function fileOf(...answers: (number | 'all' | string)[]) {
  let text = '';
  let slept = 0;
  let tries = 0;
  const { write } = createLineWriter(
    2,
    (lines, why) => `(${lines} lost: ${why})`,
    (_descriptor, bytes) => {
      tries += 1;
      const answer = answers.shift() ?? 'all';
      if (typeof answer === 'string' && answer !== 'all') throw Object.assign(new Error(answer), { code: answer });
      const taken = typeof answer === 'number' ? answer : bytes.length;
      text += Buffer.from(bytes).toString('utf8', 0, taken);
      return taken;
    },
    (ms) => {
      slept += ms;
    },
  );
  return { write, text: () => text, slept: () => slept, tries: () => tries };
}

describe('a line writer', () => {
  test('writes on where a write took only a part', () => {
    const file = fileOf(3, 'all');
    file.write('one\n');
    expect(file.text()).toBe('one\n');
  });

  test.each(['ENOSPC', 'EPIPE', 'EIO', 'EBADF', 'EDQUOT'])(
    'drops lines on %s, and says how many when it is over',
    (code) => {
      const file = fileOf(code, code, 'all');
      for (const line of ['one\n', 'two\n', 'three\n', 'four\n']) file.write(line);
      expect(file.text()).toBe(`(2 lost: ${code})\nthree\nfour\n`);
    },
  );

  test('begins a new line after one that was cut', () => {
    const file = fileOf(2, 'ENOSPC', 'all');
    file.write('one\n');
    file.write('two\n');
    expect(file.text()).toBe('on\n(1 lost: ENOSPC)\ntwo\n');
  });

  test('waits a little for a slow reader, and not again at every line', () => {
    const file = fileOf(...Array.from({ length: 40 }, () => 'EAGAIN'));
    for (let line = 0; line < 10; line++) file.write('one\n');
    expect(file.slept()).toBe(200);
    expect(file.tries()).toBeLessThan(40);
  });

  test('goes on where the reader has caught up', () => {
    const file = fileOf('EAGAIN', 'EINTR', 'all');
    file.write('one\n');
    expect(file.text()).toBe('one\n');
  });
});
