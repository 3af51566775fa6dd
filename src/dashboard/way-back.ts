import { escapeHtml } from '../render/escape-html.ts';

// Messages are shown as their emails, with styles of their own; only inline ones are allowed beside them.
const STYLE = `<style>
.way-back{display:flex;flex-wrap:wrap;gap:4px 20px;padding:10px 16px;font:16px/1.5 system-ui,sans-serif;background:#f3f5f7;border-bottom:1px solid #d1d9e0}
.way-back a{color:#0059a0}
.way-back span{flex-basis:100%;color:#1f2328}
@media (prefers-color-scheme:dark){.way-back{background:#161b22;border-color:#30363d}.way-back a{color:#6cb6ff}.way-back span{color:#e6edf3}}
</style>`;

/**
 * A message's email with the way back to the page above it.
 * @param place where the page tells of it; undefined: nowhere
 * @param seen who has seen it, in words; undefined: nobody
 */
export function withWayBack(email: string, place: string | undefined, seen?: string): string {
  const links = [
    ['/', 'Breakout Bell'],
    ['/operations', 'Operations'],
    ...(place === undefined ? [] : [[place.replaceAll('&', '&amp;'), 'Where it stands on the page']]),
  ];
  const bar = links.map(([address, name]) => `<a href="${address}">${name}</a>`).join(' ');
  const note = seen === undefined ? '' : ` <span>${escapeHtml(seen)}</span>`;
  return email.replace(
    /<body[^>]*>/,
    (body) => `${body}\n${STYLE}<nav class="way-back" aria-label="Pages">${bar}${note}</nav>`,
  );
}
