import { html } from 'hono/html';
import { seenText } from '../message/seen.ts';
import type { Delivery } from '../store/deliveries.ts';
import type { Html } from './html.ts';
import { moment } from './moment.ts';
import type { LedgerFacts, OperationsFacts } from './page-facts.ts';

/** The newest messages and what became of them, a card each. */
export function messagesSection({ ledger }: Pick<OperationsFacts, 'ledger'>): Html {
  return html`<section aria-labelledby="messages">
<h2 id="messages">Messages</h2>
${
  ledger.messages.length === 0
    ? html`<p>None yet. Every message is listed here with its deliveries.</p>`
    : html`<ul class="rows">${ledger.messages.map(row)}</ul>`
}
</section>`;
}

function row({ message, deliveries, seen }: LedgerFacts['messages'][number]): Html {
  const { id, kind, title, createdAt } = message;
  const seenBy = seenText(seen);
  const sent = deliveries.filter(({ state }) => state === 'sent');
  const others = deliveries.filter(({ state }) => state !== 'sent');
  return html`<li>
<h3><a href="/messages/${encodeURI(id)}">${title}</a></h3>
<p class="quiet">${kind}, written ${moment(createdAt)}</p>
${seenBy === undefined ? '' : html`<p>${seenBy}</p>`}
${others.map((delivery) => html`<p>${line(delivery)}</p>`)}
${
  sent.length === 0
    ? ''
    : html`<details><summary><span class="up">Sent to ${sent.length} of ${deliveries.length}</span></summary>
<ul class="plain">${sent.map((delivery) => html`<li>${line(delivery)}</li>`)}</ul></details>`
}
</li>`;
}

/** "discord-webhook: failed 18 Sep 2025, 16:45, 3 attempts: Discord does not know this webhook". */
function line({ channel, state, attempts, reason, changedAt }: Delivery): Html {
  const tone = state === 'sent' ? 'up' : state === 'failed' || state === 'unknown' ? 'down' : 'wait';
  const tries = attempts > 1 ? `, ${attempts} attempts` : '';
  const why = reason === null ? '' : `: ${reason}`;
  return html`${channel}: <strong class="${tone}">${state}</strong> ${moment(changedAt)}${tries}${why}`;
}
