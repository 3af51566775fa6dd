import type { APIEmbed } from 'discord.js';
import type { Picture } from '../../src/message/message.ts';
import type { DiscordPayload } from '../../src/render/discord-embed.ts';

const STYLE = `
body { margin: 0; padding: 16px; background: #313338; color: #dbdee1; font: 16px/1.375 Inter, "Noto Sans", system-ui, sans-serif; }
.line { display: grid; grid-template-columns: 40px minmax(0, 1fr); gap: 0 16px; max-width: 600px; }
.face { width: 40px; height: 40px; border-radius: 50%; background: #2b2d31; }

.asked { color: #949ba4; font-size: 13px; } .asked b { color: #a9b4ff; font-weight: 500; } .line + .line { margin-top: 18px; }
.button { display: inline-block; background: #4e5058; color: #fff; border-radius: 3px; padding: 5px 14px; margin: 8px 8px 0 0; font-size: 14px; }
.name { color: #f2f3f5; font-weight: 700; } .app { background: #5865f2; color: #fff; border-radius: 3px; font-size: 11px; padding: 1px 5px; }
.time { color: #949ba4; font-size: 12px; }
.content p { margin: 0; white-space: pre-wrap; } .mention { background: #3c4270; color: #c9cdfb; border-radius: 3px; padding: 0 2px; font-weight: 500; }
.file { display: flex; gap: 10px; align-items: center; background: #2b2d31; border: 1px solid #1f2023; border-radius: 8px; padding: 10px 14px; margin-top: 6px; max-width: 400px; font-size: 14px; }
.file b { color: #00a8fc; font-weight: 400; } .file small { color: #949ba4; display: block; }
.embed { background: #2b2d31; border-left: 4px solid; border-radius: 4px; padding: 10px 16px 14px; margin-top: 6px; max-width: 520px; font-size: 14px; }
.embed h2 { font-size: 14px; margin: 12px 0 2px; color: #f2f3f5; } .embed strong { color: #f2f3f5; } .embed a { color: #00a8fc; }
.embed p { margin: 0; white-space: pre-wrap; } .embed pre { background: #1e1f22; border: 1px solid #1a1b1e; border-radius: 4px; padding: 8px; margin: 6px 0 0; font: 13px/1.3 ui-monospace, monospace; overflow: hidden; }
.pictures { display: grid; gap: 4px; margin-top: 12px; border-radius: 4px; overflow: hidden; }
.pictures img { width: 100%; display: block; } .pictures.several { grid-template-columns: 1fr 1fr; } .several img { height: 100%; aspect-ratio: 1; object-fit: cover; }
.embed footer { font-size: 12px; color: #b5bac1; margin-top: 10px; white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 480px) { body { padding: 12px; } .line { column-gap: 12px; } .embed { padding: 10px 12px 12px; } }`;

/**
 * How Discord shows a payload, near enough to be looked at: its dark colours, its widths, the markdown that we use, and its
 * order: content, files that no embed shows, embeds, buttons. Embeds of one address are drawn as one, their pictures side by
 * side and cropped to squares.
 */
export function discordPage(posts: readonly Post[], icon: string): string {
  const lines = posts.map(({ payload, pictures, asked, buttons = [], files = [] }) => {
    const shown = [contentOf(payload), ...files.map(fileCard), ...embedsOf(payload, pictures)].join('');
    const question = asked === undefined ? '' : `<div class="asked">ann used <b>${escapeHtml(asked)}</b></div>`;
    const row = buttons.map((label) => `<span class="button">${escapeHtml(label)}</span>`).join('');
    return `<div class="line"><img class="face" src="${dataUrl('image/svg+xml', Buffer.from(icon))}" alt=""><div>${question}
<span class="name">Breakout Bell</span> <span class="app">APP</span> <span class="time">18 Sep 2025, 16:45</span>${shown}<div>${row}</div></div></div>`;
  });
  return `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>${STYLE}</style>${lines.join('')}`;
}

/** One message of the bot's. */
export interface Post {
  readonly payload: DiscordPayload;
  readonly pictures: readonly Picture[];
  /** The command that it answers. */
  readonly asked?: string;
  /** The labels of the buttons under it. */
  readonly buttons?: readonly string[];
  /** The files beside it that no embed shows. */
  readonly files?: readonly { readonly name: string; readonly size: number }[];
}

function contentOf({ content = '' }: DiscordPayload): string {
  const mentioned = markdown(content).replace(/&lt;@&amp;\d+&gt;/, '<span class="mention">@alerts</span>');
  return content === '' ? '' : `<div class="content"><p>${mentioned}</p></div>`;
}

function fileCard({ name, size }: { readonly name: string; readonly size: number }): string {
  return `<div class="file"><svg width="24" height="30" viewBox="0 0 24 30"><path fill="#d3d6fd" d="M0 2a2 2 0 0 1 2-2h14l8 8v20a2 2 0 0 1-2 2H2a2 2 0 0 1-2-2z"/><path stroke="#5865f2" stroke-width="2" d="M5 13h14M5 18h14M5 23h9"/></svg><span><b>${escapeHtml(name)}</b><small>${(size / 1000).toFixed(1)} KB</small></span></div>`;
}

function embedsOf({ embeds = [] }: DiscordPayload, pictures: readonly Picture[]): string[] {
  const images = new Map(pictures.map(({ name, png }) => [`attachment://${name}.png`, dataUrl('image/png', png)]));
  const groups = Map.groupBy(embeds, (embed) => embed.url ?? embed);
  return [...groups.values()].map((group) => embedOf(group, images));
}

function embedOf(group: readonly APIEmbed[], images: ReadonlyMap<string, string>): string {
  const { description, color = 0, fields = [], footer } = group[0] ?? {};
  const sources = group.flatMap(({ image }) => (image === undefined ? [] : (images.get(image.url) ?? '')));
  const gallery = sources.map((source) => `<img src="${source}" alt="">`).join('');
  const parts = [
    description === undefined ? '' : `<p>${markdown(description)}</p>`,
    ...fields.map(({ name, value }) => `<h2>${markdown(name)}</h2><p>${markdown(value)}</p>`),
    gallery === '' ? '' : `<div class="pictures${sources.length > 1 ? ' several' : ''}">${gallery}</div>`,
    footer === undefined ? '' : `<footer>${escapeHtml(footer.text)} • 18 Sep 2025, 16:45</footer>`,
  ];
  return `<div class="embed" style="border-color:#${color.toString(16).padStart(6, '0')}">${parts.join('')}</div>`;
}

/** Bold, links, code blocks, and characters that are escaped. */
function markdown(text: string): string {
  return text
    .split(/```\n?([\s\S]*?)```/)
    .map((part, index) =>
      index % 2 === 1
        ? `<pre>${escapeHtml(part)}</pre>`
        : escapeHtml(part)
            .replace(/\*\*(.+?)\*\*/g, '<strong>$1</strong>')
            .replace(/(?<!\\)\[([^\]]+)\]\([^)]+\)/g, '<a>$1</a>')
            .replace(/\\([\\*_~`|[<@#>:-])/g, '$1'),
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
