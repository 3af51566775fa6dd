import { expect, test } from 'vitest';
import { readBody } from '../../src/market/bounded-body.ts';

test('a body up to its bound is read whole', async () => {
  const { bytes, isTooBig } = await readBody(new Response('1234').body, 4);
  expect([bytes.toString(), isTooBig]).toEqual(['1234', false]);
  expect(await readBody(null, 4)).toEqual({ bytes: Buffer.alloc(0), isTooBig: false });
});

test('of one that never ends no more is read than passes the bound', async () => {
  let [asked, closed] = [0, false];
  async function* endless() {
    try {
      for (;;) {
        asked++;
        yield Buffer.from('abc');
      }
    } finally {
      closed = true;
    }
  }
  const { bytes, isTooBig } = await readBody(endless(), 4);
  expect([bytes.toString(), isTooBig, asked, closed]).toEqual(['abcabc', true, 2, true]);
});
