import { html } from 'hono/html';
import { commandLine } from '../message/command-line.ts';
import type { Html } from './html.ts';
import type { PageFacts } from './page-facts.ts';

/** A thing to do before the bell can ring. */
interface Step {
  readonly done: boolean;
  readonly title: string;
  readonly text: Html;
}

/** What a new copy does now, and what is left to do: until the first message was sent. */
export function setupSection(facts: PageFacts): Html | string {
  const { asOf, standing, ledger } = facts;
  if (asOf !== undefined || (standing !== undefined && ledger.messages.length > 0)) return '';
  return html`<section aria-labelledby="setup-title">
<h2 id="setup-title">Getting started</h2>
${standing === undefined ? html`<p>${whatHappens(facts)}</p>` : ''}
<ol class="steps">
${stepsOf(facts).map(
  ({ done, title, text }) =>
    html`<li class="${done ? 'done' : 'open'}"><strong>${title}</strong> <span class="state">${done ? 'Done' : 'To do'}</span><br>${text}</li>`,
)}
</ol>
</section>`;
}

/** Why there is no close yet. */
function whatHappens({ watching, ledger, signal }: PageFacts): Html {
  const [run] = ledger.runs;
  if (run !== undefined && run.endedAt === null) {
    return html`The first check is running: it reads every close of ${signal.index} and ${signal.benchmark} there is. Reload this page in a minute.`;
  }
  const [problem] = run?.problems ?? [];
  if (problem !== undefined) {
    return html`The last check failed: ${problem}. <code>${commandLine('doctor')}</code> looks for the cause.`;
  }
  if (watching.daemon !== null) {
    return html`The daemon has just started, and its first check comes at once. Reload this page in a minute.`;
  }
  return html`Nothing has been read yet. The first check reads the whole history once; the record closes in it are history, and nobody is told of them.`;
}

function stepsOf({ standing, channels, ledger, watching }: PageFacts): Step[] {
  const byFiles = channels.every(({ channel }) => channel === 'folder');
  return [
    {
      done: standing !== undefined,
      title: 'Read the closes',
      text: html`<code>${commandLine('check')}</code> reads them and shows where the index stands.`,
    },
    {
      done: !byFiles,
      title: 'Say where alerts go',
      text: byFiles
        ? html`Alerts are only written to a folder on this machine. Set up Discord or email in <code>.env</code>; <code>${commandLine('doctor')}</code> tests it.`
        : html`Set up: ${channels.length === 1 ? 'one channel' : html`${channels.length} channels`}. <code>${commandLine('doctor')}</code> tests them.`,
    },
    {
      done: ledger.messages.length > 0,
      title: 'Send a test message',
      text: html`<code>${commandLine('drill')}</code> sends one, labelled as a drill, the way a real alert goes.`,
    },
    {
      done: watching.daemon !== null,
      title: 'Keep watching',
      text: html`<code>${commandLine('daemon')}</code> checks after every close, in the background.`,
    },
  ];
}
