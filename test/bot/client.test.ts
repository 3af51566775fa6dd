import { expect, test } from 'vitest';
import { loginFailure } from '../../src/bot/client.ts';

// The codes are discord.js's own (DiscordjsErrorCodes).
test.each(['TokenInvalid', 'DisallowedIntents', 'InvalidIntents'])('%s is final: Discord refuses the bot', (code) => {
  const error = Object.assign(new Error('no'), { code });
  expect(loginFailure(error)).toEqual({ words: 'Discord refuses the bot: no', isFinal: true });
});

test('whatever else fails at a login is tried again', () => {
  const words = "Discord's gateway cannot be reached: no";
  expect(loginFailure(new Error('no'))).toEqual({ words, isFinal: false });
  expect(loginFailure(Object.assign(new Error('no'), { code: 'ECONNREFUSED' }))).toEqual({ words, isFinal: false });
});
