import { Resvg } from '@resvg/resvg-js';
import { describe, expect, test } from 'vitest';
import { indexedPng } from '../../src/chart/indexed-png.ts';

/** The pixels of a PNG, read by a decoder that is not ours. */
function decoded(png: Uint8Array, width: number, height: number): number[] {
  const size = `width="${width}" height="${height}"`;
  const image = `<image ${size} image-rendering="pixelated" href="data:image/png;base64,${Buffer.from(png).toString('base64')}"/>`;
  return [...new Resvg(`<svg xmlns="http://www.w3.org/2000/svg" ${size}>${image}</svg>`).render().pixels];
}

/** Opaque pixels of these colours. */
const pixelsOf = (colours: readonly (readonly number[])[]) =>
  new Uint8Array(colours.flatMap((colour) => [...colour, 255]));

describe('a picture with a palette', () => {
  test('of few colours is exactly the picture, whatever its width', () => {
    const pixels = pixelsOf([
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [255, 0, 0],
      [1, 2, 3],
      [254, 253, 252],
    ]);
    for (const width of [1, 2, 3, 6]) {
      expect(decoded(indexedPng(pixels, width), width, 6 / width)).toEqual([...pixels]);
    }
  });

  test('of 256 colours is exactly the picture', () => {
    const pixels = pixelsOf(Array.from({ length: 256 }, (_, n) => [n, 255 - n, (n * 7) % 256]));
    expect(decoded(indexedPng(pixels, 16), 16, 16)).toEqual([...pixels]);
  });

  test('of more colours differs where they hardly do, and keeps the frequent ones', () => {
    const white = Array.from({ length: 64 * 32 }, () => [255, 255, 255]);
    const blends = Array.from({ length: 64 * 32 }, (_, n) => [n % 64, (n * 3) % 200, Math.floor(n / 64)]);
    const pixels = pixelsOf([...white, ...blends]);
    const shown = decoded(indexedPng(pixels, 64), 64, 64);
    expect(shown.slice(0, 4 * white.length)).toEqual([...pixels.slice(0, 4 * white.length)]);
    const off = shown.map((value, at) => Math.abs(value - (pixels[at] ?? 0)));
    expect(Math.max(...off)).toBeGreaterThan(0);
    expect(Math.max(...off)).toBeLessThanOrEqual(16);
  });
});
