/** A part of docs/reliability.md that can be written anew by itself. */
export interface Section {
  /** What `--only` calls it. */
  readonly name: string;
  /** Its heading, without the marks. */
  readonly heading: string;
}

/** The parts, in their order. */
export const SECTIONS = [
  { name: 'kills', heading: 'Killed at any moment' },
  { name: 'pauses', heading: 'Stopped, and woken' },
  { name: 'leaders', heading: 'Three daemons, and the leader struck' },
  { name: 'hosts', heading: 'Three hosts of one PostgreSQL, and the leader struck' },
  { name: 'years', heading: 'Twenty years' },
  { name: 'pasts', heading: 'A past that changes' },
  { name: 'spikes', heading: 'Closes that are wrong by a factor' },
  { name: 'faults', heading: 'Faults of every service' },
  { name: 'hostile', heading: 'Answers that would cost without an end' },
  { name: 'fuzz', heading: 'Whatever comes' },
] as const satisfies readonly Section[];

export type SectionName = (typeof SECTIONS)[number]['name'];

/**
 * Puts a section in the place of the one of the same heading; of a document that has none, where it belongs.
 * @param lines of the section, without its heading
 */
export function withSection(document: string, name: SectionName, lines: readonly string[]): string {
  const parts = document.trimEnd().split(/^(?=## )/m);
  const headingOf = (part: string) => part.match(/^## (.*)$/m)?.[1] ?? '';
  const place = (heading: string) => SECTIONS.findIndex((section) => section.heading === heading);
  const at = SECTIONS.findIndex((section) => section.name === name);
  const written = `## ${SECTIONS[at]?.heading}\n\n${lines.join('\n').trim()}\n`;
  const others = parts.filter((part) => place(headingOf(part)) !== at);
  const next = others.findIndex((part) => place(headingOf(part)) > at);
  others.splice(next < 0 ? others.length : next, 0, written);
  return `${others.map((part) => part.trim()).join('\n\n')}\n`;
}

export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
