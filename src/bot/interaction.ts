import {
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  type Interaction,
  MessageFlags,
  PermissionFlagsBits,
} from 'discord.js';
import type { App } from '../app/app.ts';
import { cleanWords } from '../message/clean-words.ts';
import { commandLine } from '../message/command-line.ts';
import { parseButton } from '../render/discord-buttons.ts';
import type { Answer } from './answers/answer.ts';
import { noteSeen } from './answers/seen.ts';
import { answerTo, answerToButton } from './answers.ts';
import type { BotLog } from './bot-log.ts';
import type { Desk } from './desk.ts';
import { QuestionError } from './question-error.ts';
import { answerReply, wordsReply } from './reply.ts';

/** What answers are given with. */
interface Counter {
  readonly app: App;
  readonly desk: Desk;
  readonly log: BotLog;
}

/**
 * Answers one interaction; whatever goes wrong is said in a friendly line, and never thrown at the gateway.
 * @param guild the server of our channel
 */
export async function answerInteraction(
  { app, desk, log }: Counter,
  interaction: Interaction,
  guild: string | undefined,
): Promise<void> {
  if (!interaction.isChatInputCommand() && !interaction.isButton()) return;
  const open = interaction.isChatInputCommand() && interaction.options.getBoolean('show') === true;
  // Within three seconds, whatever the answer takes.
  await interaction.deferReply(open ? {} : { flags: MessageFlags.Ephemeral });
  const what = interaction.isButton() ? interaction.customId : `/${interaction.commandName}`;
  const by = cleanWords(`${interaction.user.username} (${interaction.user.id}) on Discord`, app.settings.secrets);
  try {
    // Commands may be left in a server that the channel was in before.
    if (interaction.guildId !== guild) throw new QuestionError("I answer only in my channel's server.");
    const answer = await answerOf({ app, desk }, interaction, by);
    await interaction.editReply(typeof answer === 'string' ? wordsReply(app, answer) : answerReply(app, answer));
    log.info({ what, by }, 'answered');
  } catch (error) {
    const { name, message, stack } = error as Error;
    const friendly = name === 'QuestionError';
    if (friendly) log.info({ what, by, refused: message }, 'answered');
    else
      log.error(
        {
          what,
          by,
          reason: cleanWords(message, app.settings.secrets),
          stack: cleanWords(stack ?? '', app.settings.secrets),
        },
        'an answer failed',
      );
    const words = friendly
      ? message
      : `That did not work: ${message}. The log has more; ${commandLine('doctor')} looks for the cause.`;
    await interaction.editReply(wordsReply(app, words));
  }
}

async function answerOf(
  { app, desk }: Pick<Counter, 'app' | 'desk'>,
  interaction: ButtonInteraction | ChatInputCommandInteraction,
  by: string,
): Promise<Answer | string> {
  const person = interaction.user.id;
  if (interaction.isButton()) {
    const button = parseButton(interaction.customId);
    if (button === undefined) throw new QuestionError('I no longer know this button.');
    const { action, message } = button;
    return desk.inTurn<Answer | string>(action, person, async () =>
      action === 'seen'
        ? noteSeen(app, message, { id: person, name: nameOf(interaction) })
        : answerToButton(app, action, message),
    );
  }
  const { commandName: command } = interaction;
  const options = interaction.options.data.map(({ name, value }) => [name, String(value ?? '')] as const);
  const manager = interaction.memberPermissions?.has(PermissionFlagsBits.ManageGuild) === true;
  return desk.inTurn(command, person, async () =>
    answerTo(app, { command, options: Object.fromEntries(options), by, manager }, desk),
  );
}

/** The name by which the server knows a person. */
function nameOf({ member, user }: Pick<ButtonInteraction, 'member' | 'user'>): string {
  const nick = member !== null && 'displayName' in member ? member.displayName : member?.nick;
  return nick ?? user.displayName;
}
