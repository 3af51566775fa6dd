import type { Logger } from 'pino';

/** As much of the log as the bot needs: it may live in another thread. */
export type BotLog = Pick<Logger, 'info' | 'warn' | 'error'>;
