import * as v from 'valibot';
import { DIGEST_CHANNEL, DIGEST_CHANNEL_WORDS, DIGEST_CHANNELS_BY_DEFAULT } from '../channel/digest-channels.ts';
import { TIME_TEXT } from './config-files.ts';

const TIME = v.pipe(v.string(), v.regex(TIME_TEXT, "a New York time such as '16:45'"));

const DigestSchedule = v.strictObject({
  every: v.optional(
    v.pipe(
      v.picklist(['week', 'day', 'never'], "'week', 'day' or 'never'"),
      v.description('week: after the last session of each week; day: after each session'),
    ),
    'week',
  ),
  at: v.optional(v.pipe(TIME, v.description('New York time of day, on the day of the session')), '18:00'),
  channels: v.optional(
    v.pipe(
      v.array(v.pipe(v.string(), v.regex(DIGEST_CHANNEL, DIGEST_CHANNEL_WORDS))),
      v.description('Channels that receive digests, if they are set up'),
    ),
    [...DIGEST_CHANNELS_BY_DEFAULT],
  ),
});

/** The schema of `config/schedule.json`. */
export const ScheduleFile = v.strictObject({
  $schema: v.optional(v.string()),
  checks: v.pipe(
    v.array(TIME),
    v.minLength(1, 'at least one time'),
    v.description('New York times of day at which the daemon checks, every day'),
  ),
  digest: v.optional(DigestSchedule, {}),
  togetherFrom: v.optional(
    v.pipe(
      v.number(),
      v.integer('a whole number of events'),
      v.minValue(2, '2 to 1000'),
      v.maxValue(1000, '2 to 1000'),
      v.description(
        'From how many events of one check on a channel gets them in one message with a table, instead of one message each',
      ),
    ),
    4,
  ),
  drill: v.optional(
    v.pipe(
      v.picklist(['quarter', 'never'], "'quarter' or 'never'"),
      v.description('quarter: a labelled test message through every channel, in the first days of each quarter'),
    ),
    'quarter',
  ),
});

export type Schedule = v.InferOutput<typeof ScheduleFile>;
