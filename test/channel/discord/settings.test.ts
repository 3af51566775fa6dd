import { describe, expect, test } from 'vitest';
import { readMention } from '../../../src/channel/discord/settings.ts';

describe('a bad setting is refused, naming it and what is allowed', () => {
  test.each<[Record<string, string>, RegExp]>([
    [{ DISCORD_MENTION: '@everyone' }, /DISCORD_MENTION is '@everyone'; allowed: a role '<@&123>'/],
  ])('%j', (env, message) => {
    expect(() => readMention(env)).toThrow(message);
  });
});
