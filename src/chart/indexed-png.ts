import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** The most colours that a byte can name. */
const MOST = 256;
/** Where colours are made one, how much further apart they may be with each attempt, of 255. */
const STEP = 4;

/**
 * Writes an opaque picture as a PNG with a palette. A chart has few colours and the blends between them: it comes out a
 * third as large as with every pixel's own, so a mail has room for a dark twin of each picture. Of more than 256 colours,
 * those that differ least become one.
 * @param pixels red, green, blue and alpha of each pixel, a byte each, row by row
 * @param width in pixels
 */
export function indexedPng(pixels: Uint8Array, width: number): Uint8Array {
  const height = pixels.length / (4 * width);
  const used = coloursIn(pixels);
  const palette = paletteOf(used);
  const indexOf = new Map(used.map((colour) => [colour, nearest(palette, colour)]));
  // Each row begins with its filter: 0, none, which suits a palette best.
  const rows = new Uint8Array((width + 1) * height);
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 1; column <= width; column++, at += 4) {
      rows[row * (width + 1) + column] = indexOf.get(colourAt(pixels, at)) ?? 0;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits a pixel, each an index into the palette.
  header.set([8, 3], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(bytesOf))),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** Every colour of a picture, the most frequent first. */
function coloursIn(pixels: Uint8Array): number[] {
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += 4) {
    const colour = colourAt(pixels, at);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([colour]) => colour);
}

/** At most 256 of these colours, those before others, such that every one is near to one of them. */
function paletteOf(colours: readonly number[]): number[] {
  if (colours.length <= MOST) return [...colours];
  for (let apart = STEP; ; apart += STEP) {
    const palette: number[] = [];
    for (const colour of colours) {
      if (palette.length > MOST) break;
      if (palette.every((chosen) => distance(chosen, colour) > apart)) palette.push(colour);
    }
    if (palette.length <= MOST) return palette;
  }
}

function nearest(palette: readonly number[], colour: number): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const [index, chosen] of palette.entries()) {
    const apart = distance(chosen, colour);
    if (apart < least) [best, least] = [index, apart];
  }
  return best;
}

/** How far two colours are apart in the channel where they differ most. */
function distance(a: number, b: number): number {
  return Math.max(
    Math.abs((a >> 16) - (b >> 16)),
    Math.abs(((a >> 8) & 255) - ((b >> 8) & 255)),
    Math.abs((a & 255) - (b & 255)),
  );
}

function colourAt(pixels: Uint8Array, at: number): number {
  return ((pixels[at] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0);
}

function bytesOf(colour: number): number[] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}
