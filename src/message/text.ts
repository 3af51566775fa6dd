import type { Letter, Section } from './message.ts';
import { alignTable } from './text-table.ts';

const WIDTH = 78;

/** What a reader is told when the message may have arrived before. */
export const REPEAT_NOTE = 'This may be a repeat: whether an earlier attempt arrived is not known.';

/** The message as plain text that stands alone, at most 78 columns wide but for tables. */
export function renderText({ message, repeat }: Letter): string {
  const notes = [...(repeat ? [REPEAT_NOTE] : []), ...message.notes];
  const blocks = [
    `${wrap(message.title)}\n${'='.repeat(Math.min(WIDTH, message.title.length))}`,
    wrap(message.lead),
    ...notes.map((note) => wrap(`Note: ${note}`)),
    ...message.sections.map(renderSection),
    [...message.footer.map((text) => wrap(text)), `Id: ${message.id}`].join('\n'),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function renderSection({ heading, paragraphs, table }: Section): string {
  const body = [...paragraphs.map((text) => wrap(text)), ...(table === null ? [] : [alignTable(table).join('\n')])];
  return [`${heading}\n${'-'.repeat(heading.length)}`, body.join('\n\n')].join('\n');
}

/** Breaks a paragraph at spaces into lines of at most `WIDTH` characters. */
function wrap(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/)) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join('\n');
}
