import { html } from 'hono/html';
import type { Health } from '../health/health.ts';
import type { Watching } from '../health/watching.ts';
import { commandLine } from '../message/command-line.ts';
import { capital, plural } from '../message/format.ts';
import { document, type Html } from './html.ts';
import { moment } from './moment.ts';

/** What stands around every page. */
export interface Frame {
  /** Which page it is; undefined: none that the navigation leads to. */
  readonly here: '/' | '/operations' | undefined;
  readonly title: string;
  readonly head?: Html;
  /** Whether the bot works, where that could be read. */
  readonly health?: { readonly health: Health; readonly watching: Watching };
}

const PAGES = [
  ['/', 'The bell'],
  ['/operations', 'Operations'],
] as const;

/** A page of the dashboard: the way to the others, whether the bot works, and the content. */
export function framed({ here, title, head, health }: Frame, content: Html, foot: Html = html``): Html {
  return document(
    `${title} – Breakout Bell`,
    html`<a class="skip" href="#main">Skip to the content</a>
<header>
<a class="brand" href="/"><img src="/assets/icon.svg" alt="" width="24" height="24"> Breakout Bell</a>
<nav aria-label="Pages">${PAGES.map(
      ([path, name]) => html`<a href="${path}"${path === here ? html` aria-current="page"` : ''}>${name}</a> `,
    )}</nav>
${health === undefined ? '' : healthLine(health)}
</header>
<main id="main">
${content}
</main>
<footer>${foot}</footer>`,
    head,
  );
}

/** What the bot does, as one word or two, and how good that is. */
export function conditionOf({ health, watching }: NonNullable<Frame['health']>): {
  readonly tone: 'good' | 'wait' | 'bad';
  readonly words: string;
} {
  // Before its first check a new copy has nothing wrong with it.
  if (health.evaluated === null && watching.lastRun === null) return { tone: 'wait', words: 'Not started yet' };
  if (!health.ok) return { tone: 'bad', words: 'Needs attention' };
  if (watching.daemon === null) return { tone: 'wait', words: 'No daemon is running' };
  return { tone: 'good', words: 'All is well' };
}

function healthLine(facts: NonNullable<Frame['health']>): Html {
  const { health, watching } = facts;
  const { tone, words } = conditionOf(facts);
  const [first, ...others] = tone === 'bad' ? health.reasons : [];
  const more = others.length === 0 ? '' : html` <a href="/operations">And ${plural(others.length, 'more reason')}</a>.`;
  return html`<p class="health ${tone}"><strong>${words}</strong>
${first === undefined ? '' : html`<span>${capital(first)}.</span>${more}`}
<span class="quiet">${whenLooked(facts)}</span>
${tone === 'wait' && watching.lastRun !== null ? html`<span class="quiet">Start it with <code>${commandLine('daemon')}</code>.</span>` : ''}</p>`;
}

function whenLooked({ health, watching }: NonNullable<Frame['health']>): Html {
  const last =
    health.evaluatedAt === null ? html`Never checked.` : html`Last checked ${moment(health.evaluatedAt)} New York.`;
  return watching.daemon === null ? last : html`${last} Next check ${moment(watching.nextRun)}.`;
}
