import type { Logger } from 'pino';
import { together } from '../channel/names.ts';
import type { Report } from '../check/report.ts';
import { DatabaseGoneError } from '../store/errors.ts';
import type { Round } from './round.ts';

/** One line a round: what it saw and did. A round without anything to do is told to who asks for details only. */
export function logRound(log: Logger, why: string, done: Round): void {
  const { report, skipped, posted, backup, drilled, problems, errors } = done;
  for (const err of errors) {
    if (err instanceof DatabaseGoneError) log.fatal({ reason: err.message, why }, 'monitoring has stopped');
    else log.error({ err, why }, 'a duty failed');
  }
  const did = { posted, ...(backup === undefined ? {} : { backup }), ...(drilled ? { drilled } : {}) };
  const line = { why, ...(report && seen(report)), ...did, ...(skipped === undefined ? {} : { skipped }), problems };
  const text = report === undefined ? (skipped === undefined ? 'round done' : 'check skipped') : 'check done';
  const quiet =
    report === undefined && skipped === undefined && posted.length === 0 && backup === undefined && !drilled;
  if (problems.length > 0) log.warn(line, `${text}, with problems`);
  else if (quiet) log.debug(line, text);
  else log.info(line, text);
}

/** What a check saw, where many deliveries that fare alike are one. */
function seen({ asOf, signals, fired, deliveries, held, missing }: Report) {
  return {
    asOf,
    signals: signals.map(({ signal, close, state, toRecord }) => ({ signal, close, state, toRecord })),
    fired,
    deliveries: together(deliveries, ({ state, attempts }) => `${state} ${attempts}`).map(({ where, first }) => ({
      ...first,
      channel: where,
    })),
    held,
    missing: missing.length,
  };
}
