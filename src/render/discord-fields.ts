import type { APIEmbedField } from 'discord.js';
import type { Section, Table } from '../message/message.ts';
import { cut, plain } from './discord-text.ts';
import { alignTable, essential } from './text-table.ts';

// Our own shares of Discord's limits: 25 fields of 256 + 1,024 characters, and 6,000 over all embeds.
// Source: https://discord.com/developers/docs/resources/message#embed-object-embed-limits
const FIELDS = 4;
const NAME = 100;
const VALUE = 840;
const LONGEST_VALUE = 1024;

/** Sections as the fields of an embed: narrow tables, no line that must not wrap. What one leaves of its share, the next may take. */
export function fieldsOf(sections: readonly Section[]): APIEmbedField[] {
  let left = 0;
  return sections.slice(0, FIELDS).map((section) => {
    const value = textOf(section, Math.min(LONGEST_VALUE, VALUE + left));
    left += VALUE - value.length;
    return { name: cut(plain(section.heading), NAME), value };
  });
}

/** The text of a section first, then as many rows of its table as there is room for. */
function textOf({ paragraphs, table }: Section, room: number): string {
  const text = cut(paragraphs.map(plain).join('\n'), room);
  const rows = table === null ? '' : fittingTable(essential(table), room - text.length - 1);
  return [text, rows].filter((part) => part !== '').join('\n') || '–';
}

function fittingTable(table: Table, room: number): string {
  for (let kept = table.rows.length; kept > 0; kept--) {
    const left = table.rows.length - kept;
    const lines = alignTable({ ...table, rows: table.rows.slice(0, kept) });
    const more = left === 0 ? '' : `\nand ${left} more`;
    const block = `\`\`\`\n${lines.join('\n').replaceAll('`', "'")}\n\`\`\`${more}`;
    if (block.length <= room) return block;
  }
  return '';
}
