import type { Picture } from '../../src/message/message.ts';
import type { DiscordPayload } from '../../src/render/discord-embed.ts';

const STYLE = `
body { margin: 0; padding: 16px; background: #313338; color: #dbdee1; font: 16px/1.375 Inter, "Noto Sans", system-ui, sans-serif; }
.line { display: grid; grid-template-columns: 40px 1fr; gap: 0 16px; max-width: 600px; }
.face { width: 40px; height: 40px; border-radius: 50%; background: #2b2d31; }

.asked { color: #949ba4; font-size: 13px; } .asked b { color: #a9b4ff; font-weight: 500; } .line + .line { margin-top: 18px; }
.button { display: inline-block; background: #4e5058; color: #fff; border-radius: 3px; padding: 5px 14px; margin: 8px 8px 0 0; font-size: 14px; }
.name { color: #f2f3f5; font-weight: 700; } .app { background: #5865f2; color: #fff; border-radius: 3px; font-size: 11px; padding: 1px 5px; }
.time { color: #949ba4; font-size: 12px; }
.embed { background: #2b2d31; border-left: 4px solid; border-radius: 4px; padding: 10px 16px 14px; margin-top: 6px; max-width: 520px; font-size: 14px; }
.embed h1 { font-size: 16px; margin: 0 0 8px; color: #f2f3f5; } .embed h2 { font-size: 14px; margin: 12px 0 2px; color: #f2f3f5; }
.embed p { margin: 0; white-space: pre-wrap; } .embed pre { background: #1e1f22; border: 1px solid #1a1b1e; border-radius: 4px; padding: 8px; margin: 6px 0 0; font: 13px/1.3 ui-monospace, monospace; overflow: hidden; }
.embed img { width: 100%; border-radius: 4px; margin-top: 10px; display: block; } .embed footer { font-size: 12px; color: #b5bac1; margin-top: 10px; white-space: pre-wrap; }`;

/** How Discord shows a payload, near enough to be looked at: its dark colours, its widths, and the markdown that we use. */
export function discordPage(posts: readonly Post[], icon: string): string {
  const lines = posts.map(({ payload, pictures, asked, buttons = [] }) => {
    const shown = embedsOf(payload, pictures).join('');
    const question = asked === undefined ? '' : `<div class="asked">ann used <b>${escapeHtml(asked)}</b></div>`;
    const row = buttons.map((label) => `<span class="button">${escapeHtml(label)}</span>`).join('');
    return `<div class="line"><img class="face" src="${dataUrl('image/svg+xml', Buffer.from(icon))}" alt=""><div>${question}
<span class="name">Breakout Bell</span> <span class="app">APP</span> <span class="time">18 Sep 2025, 16:45</span>${shown}<div>${row}</div></div></div>`;
  });
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style>${lines.join('')}`;
}

/** One message of the bot's. */
export interface Post {
  readonly payload: DiscordPayload;
  readonly pictures: readonly Picture[];
  /** The command that it answers. */
  readonly asked?: string;
  /** The labels of the buttons under it. */
  readonly buttons?: readonly string[];
}

function embedsOf({ embeds = [] }: DiscordPayload, pictures: readonly Picture[]): string[] {
  const images = new Map(pictures.map(({ name, png }) => [`attachment://${name}.png`, dataUrl('image/png', png)]));
  return embeds.map(({ title, description, color = 0, fields = [], image, footer }) => {
    const parts = [
      title === undefined ? '' : `<h1>${markdown(title)}</h1>`,
      description === undefined ? '' : `<p>${markdown(description)}</p>`,
      ...fields.map(({ name, value }) => `<h2>${markdown(name)}</h2><p>${markdown(value)}</p>`),
      image === undefined ? '' : `<img src="${images.get(image.url) ?? ''}" alt="">`,
      footer === undefined ? '' : `<footer>${escapeHtml(footer.text)}</footer>`,
    ];
    return `<div class="embed" style="border-color:#${color.toString(16).padStart(6, '0')}">${parts.join('')}</div>`;
  });
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
