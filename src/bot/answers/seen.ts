import type { App } from '../../app/app.ts';
import { sightingsOf } from '../../app/sightings.ts';
import { cleanName } from '../../message/clean-name.ts';
import { withoutSecrets } from '../../message/clean-words.ts';
import { instant, list, plural } from '../../message/format.ts';
import { markedUnder } from '../../message/seen.ts';
import { QuestionError } from '../question-error.ts';
import { shortened } from './answer.ts';

/** So many others who have seen it are named. */
const NAMED = 5;

/**
 * Notes that somebody has seen a message.
 * @param person who: the id of a Discord user, and the name as they chose it
 * @returns what to tell that person
 * @throws {QuestionError} where there is no such message
 */
export async function noteSeen(
  app: Pick<App, 'settings' | 'ledger' | 'channels' | 'now'>,
  messageId: string,
  person: { readonly id: string; readonly name: string },
): Promise<string> {
  const { settings, ledger, now } = app;
  const message = await ledger.message(messageId);
  const marked = message && markedUnder(message);
  if (marked === undefined)
    throw new QuestionError(`The message ${shortened(messageId)} is not in my ledger any more.`);
  const name = cleanName(withoutSecrets(person.name, settings.secrets));
  const at = new Date(now()).toISOString();
  const noted = await ledger.acknowledge({ message: marked, channel: 'discord-bot', who: person.id, name, at });
  const all = (await sightingsOf(app, [marked])).get(marked) ?? [];
  const others = all.filter((one) => !(one.at === noted.at && one.by === noted.name)).map(({ by }) => by);
  const more = others.length - NAMED;
  const named = [...others.slice(0, NAMED), ...(more > 0 ? [plural(more, 'other')] : [])];
  const beside = others.length === 0 ? '' : ` Also seen by ${list(named)}.`;
  return `Noted: you saw it on ${instant(Date.parse(noted.at))}.${beside}`;
}
