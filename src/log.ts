import pino, { type Logger } from 'pino';
import { type LogLevel, withoutSecrets } from './settings.ts';

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
  if ('isTTY' in destination && destination.isTTY) {
    const { default: pretty } = await import('pino-pretty');
    return pretty({ destination, sync: true, singleLine: true, translateTime: 'SYS:yyyy-mm-dd HH:MM:ss' });
  }
  // Written before the next line of code runs: the last words of a process are the ones that matter.
  return destination === process.stderr ? pino.destination({ dest: 2, sync: true }) : destination;
}
