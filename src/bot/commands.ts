import {
  ApplicationCommandOptionType,
  type REST,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
  Routes,
} from 'discord.js';

/** Manage Server, as Discord's API writes permissions. Source: Discord's reference, "Permissions". */
const MANAGE_SERVER = 0x20n;

type Option = NonNullable<RESTPostAPIChatInputApplicationCommandsJSONBody['options']>[number];

const SHOW: Option = {
  type: ApplicationCommandOptionType.Boolean,
  name: 'show',
  description: 'Show the answer to everybody in the channel; only you see it otherwise',
};

/**
 * The slash commands, as they are registered for the channel's server.
 * @param signals ids and titles; with several each question takes one
 */
export function commandsFor(
  signals: readonly { readonly id: string; readonly title: string }[],
): RESTPostAPIChatInputApplicationCommandsJSONBody[] {
  const signal: Option[] =
    signals.length === 1
      ? []
      : [
          {
            type: ApplicationCommandOptionType.String,
            name: 'signal',
            description: 'Which signal; the first one otherwise',
            // Discord offers 25 to choose from; of a longer list the id is typed.
            ...(signals.length <= 25 ? { choices: signals.map(({ id, title }) => ({ name: title, value: id })) } : {}),
          },
        ];
  const onlyManagers = { default_member_permissions: String(MANAGE_SERVER) };
  return [
    { name: 'status', description: 'Where things stand: state, distance to the record, health', options: [SHOW] },
    { name: 'history', description: 'Every occasion, and what followed', options: [...signal, SHOW] },
    {
      name: 'chart',
      description: 'The picture of the record, or of what followed',
      options: [
        {
          type: ApplicationCommandOptionType.String,
          name: 'which',
          description: 'Which picture',
          required: true,
          choices: [
            { name: 'record', value: 'record' },
            { name: 'outcomes', value: 'outcomes' },
          ],
        },
        ...signal,
        SHOW,
      ],
    },
    {
      name: 'asof',
      description: 'What it would have said after the close of a day',
      options: [
        {
          type: ApplicationCommandOptionType.String,
          name: 'date',
          description: 'A date, YYYY-MM-DD',
          required: true,
          min_length: 10,
          max_length: 10,
        },
        ...signal,
        SHOW,
      ],
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

/**
 * Registers the commands for one server, where what is registered differs.
 * @returns true where they were changed
 */
export async function registerCommands(
  rest: Pick<REST, 'get' | 'put'>,
  application: string,
  guild: string,
  commands: readonly RESTPostAPIChatInputApplicationCommandsJSONBody[],
): Promise<boolean> {
  const route = Routes.applicationGuildCommands(application, guild);
  const known = (await rest.get(route)) as RESTPostAPIChatInputApplicationCommandsJSONBody[];
  const sorted = (list: readonly RESTPostAPIChatInputApplicationCommandsJSONBody[]) =>
    JSON.stringify(list.map(comparable).sort((a, b) => (a.name < b.name ? -1 : 1)));
  if (sorted(known) === sorted(commands)) return false;
  await rest.put(route, { body: commands });
  return true;
}

/** The parts that we set, with Discord's defaults where they are left out. */
function comparable(command: RESTPostAPIChatInputApplicationCommandsJSONBody) {
  const { name, options = [], default_member_permissions = null } = command;
  const description = 'description' in command ? command.description : '';
  return {
    name,
    description,
    default_member_permissions,
    options: options.map((option) => {
      const { type, name: title, description: text, required = false } = option;
      const choices = 'choices' in option ? (option.choices ?? []) : [];
      const [min = null, max = null] =
        'min_length' in option ? [option.min_length, option.max_length] : [undefined, undefined];
      return {
        type,
        title,
        text,
        required,
        choices: choices.map(({ name: label, value }) => [label, value]),
        min,
        max,
      };
    }),
  };
}
