import { describe, expect, test } from 'vitest';
import { cleanWords } from '../../src/message/clean-words.ts';

describe('words of others', () => {
  test.each([
    ['550 no\r\nBcc: all@example.com', '550 no Bcc: all@example.com'],
    ['\u001b[2J\u001b[31mred\u0007', '[2J [31mred'],
    ['a\u202egnp.exe\u2028b\u0000', 'a gnp.exe b'],
    ['größer, 你好 👩‍🚀', 'größer, 你好 👩‍🚀'],
    ['x'.repeat(600), `${'x'.repeat(500)} …`],
  ])('stand on one line that moves nothing: %j', (text, line) => {
    expect(cleanWords(text, [])).toBe(line);
  });

  test('lose their secrets before they are cut: half a secret is one too', () => {
    const line = cleanWords(`${'x'.repeat(490)} hush-hush-hush`, ['hush-hush-hush']);
    expect(line).toBe(`${'x'.repeat(490)} [secret]`);
  });
});
