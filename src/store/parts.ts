import { serviceOf } from '../message/channel-kind.ts';

// What is tried without sending anything, and noted as working or failing: the names of its parts in the ledger.

/** This machine's clock, compared with the source's. */
export const CLOCK = 'clock';
export const DISK = 'disk';
export const DATABASE = 'database';
export const BACKUP = 'backup';
/** The connection of the bot to Discord. */
export const GATEWAY = 'gateway';
export const HEARTBEAT = 'heartbeat';
/** The file of the feed. */
export const FEED = 'feed';

const TEST = 'channel-';

/** The part that the daily test of a channel is noted as: one for all addresses of email. */
export function testPart(channel: string): string {
  return TEST + serviceOf(channel);
}

/** True for the parts that are daily tests. */
export function isTestPart(part: string): boolean {
  return part.startsWith(TEST);
}

/** How the part of a channel's drill begins, and the trouble of a kind of channel whose drills do not arrive. */
export const DRILL = 'drill-';

/** The part that a channel's drill is noted as. */
export function drillPart(channel: string): string {
  return DRILL + channel;
}
