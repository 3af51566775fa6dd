import { html } from 'hono/html';
import { commandLine } from '../message/command-line.ts';
import { gatewayText, pausedText } from '../message/digest-channels.ts';
import type { ChannelFacts } from '../message/digest-facts.ts';
import { plural } from '../message/format.ts';
import type { Html } from './html.ts';
import { moment } from './moment.ts';
import type { OperationsFacts } from './page-facts.ts';

/** How each channel is, a card each. */
export function channelsSection({ channels }: Pick<OperationsFacts, 'channels'>): Html {
  return html`<section aria-labelledby="channels">
<h2 id="channels">Channels</h2>
<ul class="cards">${channels.map(card)}</ul>
</section>`;
}

function card(facts: ChannelFacts): Html {
  const { channel, gateway, test, lastSent, open } = facts;
  const { tone, words, reason } = stateOf(facts);
  return html`<li>
<h3>${channel} <span class="state ${tone}">${words}</span></h3>
${reason === undefined ? '' : html`<p>${reason}</p>`}
${gatewayText(gateway).map((text) => html`<p>${text}</p>`)}
<dl class="facts">
<div><dt>Last tested</dt><dd>${test === null ? 'never' : moment(test.at)}</dd></div>
<div><dt>Last delivery</dt><dd>${
    lastSent === null
      ? html`none yet: <code>${commandLine('drill')}</code>`
      : html`<a href="/messages/${encodeURI(lastSent.message)}">${moment(lastSent.at)}</a>`
  }</dd></div>
${open === 0 ? '' : html`<div><dt>Waiting</dt><dd>${plural(open, 'message')}</dd></div>`}
</dl>
</li>`;
}

function stateOf({ paused, test, leftAlone }: ChannelFacts): {
  readonly tone: string;
  readonly words: string;
  readonly reason?: string;
} {
  if (paused !== null) return { tone: 'wait', words: pausedText(paused) };
  if (test === null) return { tone: 'wait', words: 'not tested yet' };
  if (test.failure !== null) return { tone: 'down', words: 'fails', reason: `${test.failure}.` };
  if (leftAlone === true) return { tone: 'wait', words: 'refused for days: digests are held back' };
  return { tone: 'up', words: 'works' };
}
