/** Text that Discord shows as it is: no formatting, no mention, no link, and nothing that turns its direction. */
export function plain(text: string): string {
  return text
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\\*_~`|[<@]|^[#>-]/gm, (sign) => (sign === '@' ? '@\u200b' : `\\${sign}`));
}

/**
 * The same in at most `limit` characters, for what stands outside an embed: an address of the web would be a link there,
 * with a preview of what lies behind it.
 */
export function plainContent(text: string, limit: number): string {
  return cut(plain(text).replaceAll('://', '\\://'), limit);
}

/** The text in at most `limit` characters; what was cut ends with an ellipsis. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // Not between the two halves of a character beyond the basic plane, nor behind a lone backslash.
  return `${text.slice(0, Math.max(0, limit - 1)).replace(/[\uD800-\uDBFF]$|\\$/, '')}…`.slice(0, Math.max(0, limit));
}
