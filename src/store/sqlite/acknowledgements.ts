import type { Acknowledgement } from '../acknowledgements.ts';
import type { Database } from './database.ts';
import { prepared } from './prepared.ts';

/** Notes that somebody has seen a message; the first time counts. @returns what is noted */
export function acknowledge(database: Database, acknowledgement: Acknowledgement): Acknowledgement {
  prepared(
    database,
    `insert into acknowledgements (message, channel, who, name, at) values (:message, :channel, :who, :name, :at)
       on conflict (message, channel, who) do nothing`,
  ).run(acknowledgement);
  const noted = prepared(
    database,
    'select message, channel, who, name, at from acknowledgements where message = :message and channel = :channel and who = :who',
  );
  return noted.get(acknowledgement) as Acknowledgement;
}

/** Who has seen some messages, each by itself or told in another one, the first one first. */
export function acknowledgementsOf(database: Database, messages: readonly string[]): Acknowledgement[] {
  return prepared(
    database,
    `select message, channel, who, name, at from acknowledgements where message in (select value from json_each(:messages))
     union select t.message, a.channel, a.who, a.name, a.at from told_together t join acknowledgements a on a.message = t.together
       where t.message in (select value from json_each(:messages))
       order by at, message, channel, who`,
  ).all({ messages: JSON.stringify(messages) }) as Acknowledgement[];
}
