import type { DiscordPayload } from '../../src/message/discord-embed.ts';
import type { Picture } from '../../src/message/message.ts';

const STYLE = `
body { margin: 0; padding: 16px; background: #313338; color: #dbdee1; font: 16px/1.375 Inter, "Noto Sans", system-ui, sans-serif; }
.line { display: grid; grid-template-columns: 40px 1fr; gap: 0 16px; max-width: 600px; }
.face { width: 40px; height: 40px; border-radius: 50%; background: #2b2d31; }
.name { color: #f2f3f5; font-weight: 700; } .app { background: #5865f2; color: #fff; border-radius: 3px; font-size: 11px; padding: 1px 5px; }
.time { color: #949ba4; font-size: 12px; }
.embed { background: #2b2d31; border-left: 4px solid; border-radius: 4px; padding: 10px 16px 14px; margin-top: 6px; max-width: 520px; font-size: 14px; }
.embed h1 { font-size: 16px; margin: 0 0 8px; color: #f2f3f5; } .embed h2 { font-size: 14px; margin: 12px 0 2px; color: #f2f3f5; }
.embed p { margin: 0; white-space: pre-wrap; } .embed pre { background: #1e1f22; border: 1px solid #1a1b1e; border-radius: 4px; padding: 8px; margin: 6px 0 0; font: 13px/1.3 ui-monospace, monospace; overflow: hidden; }
.embed img { width: 100%; border-radius: 4px; margin-top: 10px; display: block; } .embed footer { font-size: 12px; color: #b5bac1; margin-top: 10px; white-space: pre-wrap; }`;

/** How Discord shows a payload, near enough to be looked at: its dark colours, its widths, and the markdown that we use. */
export function discordPage({ embeds = [] }: DiscordPayload, pictures: readonly Picture[], icon: string): string {
  const images = new Map(pictures.map(({ name, png }) => [`attachment://${name}.png`, dataUrl('image/png', png)]));
  const shown = embeds.map(({ title, description, color = 0, fields = [], image, footer }) => {
    const parts = [
      title === undefined ? '' : `<h1>${markdown(title)}</h1>`,
      description === undefined ? '' : `<p>${markdown(description)}</p>`,
      ...fields.map(({ name, value }) => `<h2>${markdown(name)}</h2><p>${markdown(value)}</p>`),
      image === undefined ? '' : `<img src="${images.get(image.url) ?? ''}" alt="">`,
      footer === undefined ? '' : `<footer>${escapeHtml(footer.text)}</footer>`,
    ];
    return `<div class="embed" style="border-color:#${color.toString(16).padStart(6, '0')}">${parts.join('')}</div>`;
  });
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><div class="line">
<img class="face" src="${dataUrl('image/svg+xml', Buffer.from(icon))}" alt=""><div><span class="name">Breakout Bell</span>
<span class="app">APP</span> <span class="time">18 Sep 2025, 16:45</span>${shown.join('')}</div></div>`;
}

/** Bold, code blocks, and characters that are escaped. */
function markdown(text: string): string {
  return text
    .split(/```\n?([\s\S]*?)```/)
    .map((part, index) =>
      index % 2 === 1
        ? `<pre>${escapeHtml(part)}</pre>`
        : escapeHtml(part)
            .replace(/\*\*(.+?)\*\*/g, '<strong>$1</strong>')
            .replace(/\\([\\*_~`|[<@#>-])/g, '$1'),
    )
    .join('')
    .replaceAll('\n<pre>', '<pre>')
    .replaceAll('</pre>\n', '</pre>');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function dataUrl(type: string, bytes: Uint8Array): string {
  return `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
}
