import type { ChannelSettings } from '../channel/registry.ts';
import { SettingsError } from '../channel/settings-error.ts';
import type { Variables } from '../channel/variables.ts';
import { kindOf, recipientIn } from '../message/channel-kind.ts';
import type { DashboardSettings } from './dashboard-settings.ts';

const DEFAULT_HOURS = 24;
/** A week later an alert is no news any more. */
const MOST_HOURS = 168;

/** The settings by which an alert can be marked as seen. */
type Ways = Pick<ChannelSettings, 'discordBot' | 'email'> & {
  readonly dashboard: Pick<DashboardSettings, 'publicUrl'>;
};

/** True where somebody can mark an alert as seen: with the bot's button, or a mail's link to a page that readers reach. */
export function canBeMarked({ discordBot, email, dashboard }: Ways): boolean {
  return discordBot !== undefined || (email !== undefined && dashboard.publicUrl !== undefined);
}

/** True for a channel whose readers can mark an alert. */
export function isMarkedOn(channel: string, { dashboard }: Pick<Ways, 'dashboard'>): boolean {
  return kindOf(channel) === 'discord-bot' || (recipientIn(channel) !== undefined && dashboard.publicUrl !== undefined);
}

/** Reads after how many hours an alert that nobody has seen is told again; null: never. @throws {SettingsError} */
export function readRemindAfter({ REMIND_AFTER_HOURS: text }: Variables): number | null | undefined {
  if (text === undefined) return undefined;
  if (text === 'never') return null;
  const hours = Number(text);
  if (/^\d+$/.test(text) && hours >= 1 && hours <= MOST_HOURS) return hours;
  throw new SettingsError(`REMIND_AFTER_HOURS is '${text}'; allowed: whole hours from 1 to ${MOST_HOURS}, or never`);
}

/** After how many hours an alert is told again; undefined: never, as where nobody could mark it. */
export function remindAfter(read: number | null | undefined, ways: Ways): number | undefined {
  return read === null || !canBeMarked(ways) ? undefined : (read ?? DEFAULT_HOURS);
}

/** What a person should know who asks for reminders that cannot come. */
export function reminderRemarks(read: number | null | undefined, ways: Ways): string[] {
  return typeof read === 'number' && !canBeMarked(ways)
    ? [
        'REMIND_AFTER_HOURS has no effect: nobody can mark an alert as seen without the Discord bot, or email and PUBLIC_URL.',
      ]
    : [];
}
