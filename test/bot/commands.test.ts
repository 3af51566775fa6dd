import { expect, test } from 'vitest';
import { commandsFor } from '../../src/bot/commands.ts';

const signals = (count: number) =>
  Array.from({ length: count }, (_, nth) => ({ id: `s${nth}`, title: `Signal ${nth}` }));
const optionsOf = (count: number, command: string) =>
  (
    commandsFor(signals(count)).find(({ name }) => name === command) as {
      options: { name: string; choices?: object[] }[];
    }
  ).options;

test('with one signal no question asks which', () => {
  expect(optionsOf(1, 'history').map(({ name }) => name)).toEqual(['show']);
  expect(optionsOf(1, 'asof').map(({ name }) => name)).toEqual(['date', 'show']);
});

test('several can be chosen from, and of more than Discord offers the id is typed', () => {
  // Source: Discord's reference, "Application Command Option Structure": at most 25 choices.
  const [few] = optionsOf(25, 'history');
  expect(few).toMatchObject({ name: 'signal' });
  expect(few?.choices).toHaveLength(25);
  expect(few?.choices?.[0]).toEqual({ name: 'Signal 0', value: 's0' });
  const [many] = optionsOf(26, 'history');
  expect(many).toMatchObject({ name: 'signal' });
  expect(many).not.toHaveProperty('choices');
});
