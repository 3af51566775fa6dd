import pino, { type Logger } from 'pino';
import { type LogLevel, withoutSecrets } from './settings.ts';

/** The daemon's log: JSON lines on standard error, from which every secret is taken out. */
export function createLog(
  level: LogLevel,
  secrets: readonly string[],
  destination: number | NodeJS.WritableStream = 2,
): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: { streamWrite: (line) => withoutSecrets(line, secrets) },
    },
    typeof destination === 'number' ? pino.destination({ dest: destination, sync: true }) : destination,
  );
}
