/** What came of a body. */
export interface Body {
  readonly bytes: Buffer;
  /** True where there was more than was to be read. */
  readonly isTooBig: boolean;
}

/**
 * Reads a body up to a size: a service that is broken, or is another one, must not fill the memory. Who leaves the loop closes
 * the connection.
 * @param most bytes, after which no more is read
 */
export async function readBody(body: AsyncIterable<Uint8Array> | null | undefined, most: number): Promise<Body> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > most) return { bytes: Buffer.concat(chunks), isTooBig: true };
  }
  return { bytes: Buffer.concat(chunks), isTooBig: false };
}
