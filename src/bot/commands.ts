import { ApplicationCommandOptionType, type RESTPostAPIChatInputApplicationCommandsJSONBody } from 'discord.js';
import type { Signal } from '../signal/signal.ts';

/** Manage Server, as Discord's API writes permissions. Source: Discord's reference, "Permissions". */
const MANAGE_SERVER = 0x20n;
/** Discord offers so many to choose from. Source: Discord's reference, "Application Command Option Structure". */
const CHOICES = 25;

type Option = NonNullable<RESTPostAPIChatInputApplicationCommandsJSONBody['options']>[number];

const SHOW: Option = {
  type: ApplicationCommandOptionType.Boolean,
  name: 'show',
  description: 'Show the answer to everybody in the channel; only you see it otherwise',
};
const WHICH: Option = {
  type: ApplicationCommandOptionType.String,
  name: 'which',
  description: 'Which picture',
  required: true,
  choices: [
    { name: 'record', value: 'record' },
    { name: 'outcomes', value: 'outcomes' },
  ],
};
const DATE: Option = {
  type: ApplicationCommandOptionType.String,
  name: 'date',
  description: 'A date, YYYY-MM-DD',
  required: true,
  min_length: 10,
  max_length: 10,
};

/** The slash commands, as they are registered for the channel's server. */
export function commandsFor(
  signals: readonly Pick<Signal, 'id' | 'title'>[],
): RESTPostAPIChatInputApplicationCommandsJSONBody[] {
  const signal = signalOption(signals);
  const onlyManagers = { default_member_permissions: String(MANAGE_SERVER) };
  return [
    { name: 'status', description: 'Where things stand: state, distance to the record, health', options: [SHOW] },
    { name: 'history', description: 'Every occasion, and what followed', options: [...signal, SHOW] },
    {
      name: 'chart',
      description: 'The picture of the record, or of what followed',
      options: [WHICH, ...signal, SHOW],
    },
    {
      name: 'asof',
      description: 'What the bot would have sent after the close of a day',
      options: [DATE, ...signal, SHOW],
    },
    { name: 'check', description: 'Read the closes and look for an event, now', options: [SHOW], ...onlyManagers },
    {
      name: 'drill',
      description: 'Send a labelled test message through every channel',
      options: [SHOW],
      ...onlyManagers,
    },
  ];
}

/** The choice of a signal, where there are several. */
function signalOption(signals: readonly Pick<Signal, 'id' | 'title'>[]): Option[] {
  if (signals.length === 1) return [];
  const option: Option = {
    type: ApplicationCommandOptionType.String,
    name: 'signal',
    description: 'Which signal; the first one otherwise',
  };
  // Of a longer list the id is typed.
  if (signals.length > CHOICES) return [option];
  return [{ ...option, choices: signals.map(({ id, title }) => ({ name: title, value: id })) }];
}
