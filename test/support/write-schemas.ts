import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import { ScheduleFile } from '../../src/settings/schedule-file.ts';
import { SignalsFile } from '../../src/settings/signals-file.ts';
import { webhookJsonSchema } from './webhook-schema.ts';

const CONFIG = join(import.meta.dirname, '../../config');

/** The JSON Schemas beside the configuration files, by file name: what an editor completes and checks them with. */
export function jsonSchemas(): Record<string, string> {
  // Checks in code have no twin in JSON Schema; their metadata says what an editor can check.
  const write = (schema: typeof SignalsFile | typeof ScheduleFile) =>
    `${JSON.stringify(toJsonSchema(schema, { errorMode: 'ignore' }), null, 2)}\n`;
  return { 'signals.schema.json': write(SignalsFile), 'schedule.schema.json': write(ScheduleFile) };
}

if (import.meta.main) {
  for (const [name, text] of Object.entries(jsonSchemas())) writeFileSync(join(CONFIG, name), text);
  writeFileSync(join(CONFIG, '../docs/webhook.schema.json'), webhookJsonSchema());
}
