import { readerName } from '../channel/names.ts';
import type { Sighting } from '../message/seen.ts';
import type { App } from './app.ts';

/** Who has seen some messages, by the id of the message, without anybody's address. */
export async function sightingsOf(
  { ledger, channels }: Pick<App, 'ledger' | 'channels'>,
  messages: readonly string[],
): Promise<ReadonlyMap<string, Sighting[]>> {
  const all = channels.map(({ id }) => id);
  const acknowledgements = await ledger.acknowledgements(messages);
  const named = acknowledgements.map((one) => ({
    message: one.message,
    sighting: { by: readerName(one, all), at: one.at },
  }));
  const byMessage = Map.groupBy(named, ({ message }) => message);
  return new Map([...byMessage].map(([id, same]) => [id, same.map(({ sighting }) => sighting)]));
}
