import type { Channel } from '../channel/channel.ts';
import { together } from '../channel/names.ts';
import { recipientIn } from '../message/channel-kind.ts';
import type { Settings } from '../settings/settings.ts';
import { type Finding, find } from './finding.ts';

/** Tries the way of each channel without sending anything: a line for each, and one for many addresses that fare alike. */
export async function channelFindings(
  settings: Pick<Settings, 'secrets'>,
  channels: readonly Channel[],
): Promise<Finding[]> {
  const found = await Promise.all(
    channels.map(async (channel) => {
      const finding = await find(settings, channel.id, () => channel.test());
      return { ...finding, message: String(finding.ok), channel: channel.id };
    }),
  );
  return together(found, ({ text }) => text).map(({ where, first: { ok, channel, text } }) => ({
    ok,
    what: where,
    text: where === channel ? text : text.replaceAll(recipientIn(channel) ?? '\0', 'each'),
  }));
}
