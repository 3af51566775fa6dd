import type { Acknowledgement } from '../acknowledgements.ts';
import type { Queries } from './postgres.ts';

/** Notes that somebody has seen a message; the first time counts. @returns what is noted */
export async function acknowledge({ changes, row }: Queries, given: Acknowledgement): Promise<Acknowledgement> {
  const { message, channel, who, name, at } = given;
  await changes(
    `insert into acknowledgements (message, channel, who, name, at) values ($1, $2, $3, $4, $5)
       on conflict (message, channel, who) do nothing`,
    message,
    channel,
    who,
    name,
    at,
  );
  const noted = await row<Acknowledgement>(
    'select message, channel, who, name, at from acknowledgements where message = $1 and channel = $2 and who = $3',
    message,
    channel,
    who,
  );
  return noted ?? given;
}

/** Who has seen some messages, each by itself or told in another one, the first one first. */
export function acknowledgementsOf({ rows }: Queries, messages: readonly string[]): Promise<Acknowledgement[]> {
  return rows<Acknowledgement>(
    `select message, channel, who, name, at from acknowledgements where message = any($1)
     union select t.message, a.channel, a.who, a.name, a.at from told_together t join acknowledgements a on a.message = t.together
       where t.message = any($1)
       order by at, message, channel, who`,
    messages,
  );
}
