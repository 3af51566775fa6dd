import pino, { type Logger } from 'pino';
import { withoutSecrets } from '../message/clean-words.ts';
import type { LogLevel } from '../settings/settings.ts';
import { createLineWriter } from './line-writer.ts';

/**
 * The daemon's log, from which every secret is taken out: JSON lines, or what people read when `destination` says that it
 * is a terminal.
 */
export async function createLog(
  level: LogLevel,
  secrets: readonly string[],
  destination: NodeJS.WriteStream | NodeJS.WritableStream = process.stderr,
): Promise<Logger> {
  // As they stand in JSON too, where a quotation mark or a backslash has another one before it.
  const spellings = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: { streamWrite: (line) => withoutSecrets(line, spellings) },
    },
    await streamTo(destination),
  );
}

async function streamTo(destination: NodeJS.WriteStream | NodeJS.WritableStream) {
  const isTTY = 'isTTY' in destination && destination.isTTY;
  // Written before the next line of code runs: the last words of a process are the ones that matter.
  const stream = destination === process.stderr ? createLineWriter(2, isTTY ? lostLines : lostAsJson) : destination;
  if (!isTTY) return stream;
  const { default: pretty } = await import('pino-pretty');
  const to = stream as NodeJS.WritableStream;
  return pretty({ destination: to, sync: true, singleLine: true, translateTime: 'SYS:yyyy-mm-dd HH:MM:ss' });
}

function lostLines(lines: number, why: string): string {
  return `${lines} ${lines === 1 ? 'line' : 'lines'} of the log could not be written (${why})`;
}

function lostAsJson(lines: number, why: string): string {
  return JSON.stringify({ level: 40, time: new Date().toISOString(), msg: lostLines(lines, why) });
}
