import { expect, test } from 'vitest';
import type { Signal } from '../../src/signal/signal.ts';
import { signalNamed } from '../../src/signal/signal-named.ts';

const SIGNALS = [{ id: 'russell-2000' }, { id: 'nasdaq-100' }] as Signal[];

test('a signal is found by its id, and the first one where none is named', () => {
  expect(signalNamed(SIGNALS, 'nasdaq-100')).toBe(SIGNALS[1]);
  expect(signalNamed(SIGNALS, undefined)).toBe(SIGNALS[0]);
});

test('an id that there is not is no other signal', () => {
  expect(signalNamed(SIGNALS, 'dax')).toBeUndefined();
  expect(signalNamed([], undefined)).toBeUndefined();
});
