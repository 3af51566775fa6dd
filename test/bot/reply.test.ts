import { describe, expect, test } from 'vitest';
import { connected, stage } from '../support/bot-stage.ts';
import { SEP_17 } from '../support/story.ts';

describe('what a person typed, or a service said', () => {
  const HOSTILE = [
    '**bold** __u__ ~~s~~ ||spoiler|| `code` ```block```',
    '[click](https://evil.example/x) https://evil.example/y <https://evil.example/z>',
    '@everyone <@&123> <@456> <#789> <:x:1> <t:0:R>',
    '# Title\n> quote\n- list',
    '\u202eesrever \\`\\*',
  ];
  /** What Discord would read as more than text: a sign that no backslash stands before, a mention, an address. */
  const ALIVE = /(?<!\\)(?:\\\\)*[*_~`|[<]|(?<!\\)@(?!\u200b)|https?:\/\/|^\s*[#>]|^- |\u202e/m;

  test.each(HOSTILE)('is shown as text: %s', async (value) => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_17, async (app) => {
      const replies = [
        await at.gateway.command('chart', { which: value }),
        await at.gateway.command('history', { signal: value }),
        await at.gateway.command('asof', { date: value }),
        await at.gateway.press(`evidence/${value}`),
      ];
      Object.assign(app.closes, {
        accepted: () => {
          throw new Error(value);
        },
      });
      replies.push(await at.gateway.command('history'));
      for (const { content } of replies) {
        expect(content.length).toBeGreaterThan(10);
        expect(content).not.toMatch(ALIVE);
      }
    });
  });

  test('is said back in short', async () => {
    const at = await stage();
    await at.story.check(SEP_17);
    await connected(at, SEP_17, async () => {
      const { content } = await at.gateway.command('chart', { which: '*'.repeat(6000) });
      expect(content).toMatch(/^which is '(\\\*){50}…'; allowed: record, outcomes\.$/);
    });
  });
});
