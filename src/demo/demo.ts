import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '../app/app.ts';
import { labelsById } from '../app/labels.ts';
import { openApp } from '../app/open.ts';
import type { Runtime } from '../app/runtime.ts';
import { check } from '../check/check.ts';
import type { Report } from '../check/report.ts';
import { reportLines } from '../console/report.ts';
import type { Source } from '../market/source.ts';
import { CALLING, commandLine } from '../message/command-line.ts';
import { instant } from '../message/format.ts';
import { demoSettings } from '../settings/demo-settings.ts';
import { ENV_EXAMPLE } from '../settings/places.ts';
import { createDemoSource } from './source.ts';

/** The evenings of the story: ten minutes after a close counts. */
const STORY = [
  {
    now: Date.parse('2025-09-17T20:45:00Z'),
    text: 'The first check. The index is armed, as its record is almost four years old. There is no event yet.',
  },
  {
    now: Date.parse('2025-09-18T20:45:00Z'),
    text: 'The next evening. The index closes above its record, and the alert goes out.',
  },
  { now: Date.parse('2025-09-18T21:30:00Z'), text: 'The third check. The alert has been sent and is not sent again.' },
];

/** Of the column of commands; a longer one has a line of its own. */
const WIDTH = 28;

/** What to type after the demo. */
function nextSteps(): string {
  // What npx has brought is not there to stay.
  const isPassing = CALLING === 'npx breakout-bell';
  const line = (call: string) => commandLine(call, isPassing ? 'breakout-bell' : CALLING);
  const steps = [
    ...(isPassing ? [['npm install -g breakout-bell', 'have the command below for good'] as const] : []),
    [line('setup'), 'answer where alerts go (Discord, email or a folder), and start the daemon'],
    [`cp ${ENV_EXAMPLE} .env && chmod 600 .env`, 'or by hand: set in it where alerts go, and then'],
    [line('doctor'), 'test settings, database, source and channels'],
    [line('drill'), 'send a labelled test message through every channel'],
    [line('daemon'), `monitor in the background (${line('start')}: in the foreground)`],
  ] as const;
  const shown = ([command, what]: readonly [string, string]) =>
    `  ${command.padEnd(WIDTH)}${command.length > WIDTH ? `\n  ${' '.repeat(WIDTH)}` : ''} ${what}`;
  return ['Next steps', ...steps.map(shown)].join('\n');
}

/**
 * Tells the story of September 2025 through the real code. Only the source is offline, and the clock is of that time;
 * database and outbox are its own, whatever `.env` says.
 * @param show shows the app as it stands at the end of the story, and resolves when it has been looked at
 */
export async function demo(print: (line: string) => void, show?: (app: App) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'breakout-bell-demo-'));
  const settings = demoSettings(folder);
  const source = createDemoSource();
  print(`Breakout Bell, the demo. ${source.note ?? ''}`);
  for (const { now, text } of STORY) {
    print(`\n── ${instant(now)} ──\n${text}\n`);
    const app = await openApp(settings, runtimeAt(now, source));
    try {
      const options = { offline: true, command: 'demo' };
      const report = (await check(app, options)) as Report;
      reportLines(report, labelsById(app)).forEach(print);
      if (report.fired.length > 0 && settings.outboxDir !== undefined) printOutbox(settings.outboxDir, print);
    } finally {
      app.close();
    }
  }
  const end = STORY.at(-1)?.now;
  if (show !== undefined && end !== undefined) {
    const app = await openApp(settings, runtimeAt(end, source));
    print('');
    await show(app).finally(() => app.close());
  }
  // The messages stay to be looked at; the database has told its story.
  for (const name of readdirSync(folder)) if (name.startsWith('demo.db')) rmSync(join(folder, name));
  print(`\n${nextSteps()}`);
}

function runtimeAt(now: number, source: Source): Runtime {
  return { now: () => now, sleep: async () => {}, random: () => 0.5, progress: () => {}, source };
}

function printOutbox(outbox: string, print: (line: string) => void): void {
  const files = readdirSync(outbox).map((name) => join(outbox, name));
  const text = files.find((file) => file.endsWith('.txt'));
  print('\nThe alert as text, as an email and as a Discord message, with its two pictures:');
  for (const file of files) print(`  ${file}`);
  if (text === undefined) return;
  print('\nIt begins:\n');
  const [title = '', lead = '', ...rest] = readFileSync(text, 'utf8').split('\n\n');
  for (const block of [title, lead, ...rest.slice(0, 2)]) print(`${block.replace(/^/gm, '  | ').trimEnd()}\n  |`);
}
