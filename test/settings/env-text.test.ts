import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SettingsError } from '../../src/channel/settings-error.ts';
import { withVariables } from '../../src/settings/env-text.ts';

const EXAMPLE = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8');

describe('an .env is changed in place', () => {
  test.each([
    ['a new variable goes to the end', 'A=1\n', { B: '2' }, 'A=1\nB=2\n'],
    ['also behind a line that has no end', 'A=1', { B: '2' }, 'A=1\nB=2\n'],
    ['or below its commented example', '# B=x\n\n# C=y\n', { B: '2' }, '# B=x\nB=2\n\n# C=y\n'],
    ['a value is replaced where it stands', '# why\nA=1\nB=2\n', { A: '3' }, '# why\nA=3\nB=2\n'],
    ['and the comment behind it stays', 'A=1 # mine\nB=2\n', { A: 'x y' }, 'A=x y # mine\nB=2\n'],
    ['so does the comment of a later line', 'A=1\n\n# of B\nB=2\n', { A: '3' }, 'A=3\n\n# of B\nB=2\n'],
    ['an empty value is filled', 'A=\nB=2\n', { A: '3' }, 'A=3\nB=2\n'],
    ['export stays', 'export A=1\n', { A: '3' }, 'export A=3\n'],
    ['a value over several lines is replaced whole', 'A="1\n2"\nB=2\n', { A: '3' }, 'A=3\nB=2\n'],
    ['what was set twice is set once, where it counted', 'A=1\nB=2\nA=3\n', { A: '4' }, 'B=2\nA=4\n'],
    ['an empty value takes a variable out', '# why\nA=1 # x\nB=2\n', { A: '' }, '# why\nB=2\n'],
    ['every time that it was set', '  A=1\nB=2\nA="3\n4"\n', { A: '' }, 'B=2\n'],
    ['what is not there is not taken out', '# A=1\n', { A: '' }, '# A=1\n'],
    ['what is the same stays as it was written', "A = '1'  # mine\n", { A: '1' }, "A = '1'  # mine\n"],
    ['the line ends of Windows stay', 'A=1\r\nB=2\r\n', { A: '3', C: '4' }, 'A=3\r\nB=2\r\nC=4\r\n'],
    ['an example inside a value is none', "A='\n# B=1\n'\n", { B: '2' }, "A='\n# B=1\n'\nB=2\n"],
  ])('%s', (_, text, changes, expected) => {
    expect(withVariables(text, changes)).toBe(expected);
  });

  test.each([
    ['smtp://u:p@h.example:587?x=1&y=2', 'smtp://u:p@h.example:587?x=1&y=2'],
    ['Bell <bell@example.com>', 'Bell <bell@example.com>'],
    ['a#b', "'a#b'"],
    ['$HOME', "'$HOME'"],
    ['back\\slash', "'back\\slash'"],
    ["it's # $1", '"it\'s # $1"'],
    ['\'single\' and "double" #', '`\'single\' and "double" #`'],
    ['"quoted"', '\'"quoted"\''],
    // In double quotes dotenv makes a line break of it.
    ["it's \\n #", "`it's \\n #`"],
    ['two  spaces', "'two  spaces'"],
  ])('%s is written as %s', (value, written) => {
    const text = withVariables('', { NAME: value });
    expect(text).toBe(`NAME=${written}\n`);
    expect(parse(text)).toEqual({ NAME: value });
  });

  test('what dotenv could not read again is refused and not shown', () => {
    const value = `h'u"s\`h #`;
    expect(() => withVariables('A=1\n', { TOKEN: value })).toThrow(SettingsError);
    expect(() => withVariables('A=1\n', { TOKEN: value })).toThrow(/^TOKEN cannot be written .* set TOKEN_FILE$/);
    expect(() => withVariables('A=1\n', { TOKEN: value })).not.toThrow(value);
  });

  test('each variable of .env.example goes below its own example', () => {
    const names = [...EXAMPLE.matchAll(/^# ([A-Z][A-Z0-9_]*)=/gm)].map(([, name = '']) => name);
    expect(names).toContain('SMTP_URL');
    const lines = withVariables(EXAMPLE, Object.fromEntries(names.map((name) => [name, 'x']))).split('\n');
    for (const name of names) expect(lines[lines.indexOf(`${name}=x`) - 1]).toMatch(new RegExp(`^# ${name}=`));
    expect(lines.filter((line) => !line.endsWith('=x')).join('\n')).toBe(EXAMPLE);
  });
});

/** Values as people have them, of the characters that such files treat in a way of their own. */
const value = fc
  .string({ unit: fc.constantFrom(...'ab1 =#$%&\'"`\\nr@:/?<>{}[]()!*~^|;,.-_é日'), maxLength: 24 })
  .map((text) => text.trim());
const name = fc.constantFrom('A', 'B', 'SMTP_URL', 'EMAIL_TO', 'DISCORD_WEBHOOK_URL');
/** Lines as they are found, sound and broken. */
const line = fc.oneof(
  fc.tuple(name, value).map(([left, right]) => `${left}=${right}`),
  fc.tuple(name, value).map(([left, right]) => `  export ${left} = ${right} # comment`),
  fc.tuple(name, value).map(([left, right]) => `# ${left}=${right}`),
  fc.tuple(name, fc.constantFrom(...'\'"`'), value).map(([left, quote, right]) => `${left}=${quote}${right}${quote}`),
  fc.tuple(name, value, value).map(([left, one, two]) => `${left}="${one}\n${two}"`),
  fc.constantFrom('', '# ── a heading ──', 'no assignment', '\t', `'`, '"', '`'),
);
const file = fc.tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), fc.boolean());
const changes = fc.dictionary(name, value, { maxKeys: 4 });

describe('whatever is in an .env and whatever is written', () => {
  const set = (variables: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(variables).filter(([, text]) => text !== ''));

  test('dotenv reads what was written, and all the rest as before', () => {
    fc.assert(
      fc.property(file, changes, ([lines, end, isEnded], wanted) => {
        const text = lines.join(end) + (isEnded ? end : '');
        let edited: string;
        try {
          edited = withVariables(text, wanted);
        } catch (error) {
          // Said, not written wrongly.
          expect(error).toBeInstanceOf(SettingsError);
          return;
        }
        expect(set(parse(edited))).toEqual(set({ ...parse(text), ...wanted }));
      }),
      { numRuns: 3000 },
    );
  });

  test('comments and headings stay', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), changes, (lines, wanted) => {
        const comments = lines.filter((one) => one.startsWith('# ──'));
        const sound = lines.filter((one) => !/['"`\n]/.test(one) || one.startsWith('#'));
        const edited = withVariables(`${sound.join('\n')}\n`, set(plain(wanted)));
        expect(edited.split('\n').filter((one) => one.startsWith('# ──'))).toEqual(comments);
      }),
    );
  });

  test('only all three quotes beside a # cannot be written into a sound file', () => {
    fc.assert(
      fc.property(value, (text) => {
        fc.pre(!/^['"`]/.test(text) && !/['"`\\]$/.test(text) && !(/'/.test(text) && /"/.test(text) && /`/.test(text)));
        expect(set(parse(withVariables('A=1\n# B=2\n', { B: text })))).toEqual(set({ A: '1', B: text }));
      }),
      { numRuns: 3000 },
    );
  });

  /** Values that need no more than single quotes. */
  function plain(variables: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(variables).map(([key, text]) => [key, text.replace(/['"`\\]/g, '')]));
  }
});
