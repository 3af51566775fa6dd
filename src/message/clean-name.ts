/** Discord's longest name has 32 characters. */
const LONGEST = 40;

/**
 * A name that a person has chosen, fit to stand in a message to others: letters, digits and little else, so that it holds no
 * mention, no formatting, no link and nothing that turns the direction of reading; and not endless.
 */
export function cleanName(name: string): string {
  const letters = name
    .slice(0, 1_000)
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}\p{Emoji_Presentation}.,'’_-]+/gu, ' ')
    // A dot before a letter makes an address of the web, an underscore beside a word formatting.
    .replace(/\.(?=[\p{L}\p{N}])|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, ' ')
    // Marks that are heaped on one letter reach into the lines around it.
    .replace(/(\p{M}{3})\p{M}+/gu, '$1')
    .replace(/\s+/g, ' ')
    .trim();
  return [...letters].slice(0, LONGEST).join('').trim() || 'somebody';
}
