import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planKills, playAll } from '../e2e/crash/plan.ts';
import { type Outcome, type Scene, Theatre } from '../e2e/crash/trial.ts';
import { fuzzAnswers, fuzzBodies } from '../fuzz/answers.ts';
import { fuzzConfig, fuzzCsv } from '../fuzz/files.ts';
import { type Fuzzed, fuzz } from '../fuzz/fuzz.ts';
import { fuzzLife } from '../fuzz/life.ts';
import { fuzzSecrets } from '../security/secrets.ts';
import { startYahoo } from '../support/yahoo-server.ts';
import { expected, type Fault, type Observation, PEOPLE, play } from './fault.ts';
import { FAULTS } from './faults.ts';
import { type Cost, costOf, HOSTILE } from './hostile.ts';
import { CAN_MOUNT } from './machine-faults.ts';

const PATH = join(import.meta.dirname, '../../docs/reliability.md');
/** How many times the cases of `npm test` are made. */
const TIMES = 20;
const AT_ONCE = 3;

/**
 * Makes everything go wrong, many times, and writes what came of it to docs/reliability.md. Ends with 1 when anything was
 * lost, false, or came twice without a word.
 */
async function report(): Promise<void> {
  const seed = Number(process.argv[2] ?? Math.floor(Math.random() * 2 ** 31));
  const say = (line: string) => process.stdout.write(`${line}\n`);
  say(`Kills, at every step and every 3 ms of a check …`);
  const kills = await killed();
  say(`${kills.length} kills done. Faults of every service …`);
  const faults = await played();
  say(`${faults.length} faults done. Hostile answers …`);
  const costs: Cost[] = [];
  for (const answer of HOSTILE) costs.push(await costOf(answer));
  say(`Bent answers, files, settings and lives, with the seed ${seed} …`);
  const cases = await fuzzed(seed);

  const wrong = [
    ...kills.filter(isWrong).map((outcome) => JSON.stringify(outcome)),
    ...faults.filter(([fault, seen]) => differs(fault, seen)).map(([{ service, what }]) => `${service}: ${what}`),
  ];
  writeFileSync(PATH, `${document(kills, faults, costs, cases).join('\n')}\n`);
  killTable(kills).forEach(say);
  for (const line of wrong) say(`WRONG  ${line}`);
  say(
    `${PATH} is written; ${wrong.length === 0 ? 'nothing was lost, false, or came twice without a word' : `${wrong.length} wrong`}.`,
  );
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

async function killed(): Promise<Outcome[]> {
  const theatre = new Theatre();
  try {
    return await playAll(await planKills(theatre, true), AT_ONCE, (kill) => theatre.play(kill));
  } finally {
    await theatre.close();
  }
}

async function played(): Promise<(readonly [Fault, Observation])[]> {
  const seen: (readonly [Fault, Observation])[] = [];
  for (const fault of FAULTS) {
    if (!fault.what.startsWith('disk') || CAN_MOUNT) seen.push([fault, await play(fault)]);
  }
  return seen;
}

async function fuzzed(seed: number): Promise<Fuzzed[]> {
  const folder = mkdtempSync(join(tmpdir(), 'breakout-bell-'));
  const yahoo = await startYahoo();
  const done: Fuzzed[] = [];
  try {
    const all = [fuzzAnswers(yahoo), fuzzBodies(yahoo), fuzzCsv(folder), fuzzConfig(folder), fuzzSecrets(), fuzzLife()];
    for (const one of all) done.push(await fuzz(one, seed, TIMES));
    return done;
  } finally {
    await yahoo.close();
    rmSync(folder, { recursive: true });
  }
}

function isWrong({ lost, false: untrue, unmarked, doubled }: Outcome): boolean {
  return [lost, untrue, unmarked, doubled.bot, doubled.email].some((list) => list.length > 0);
}

function differs(fault: Fault, seen: Observation): boolean {
  const { perhaps = [], left } = fault.expect;
  const must = expected(fault);
  const copies = PEOPLE.every(
    (person) => seen.copies[person] === must.copies[person] || (perhaps.includes(person) && seen.copies[person] === 2),
  );
  const arrives = PEOPLE.every((person) => seen.arrives[person] === must.arrives[person]);
  return !copies || !arrives || seen.wrong.length > 0 || (left === undefined && seen.left.length > 0);
}

function document(
  kills: readonly Outcome[],
  faults: readonly (readonly [Fault, Observation])[],
  costs: readonly Cost[],
  cases: readonly Fuzzed[],
): string[] {
  return [
    '# Nothing lost, nothing twice, nothing false',
    '',
    'Written by `npm run faults`, not by hand. Stand-ins of Yahoo, Discord and a mail server listen on loopback; the story is the evening',
    'of 18 September 2025, with a webhook, a bot and two mail addresses. `npm test` plays the faults, and a part of the rest, every time.',
    '',
    '## Killed at any moment',
    '',
    'The real process, `npm run check`, is killed from outside with SIGKILL: at every step that a stand-in sees, so many milliseconds',
    'after it, and every 3 ms from its start. Runs a minute or an hour later, and then every hour, go on until nothing is left to do.',
    '',
    ...killTable(kills),
    '',
    'A webhook cannot tell whether it has seen a message: what Discord had taken when the process died comes once more and says that it may',
    'be a repeat. A bot reads back what it has posted. A second mail has the Message-ID of the first, and mail systems drop it.',
    '',
    '## Faults of every service',
    '',
    'Each begins on the evening of the event; runs follow 45 minutes later, the next morning (by then it is over, unless it says otherwise)',
    'and on two more evenings. *Tries* counts requests for one symbol, or attempts of the delivery that fails, in the first and in the second run.',
    `${faults.length} faults; events lost ${faults.filter(([, { arrives }]) => Object.values(arrives).includes(-1)).length}, false messages ${faults.filter(([, { wrong }]) => wrong.some((line) => !line.includes('copy'))).length}, second copies without a word ${faults.filter(([, { wrong }]) => wrong.some((line) => line.includes('copy'))).length}.`,
    '',
    ...services(faults).flatMap((service) => [
      `### ${service}`,
      '',
      ...table(
        ['Fault', 'The run says', 'Exit', 'Stored of the close', 'Tries', 'Who has the alert when'],
        faults
          .filter(([fault]) => fault.service === service)
          .map(([fault, seen]) => [
            fault.what,
            seen.printed === null ? 'nothing' : `\`${plain(seen.printed)}\``,
            seen.code,
            seen.stored,
            `${seen.tries[0]}, ${seen.tries[1]}`,
            whoWhen(fault, seen),
          ]),
      ),
      '',
    ]),
    '## Answers that would cost without an end',
    '',
    'A real check that gets such an answer for every symbol.',
    '',
    ...table(
      ['Answer', 'The run says', 'Exit', 'Seconds', 'Peak MB'],
      costs.map(({ what, printed, code, seconds, megabytes }) => [
        what,
        `\`${plain(printed)}\``,
        code ?? '',
        seconds.toFixed(1),
        megabytes.toFixed(0),
      ]),
    ),
    '',
    '## Whatever comes',
    '',
    'Made up by fast-check. What once failed stays in `test/fuzz/seeds.json` and is tried first.',
    '',
    ...table(
      ['What is made up', 'Cases', 'Must hold'],
      cases.map(({ name, runs }) => [name, runs.toLocaleString('en-US'), HOLDS[name] ?? '']),
    ),
    '',
  ];
}

/** What came of the kills, by what the run had to tell. */
function killTable(kills: readonly Outcome[]): string[] {
  const scenes: readonly Scene[] = ['alert', 'first run', 'correction', 'retraction'];
  return table(
    [
      'What the run had to tell',
      'Kills',
      'Lost',
      'False',
      'Twice by the bot',
      'Twice by mail',
      'Twice by the webhook',
      'of these unmarked',
      'Mails dropped by their Message-ID',
    ],
    [...scenes, undefined].map((scene) => {
      const these = kills.filter(({ kill }) => scene === undefined || kill.scene === scene);
      const count = (pick: (outcome: Outcome) => readonly unknown[]) =>
        these.reduce((sum, one) => sum + pick(one).length, 0);
      return [
        scene ?? 'all',
        these.filter((one) => one.killed).length,
        count(({ lost }) => lost),
        count((one) => one.false),
        count(({ doubled }) => doubled.bot),
        count(({ doubled }) => doubled.email),
        count(({ doubled }) => doubled.webhook),
        count(({ unmarked }) => unmarked),
        these.reduce((sum, one) => sum + one.sameMail, 0),
      ];
    }),
  );
}

const HOLDS: Readonly<Record<string, string>> = {
  'chart answers': 'a reading of sessions that can be judged, or one line; nothing on the console',
  bodies: 'one line that says what came',
  'CSV files': 'closes, or one line that names the file',
  'config files': 'settings, or lines that name file or variable',
  secrets: 'no secret in anything printed, logged, stored, sent or shown, though every service says it back',
  lives:
    'closes come, are revised and lost, services break, the process dies: in the end each channel was told what the closes say, once',
};

function services(faults: readonly (readonly [Fault, Observation])[]): string[] {
  return [...new Set(faults.map(([{ service }]) => service))];
}

/** Ports and folders differ from run to run. */
function plain(line: string): string {
  return line
    .replace(/\s+/g, ' ')
    .replace(/\/tmp\/breakout-bell-[^/ ]*\//g, '…/')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:…')
    .replaceAll('|', '\\|');
}

function whoWhen(fault: Fault, { arrives, copies, marked }: Observation): string {
  const runs = fault.runs ?? [
    'the evening',
    '45 minutes later',
    'the next morning',
    'the next evening',
    'two evenings later',
  ];
  const when = (index: number) =>
    index < 0 ? 'NEVER' : fault.runs ? (runs[index] ?? '').slice(0, 10) : (runs[index] ?? '');
  const groups = new Map<string, string[]>();
  for (const person of PEOPLE) {
    const repeats =
      copies[person] > 1
        ? `, ${copies[person]} copies, marked from the second on`
        : marked.includes(person)
          ? ', marked "may be a repeat"'
          : '';
    const text = `${when(arrives[person])}${repeats}`;
    groups.set(text, [...(groups.get(text) ?? []), person]);
  }
  return [...groups]
    .map(([text, people]) => `${people.length === PEOPLE.length ? 'all' : people.join(', ')}: ${text}`)
    .join('; ');
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

await report();
