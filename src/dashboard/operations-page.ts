import { html } from 'hono/html';
import { commandLine } from '../message/command-line.ts';
import { capital, date, plural, points } from '../message/format.ts';
import type { Run } from '../store/runs.ts';
import { channelsSection } from './channels-section.ts';
import { conditionOf, framed } from './frame.ts';
import type { Html } from './html.ts';
import { messagesSection } from './messages-section.ts';
import { moment } from './moment.ts';
import type { OperationsFacts } from './page-facts.ts';
import { runsSection } from './runs-section.ts';

/** The page for whoever runs the bot: does it work, what is wrong, what was sent, what was done. */
export function operationsPage(facts: OperationsFacts): Html {
  return framed(
    {
      here: '/operations',
      title: `Operations: ${conditionOf(facts).words.toLowerCase()}`,
      head: html`<link rel="stylesheet" href="/assets/operations-page.css">`,
    },
    html`${conditionSection(facts)}
${problemsSection(facts)}
${channelsSection(facts)}
${messagesSection(facts)}
${runsSection(facts)}`,
    html`<p>All times are New York time. For programs: <a href="/api/status">status</a> and <a href="/api/ledger">ledger</a> as JSON,
<a href="/healthz">healthz</a>, <a href="/metrics">metrics</a>. This page only reads.</p>`,
  );
}

function conditionSection(facts: OperationsFacts): Html {
  const { health, watching } = facts;
  const { tone, words } = conditionOf(facts);
  const below = new Set(health.troubles.map(({ title }) => title));
  const others = health.reasons.filter((reason) => !below.has(reason));
  return html`<section aria-labelledby="condition">
<h1 id="condition" class="health ${tone}"><strong>${words}</strong></h1>
${others.map((reason) => html`<p>${capital(reason)}.</p>`)}
<dl class="facts">
<div><dt>Last checked</dt><dd>${health.evaluatedAt === null ? 'never' : moment(health.evaluatedAt)}</dd></div>
<div><dt>Newest session checked</dt><dd>${health.evaluated === null ? 'none' : date(health.evaluated)}</dd></div>
<div><dt>Next check</dt><dd>${watching.daemon === null ? html`none is planned: start <code>${commandLine('daemon')}</code>` : moment(watching.nextRun)}</dd></div>
<div><dt>Daemon</dt><dd>${daemon(watching)}</dd></div>
${watching.standbys.map(({ host, differs }) => standby(host, differs))}
${lastRun(watching.lastRun)}
</dl>
</section>`;
}

function daemon({ daemon, standbys }: OperationsFacts['watching']): Html | string {
  if (daemon === null) return 'not running';
  const others = standbys.length === 0 ? '' : `; ${plural(standbys.length, 'daemon')} standing by`;
  return html`on ${daemon.host} since ${moment(daemon.startedAt)}${others}`;
}

function standby(host: string, differs: string | undefined): Html {
  return html`<div><dt>Standby on ${host}</dt><dd>${
    differs === undefined ? 'takes over if the daemon stops' : `does not take over: its settings differ (${differs})`
  }</dd></div>`;
}

function lastRun(run: Run | null): Html | string {
  if (run === null) return '';
  return html`<div><dt>Last command</dt><dd>${run.command}, ${moment(run.startedAt)}</dd></div>`;
}

function problemsSection({ health, held, missing }: OperationsFacts): Html {
  const none = health.troubles.length + held.length + missing.length === 0;
  return html`<section aria-labelledby="problems">
<h2 id="problems">Open problems</h2>
${none ? html`<p>None. No action needed.</p>` : problems({ health, held, missing })}
</section>`;
}

function problems({ health, held, missing }: Pick<OperationsFacts, 'health' | 'held' | 'missing'>): Html {
  return html`<ul>
${health.troubles.map(({ title, text }) => html`<li><strong>${title}.</strong> ${text}</li>`)}
${held.map(
  ({ symbol, session, close, reason }) =>
    html`<li><strong>Held:</strong> ${symbol} ${points(close)} on ${date(session)}, not believed yet: ${reason}.</li>`,
)}
${[...Map.groupBy(missing, ({ symbol }) => symbol)].map(([symbol, sessions]) => {
  const shown = sessions.slice(0, 5).map(({ session }) => date(session));
  const more = sessions.length - shown.length;
  return html`<li><strong>Missing:</strong> ${symbol}, ${shown.join(', ')}${more > 0 ? ` and ${plural(more, 'more session')}` : ''}.</li>`;
})}
</ul>`;
}
