import * as v from 'valibot';
import { isDate } from '../market/session.ts';
import { EVENING } from '../message/together.ts';
import { TIME_TEXT } from './config-files.ts';

/** Names that people read also go into mail headers and terminals. */
const WORDS = v.pipe(
  v.string(),
  v.nonEmpty('a text'),
  v.regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'a text on one line, without control characters'),
);

/** What a symbol looks like. */
export const SYMBOL_TEXT = /^[\^A-Za-z0-9][A-Za-z0-9.=-]*$/;

const SYMBOL_SHAPE = v.regex<string, string>(SYMBOL_TEXT, "a Yahoo symbol such as '^RUT'");

const SYMBOL = v.pipe(v.string(), SYMBOL_SHAPE, v.description('Yahoo symbol, such as ^RUT'));

const BeforeHistory = v.strictObject({
  file: v.pipe(
    v.string(),
    v.nonEmpty('a path'),
    v.description('CSV file (session,close), relative to the folder of .env or of the program'),
  ),
  until: v.pipe(
    v.string(),
    v.check(isDate, 'a date YYYY-MM-DD'),
    v.metadata({
      description:
        "The source's first session, where the file was joined to it; a source that begins later is not joined",
    }),
  ),
  close: v.optional(
    v.pipe(
      v.number(),
      v.gtValue(0, 'a close above 0'),
      v.description(
        "The source's close of that session when the file was made; if the source restates its history by a factor, the file follows",
      ),
    ),
  ),
  rule: v.pipe(WORDS, v.description('How the two series are joined; printed with the evidence')),
});

const Signal = v.strictObject({
  id: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens, at most 40'),
    v.check(
      (id) => id !== EVENING,
      `another word than '${EVENING}', which begins the ids of messages about many events`,
    ),
    v.metadata({ description: 'Part of every message id: never change it', not: { const: EVENING } }),
  ),
  title: v.pipe(WORDS, v.maxLength(60, 'at most 60 characters'), v.description('Name shown to people')),
  index: SYMBOL,
  benchmark: SYMBOL,
  quietYears: v.pipe(
    v.number(),
    v.integer('a whole number of years'),
    v.minValue(1, '1 to 20'),
    v.maxValue(20, '1 to 20'),
    v.description('A record close is an event if the previous one is more than this many calendar years old'),
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
  channels: v.optional(
    v.pipe(
      v.array(v.pipe(v.string(), v.nonEmpty("a channel's name"))),
      v.minLength(1, 'at least one channel; remove the field for all'),
      v.description(
        "Channels that its alerts, corrections, retractions and follow-ups go to, by id or kind, such as 'email:a@example.org' or 'discord-webhook'; all by default",
      ),
    ),
  ),
  origin: v.optional(
    v.pipe(WORDS, v.description('Where the signal comes from, as a sentence; printed beside other indices')),
  ),
  approaching: v.optional(
    v.pipe(
      v.array(v.pipe(v.number(), v.minValue(0.001, '0.001 to 0.5'), v.maxValue(0.5, '0.001 to 0.5'))),
      v.maxLength(5, 'at most 5 distances'),
      v.check((distances) => new Set(distances).size === distances.length, 'each distance once'),
      v.metadata({
        description:
          'Tell once when the armed index comes within such a distance of its record, as a fraction (0.02 = 2%); off by default',
        uniqueItems: true,
      }),
    ),
  ),
  beforeHistory: v.optional(v.pipe(BeforeHistory, v.description("Record closes before the source's history"))),
});

const SymbolFacts = v.strictObject({
  name: v.optional(v.pipe(WORDS, v.maxLength(60, 'at most 60 characters'), v.description('Name shown to people'))),
  maxDailyMove: v.optional(
    v.pipe(
      v.number(),
      v.minValue(0.01, '0.01 to 1'),
      v.maxValue(1, '0.01 to 1'),
      v.description(
        'Largest believable move from the previous close, as a fraction (0.15 = 15%, the default); a larger one is held until the next close confirms it (over 45% nothing does)',
      ),
    ),
  ),
  dividends: v.optional(
    v.pipe(
      v.picklist(['included'], "'included'"),
      v.description('included: a performance index, which reinvests dividends, such as the DAX'),
    ),
  ),
  exchange: v.optional(
    v.pipe(
      v.strictObject({
        timeZone: v.pipe(
          v.string(),
          v.check(isTimeZone, "an IANA time zone such as 'Europe/Berlin'"),
          v.metadata({ description: 'IANA time zone, such as Europe/Berlin' }),
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
              'true: the exchange trades on some Saturdays and Sundays, as in India, and files may contain them (csv, import)',
            ),
          ),
        ),
      }),
      v.description('Where the symbol trades, if the source does not say (csv); New York by default'),
    ),
  ),
  totalReturn: v.optional(
    v.pipe(
      v.string(),
      SYMBOL_SHAPE,
      v.description('Symbol of the same index with dividends; studied beside the price if the source has it'),
    ),
  ),
  earlierDividends: v.optional(
    v.pipe(
      v.strictObject({
        file: v.pipe(
          v.string(),
          v.nonEmpty('a path'),
          v.description(
            'CSV file (month,dividend; index points a year), relative to the folder of .env or of the program',
          ),
        ),
        rule: v.pipe(WORDS, v.description('How they are reinvested; printed with the figures')),
      }),
      v.description('Monthly dividends of this index from before its total return index begins'),
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

export type SymbolSettings = v.InferOutput<typeof SymbolFacts>;
