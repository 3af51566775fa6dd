import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import type { MessageKind } from '../../src/message/message.ts';

/** TypeScript asks for a new kind here. */
const KINDS = Object.keys({
  alert: 1,
  correction: 1,
  retraction: 1,
  'follow-up': 1,
  reminder: 1,
  approaching: 1,
  digest: 1,
  warning: 1,
  'all-clear': 1,
  drill: 1,
} satisfies Record<MessageKind, 1>);

const date = (description: string) => v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/), v.description(description));
const text = (description: string) => v.pipe(v.string(), v.description(description));
const texts = (description: string) => v.pipe(v.array(v.string()), v.description(description));

const Table = v.object({
  columns: v.array(
    v.object({
      title: v.string(),
      align: v.picklist(['left', 'right']),
      essential: v.pipe(v.boolean(), v.description('False for what a narrow display may leave out')),
    }),
  ),
  rows: v.array(v.array(v.string())),
  ids: v.optional(texts('The ids of the messages that the rows are about')),
});

const Message = v.object({
  id: text('Names the message for good'),
  kind: v.picklist(KINDS),
  signal: v.nullable(text('The id of the signal')),
  session: v.nullable(date('The session that it is about')),
  createdAt: v.pipe(v.string(), v.isoTimestamp(), v.description('When it was decided')),
  title: v.string(),
  lead: text('What happened, in one or two sentences'),
  followed: v.optional(text('What followed earlier, with the rate of any day')),
  doubt: v.optional(text('How far to trust it')),
  highlights: v.optional(
    v.pipe(v.array(v.object({ value: v.string(), label: v.string() })), v.description('The figures to print large')),
  ),
  notes: texts('What the reader must know before believing it'),
  sections: v.array(v.object({ heading: v.string(), paragraphs: v.array(v.string()), table: v.nullable(Table) })),
  operator: v.optional(texts('What concerns only whoever runs the bot')),
  figures: v.pipe(v.record(v.string(), v.string()), v.description('Every figure by name, as it is printed')),
  benchmarkTo: v.nullable(date('The last session of the benchmark that the figures stand on')),
  refersTo: v.nullable(text('The id of the first message about the same event or trouble')),
  footer: texts('Age and origin of the data'),
  tells: v.optional(texts('The ids of the messages that this one tells together, in the order of its table')),
  witness: v.optional(
    v.pipe(
      v.object({ by: v.string(), close: v.nullable(v.number()), silence: v.nullable(v.string()) }),
      v.description('What a second source said of the close, and why it said nothing'),
    ),
  ),
});

/** What is posted to a webhook, as docs/webhook.schema.json has it. Within a version fields and kinds are only added. */
export const WebhookSchema = v.pipe(
  v.object({
    schema: v.literal('breakout-bell/message'),
    version: v.literal(1),
    id: text('The id of the message; a repeat has the same one'),
    repeat: v.pipe(v.boolean(), v.description('True where an earlier attempt may have arrived')),
    page: v.nullable(text('The address of its place on the page, where PUBLIC_URL is set')),
    message: Message,
    text: text('The whole message for people, as plain text'),
  }),
  v.title('A message of Breakout Bell, version 1'),
);

/** The JSON Schema for receivers. */
export function webhookJsonSchema(): string {
  return `${JSON.stringify(toJsonSchema(WebhookSchema, { errorMode: 'ignore' }), null, 2)}\n`;
}
