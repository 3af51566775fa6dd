import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const OFFSET = 0;
const TARGET = 1;
const REACHED = 2;
const CELLS = 3;
/** The same as the first cell, in whole milliseconds, as PostgreSQL can read it: a big-endian integer. Its place in bytes. */
export const OFFSET_FOR_POSTGRES = CELLS * 8;

/** The clock that the processes of a trial share: test/support/steered-clock.js reads it. Instants in epoch milliseconds. */
export class ClockFile {
  readonly path: string;
  readonly #file: number;
  readonly #cells = new Float64Array(CELLS);
  readonly #bytes = new Uint8Array(this.#cells.buffer);

  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, 'w+');
    writeSync(this.#file, this.#bytes, 0, this.#bytes.length, 0);
    this.#write(OFFSET, 0);
  }

  now(): number {
    return Date.now() + this.#read(OFFSET);
  }

  /** Moves the clock on, as time passes while a process is stopped. */
  shift(ms: number): void {
    this.#write(OFFSET, this.#read(OFFSET) + ms);
  }

  /** Sets the clock. A daemon stays where it is until it is told to go on. */
  set(instant: number): void {
    this.#write(OFFSET, instant - Date.now());
    this.#write(REACHED, 0);
    this.#write(TARGET, 0);
  }

  /** Lets the process that moves the clock on (BELL_STEPS) go on to an instant. */
  goOnTo(instant: number): void {
    this.#write(TARGET, instant);
  }

  /** True when it has come there, and nothing is under way. */
  hasReached(instant: number): boolean {
    return this.#read(REACHED) >= instant;
  }

  close(): void {
    closeSync(this.#file);
  }

  #read(cell: number): number {
    readSync(this.#file, this.#bytes, 0, this.#bytes.length, 0);
    return this.#cells[cell] ?? 0;
  }

  #write(cell: number, value: number): void {
    this.#cells[cell] = value;
    writeSync(this.#file, this.#bytes, cell * 8, 8, cell * 8);
    if (cell !== OFFSET) return;
    const forPostgres = Buffer.alloc(8);
    forPostgres.writeBigInt64BE(BigInt(Math.round(value)));
    writeSync(this.#file, forPostgres, 0, 8, OFFSET_FOR_POSTGRES);
  }
}
