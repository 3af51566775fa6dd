import { test } from 'vitest';
import { fuzz } from './fuzz.ts';
import { fuzzLife } from './life.ts';

test('whatever closes, services and crashes do, each channel is told what the closes say, once', async () => {
  await fuzz(fuzzLife());
});
