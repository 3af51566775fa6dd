import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { hostSection } from '../attack/host-table.ts';
import { isGood, strikeHosts } from '../attack/hosts.ts';
import { isRight } from '../attack/judge.ts';
import { kill } from '../attack/kills.ts';
import { strikeLeaders } from '../attack/leaders.ts';
import { livePasts, PAST_NAMES } from '../attack/pasts.ts';
import { pause } from '../attack/pauses.ts';
import {
  killSection,
  leaderSection,
  pastSection,
  pauseSection,
  type Shown,
  type Years,
  yearSection,
} from '../attack/tables.ts';
import type { Outcome } from '../attack/trial.ts';
import { demoHistory, live, mishapSeed, realHistory } from '../attack/years.ts';
import { fuzzAnswers, fuzzBodies } from '../fuzz/answers.ts';
import { fuzzConfig, fuzzCsv } from '../fuzz/files.ts';
import { type Fuzzed, fuzz } from '../fuzz/fuzz.ts';
import { fuzzLife } from '../fuzz/life.ts';
import { fuzzSecrets } from '../security/secrets.ts';
import { NO_MARKET_DATA } from '../support/examples.ts';
import { NO_PROGRAMS } from '../support/postgres-programs.ts';
import { startYahoo } from '../support/yahoo-server.ts';
import { type Fault, type Observation, play } from './fault.ts';
import { faultSection, fuzzLines, hostileLines } from './fault-tables.ts';
import { FAULTS } from './faults.ts';
import { type Cost, costOf, HOSTILE } from './hostile.ts';
import { CAN_MOUNT } from './machine-faults.ts';
import { SECTIONS, type SectionName, withSection } from './sections.ts';
import { spikeSection } from './spike-section.ts';

const PATH = join(import.meta.dirname, '../../docs/reliability.md');
/** How many times the cases of `npm test` are made. */
const TIMES = 20;
const SPANS = [
  ['1990-01-02', '2000-01-01'],
  ['2000-01-03', '2010-01-01'],
] as const;

interface Options {
  readonly seed: number;
  readonly atOnce: number;
  readonly kills: number;
  readonly pauses: number;
  readonly leaders: number;
  readonly hosts: number;
}

const say = (line: string) => void process.stdout.write(`${line}\n`);

const WRITERS: Readonly<Record<SectionName, (options: Options) => Promise<Shown | undefined>>> = {
  kills: async ({ kills, seed, atOnce }) => killSection(await kill(kills, seed, atOnce, counter('kills', kills)), seed),
  pauses: async ({ pauses, seed, atOnce }) =>
    pauseSection(await pause(pauses, seed, atOnce, counter('pauses', pauses)), seed),
  leaders: async ({ leaders, seed, atOnce }) =>
    leaderSection(await strikeLeaders(leaders, seed, atOnce, counter('leaders', leaders)), seed),
  hosts: writeHosts,
  years: writeYears,
  pasts: async ({ atOnce }) =>
    pastSection(await livePasts(PAST_NAMES, await demoHistory(), atOnce, ({ name }) => say(`  ${name}`))),
  spikes: async () => spikeSection(say),
  faults: async () => faultSection(await played()),
  hostile: async () => {
    const costs: Cost[] = [];
    for (const answer of HOSTILE) costs.push(await costOf(answer));
    return { lines: hostileLines(costs), wrong: [] };
  },
  fuzz: async ({ seed }) => ({ lines: fuzzLines(await fuzzed(seed)), wrong: [] }),
};

/**
 * Makes everything go wrong, many times, and writes what came of it to docs/reliability.md: all of its sections, or those
 * that `--only` names (again for each, or with commas; `--hosts` alone is `--only hosts`). Each is written when it is done. Ends with 1
 * when anything was lost, false, or came twice without a word.
 */
async function report(): Promise<void> {
  const { values } = parseArgs({
    args: argumentsOf(process.argv.slice(2)),
    options: {
      only: { type: 'string', multiple: true },
      seed: { type: 'string' },
      'at-once': { type: 'string', default: '2' },
      kills: { type: 'string', default: '2000' },
      pauses: { type: 'string', default: '200' },
      leaders: { type: 'string', default: '500' },
      hosts: { type: 'string', default: '500' },
    },
  });
  const names: readonly SectionName[] = SECTIONS.map(({ name }) => name);
  const only = values.only?.flatMap((list) => list.split(','));
  const unknown = only?.find((name) => !names.some((known) => known === name));
  if (unknown !== undefined) throw new RangeError(`--only ${unknown}: allowed are ${names.join(', ')}`);
  const options = {
    seed: Number(values.seed ?? Math.floor(Math.random() * 2 ** 31)),
    atOnce: Number(values['at-once']),
    kills: Number(values.kills),
    pauses: Number(values.pauses),
    leaders: Number(values.leaders),
    hosts: Number(values.hosts),
  };
  say(`Seed ${options.seed}.`);
  let wrong = 0;
  for (const name of names.filter((one) => only?.includes(one) ?? true)) {
    const began = performance.now();
    say(`${name} …`);
    const shown = await WRITERS[name](options);
    if (shown === undefined) continue;
    writeFileSync(PATH, withSection(opening(readFileSync(PATH, 'utf8')), name, shown.lines));
    for (const line of shown.lines.filter((text) => text.startsWith('|') && name !== 'faults')) say(line);
    for (const line of shown.wrong) say(`WRONG  ${line}`);
    wrong += shown.wrong.length;
    say(
      `${name}: written after ${((performance.now() - began) / 60_000).toFixed(1)} minutes; ${shown.wrong.length} wrong`,
    );
  }
  process.exitCode = wrong === 0 ? 0 : 1;
}

/** `--hosts` without a number is the section. */
function argumentsOf(all: readonly string[]): string[] {
  const isAlone = (at: number) => all[at] === '--hosts' && !/^\d+$/.test(all[at + 1] ?? '');
  return all.flatMap((one, at) => (isAlone(at) ? ['--only', 'hosts'] : [one]));
}

/** What stands before the sections. */
function opening(document: string): string {
  const sections = document.indexOf('\n## ');
  const words = [
    '# Nothing lost, nothing twice, nothing false',
    '',
    'Written by `npm run faults`, not by hand; one section alone with `-- --only NAME`: ' +
      `${SECTIONS.map(({ name }) => name).join(', ')}.`,
    'Stand-ins of Yahoo, Discord and a mail server listen on loopback. `npm test` plays the faults, and a part of the rest, every time.',
    '',
  ];
  return `${words.join('\n')}${sections < 0 ? '' : document.slice(sections)}`;
}

/** Says how far it is, and at once what is wrong. */
function counter<T extends Outcome>(
  what: string,
  wanted: number,
  isAsItShouldBe: (outcome: T) => boolean = isRight,
): (outcome: T) => void {
  let [done, told] = [0, 0];
  return (outcome) => {
    done += outcome.times;
    if (!isAsItShouldBe(outcome)) say(`  WRONG ${JSON.stringify(outcome)}`);
    if (done < told + wanted / 20) return;
    told = done;
    say(`  ${done} of ${wanted} ${what}`);
  };
}

async function writeHosts({ hosts, seed, atOnce }: Options): Promise<Shown | undefined> {
  if (NO_PROGRAMS !== undefined) {
    say(`  left out: ${NO_PROGRAMS}`);
    return undefined;
  }
  return hostSection(await strikeHosts(hosts, seed, atOnce, counter('hosts', hosts, isGood)), seed);
}

async function writeYears({ seed, atOnce }: Options): Promise<Shown | undefined> {
  const history = realHistory();
  if (history === undefined) {
    say(`  left out: ${NO_MARKET_DATA}`);
    return undefined;
  }
  const waiting = SPANS.map(([from, to], nth) => ({ from, to, mishaps: mishapSeed(seed, nth) }));
  const all: Years[] = [];
  const worker = async () => {
    for (let span = waiting.shift(); span !== undefined; span = waiting.shift()) {
      const { from, to, mishaps } = span;
      const title = `${from.slice(0, 4)} to ${to.slice(0, 4)}`;
      const lived = await live({ history, from, to, everyHours: 12, bot: true, mishaps }, ({ year }) =>
        say(`  ${title}: ${year} is over`),
      );
      all.push({ title, lived });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return yearSection(
    all.toSorted((a, b) => a.title.localeCompare(b.title)),
    seed,
  );
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

await report();
// A socket that a proxy has reset may never close, and all is written.
process.exit();
