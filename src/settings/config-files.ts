import * as v from 'valibot';
import { readRegularFile } from '../market/regular-file.ts';
import { isDate } from '../market/session.ts';

/** A configuration file or variable that cannot be used: names where, what, the value, what is allowed. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

/** What people read stands in mail headers and on terminals too. */
const WORDS = v.pipe(
  v.string(),
  v.nonEmpty('a text'),
  v.regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'a text on one line, without control characters'),
);

/** What a symbol looks like. */
export const SYMBOL_TEXT = /^[\^A-Za-z0-9][A-Za-z0-9.=-]*$/;
const SYMBOL_SHAPE = v.regex<string, string>(SYMBOL_TEXT, "a Yahoo symbol such as '^RUT'");
const SYMBOL = v.pipe(v.string(), SYMBOL_SHAPE, v.description("Yahoo's symbol, e.g. ^RUT"));

const BeforeHistory = v.strictObject({
  file: v.pipe(
    v.string(),
    v.nonEmpty('a path'),
    v.description('CSV file (session,close), relative to the package root'),
  ),
  until: v.pipe(
    v.string(),
    v.check(isDate, 'a date YYYY-MM-DD'),
    v.metadata({
      description: 'First session of the source that the file was joined to; a source that begins later is not joined',
    }),
  ),
  close: v.optional(
    v.pipe(
      v.number(),
      v.gtValue(0, 'a close above 0'),
      v.description(
        "The source's close of that session when the file was made: where the source restates its history by a factor, the file follows",
      ),
    ),
  ),
  rule: v.pipe(WORDS, v.description('How the two series are joined; printed with the evidence')),
});

const Signal = v.strictObject({
  id: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens, at most 40'),
    v.description('Part of every message id: never change it'),
  ),
  title: v.pipe(WORDS, v.maxLength(60, 'at most 60 characters'), v.description('What people read')),
  index: SYMBOL,
  benchmark: SYMBOL,
  quietYears: v.pipe(
    v.number(),
    v.integer('a whole number of years'),
    v.minValue(1, '1 to 20'),
    v.maxValue(20, '1 to 20'),
    v.description('A record close is an event when the last one is longer ago than this many calendar years'),
  ),
  horizons: v.pipe(
    v.array(
      v.pipe(v.number(), v.integer('whole months'), v.minValue(1, '1 to 60 months'), v.maxValue(60, '1 to 60 months')),
    ),
    v.check((months) => months.includes(12), 'a list that contains 12, the horizon of the headline'),
    v.check((months) => new Set(months).size === months.length, 'each horizon once'),
    v.metadata({
      description: 'Calendar months after the event; 12 is the headline',
      contains: { const: 12 },
      uniqueItems: true,
    }),
  ),
  beforeHistory: v.optional(v.pipe(BeforeHistory, v.description("Record closes before the source's history"))),
});

const TIME_TEXT = /^([01]\d|2[0-3]):[0-5]\d$/;

const SymbolFacts = v.strictObject({
  name: v.optional(v.pipe(WORDS, v.maxLength(60, 'at most 60 characters'), v.description('What people read'))),
  maxDailyMove: v.optional(
    v.pipe(
      v.number(),
      v.minValue(0.01, '0.01 to 1'),
      v.maxValue(1, '0.01 to 1'),
      v.description(
        'The biggest believable move from the previous close, as a fraction (0.15 = 15%); a bigger one is held until the next close confirms it (over 45% nothing does); 0.15 by default',
      ),
    ),
  ),
  dividends: v.optional(
    v.pipe(
      v.picklist(['included'], "'included'"),
      v.description('included: a performance index, which reinvests dividends, as the DAX'),
    ),
  ),
  exchange: v.optional(
    v.pipe(
      v.strictObject({
        timeZone: v.pipe(
          v.string(),
          v.check(isTimeZone, "an IANA time zone such as 'Europe/Berlin'"),
          v.metadata({ description: 'IANA time zone, e.g. Europe/Berlin' }),
        ),
        closesAt: v.pipe(
          v.string(),
          v.regex(TIME_TEXT, "a time of day there such as '17:30'"),
          v.description('Time of day of the regular close there'),
        ),
        weekends: v.optional(
          v.pipe(
            v.boolean(),
            v.description(
              'true: the exchange trades on single Saturdays and Sundays, as those of India do, and files may have them (csv, import)',
            ),
          ),
        ),
      }),
      v.description('Where the symbol trades, where the source does not tell it (csv); New York by default'),
    ),
  ),
  totalReturn: v.optional(
    v.pipe(
      v.string(),
      SYMBOL_SHAPE,
      v.description(
        'Symbol of the same index with dividends; read where the source has it, and studied beside the price',
      ),
    ),
  ),
});

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The schema of `config/signals.json`; its JSON Schema twin is generated from it. */
export const SignalsFile = v.strictObject({
  $schema: v.optional(v.string()),
  signals: v.pipe(
    v.array(Signal),
    v.minLength(1, 'at least one signal'),
    v.check((list) => new Set(list.map(({ id }) => id)).size === list.length, 'each id once'),
  ),
  symbols: v.record(SYMBOL, SymbolFacts),
});

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
      v.array(
        v.pipe(
          v.string(),
          v.regex(
            /^(email(:\S+@\S+)?|discord-webhook|discord-bot|folder)$/,
            "'email' (all addresses), 'email:ann@example.com', 'discord-webhook', 'discord-bot' or 'folder'",
          ),
        ),
      ),
      v.description('The channels that take digests, where they are set up'),
    ),
    ['email', 'folder'],
  ),
});

/** The schema of `config/schedule.json`. */
export const ScheduleFile = v.strictObject({
  $schema: v.optional(v.string()),
  checks: v.pipe(
    v.array(TIME),
    v.minLength(1, 'at least one time'),
    v.description('New York times of day at which the daemon looks, every day'),
  ),
  digest: v.optional(DigestSchedule, {}),
  drill: v.optional(
    v.pipe(
      v.picklist(['quarter', 'never'], "'quarter' or 'never'"),
      v.description('quarter: a labelled test message through every channel, in the first days of each quarter'),
    ),
    'quarter',
  ),
});

export type SymbolSettings = v.InferOutput<typeof SymbolFacts>;
export type Schedule = v.InferOutput<typeof ScheduleFile>;

/**
 * Reads and checks one JSON file against its schema.
 * @throws {SettingsError} naming file, field, value and what is allowed
 */
export function readConfig<T extends v.GenericSchema>(schema: T, path: string): v.InferOutput<T> {
  let json: unknown;
  try {
    json = JSON.parse(readSettingsText(path));
  } catch (error) {
    throw new SettingsError(`${path}: cannot be read as JSON: ${(error as Error).message}`, { cause: error });
  }
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  throw new SettingsError(result.issues.map((issue) => `${path}: ${describe(issue)}`).join('\n'));
}

/** A watch list of a thousand signals has 0.3 MB. */
const MOST_MB = 8;

/** The text of a file of settings. @throws {Error} where it cannot be read, or is no plain file */
export function readSettingsText(path: string): string {
  return decodeText(readRegularFile(path, MOST_MB));
}

/**
 * The text of a file that a person has written. Editors on Windows put a mark before it, and may write UTF-16.
 * Source: the byte order marks of the Unicode Standard, section 23.8.
 */
function decodeText(bytes: Buffer): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
}

function describe(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue) ?? 'the file';
  if (issue.expected === 'never') return `${field} is not a known field; remove it or correct its name`;
  if (issue.received === 'undefined') return `${field} is missing`;
  const allowed = issue.expected === 'Object' ? 'an object' : issue.kind === 'schema' ? issue.expected : issue.message;
  return `${field} is ${JSON.stringify(issue.input)}; allowed: ${allowed}`;
}
