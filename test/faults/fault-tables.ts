import type { Shown } from '../attack/tables.ts';
import type { Fuzzed } from '../fuzz/fuzz.ts';
import { certain, expected, type Fault, type Observation } from './fault.ts';
import type { Cost } from './hostile.ts';
import { peopleIn } from './people.ts';
import { table } from './sections.ts';

function differs(fault: Fault, observed: Observation): boolean {
  const [seen, must] = [certain(observed, fault), expected(fault)];
  const same = peopleIn(fault).every(
    (one) => seen.copies[one] === must.copies[one] && seen.arrives[one] === must.arrives[one],
  );
  return !same || seen.wrong.length > 0 || (fault.expect.left === undefined && seen.left.length > 0);
}

export function faultSection(faults: readonly (readonly [Fault, Observation])[]): Shown {
  const lost = faults.filter(([, { arrives }]) => Object.values(arrives).includes(-1)).length;
  const untrue = faults.filter(([, { wrong }]) => wrong.some((line) => !line.includes('copy'))).length;
  const unmarked = faults.filter(([, { wrong }]) => wrong.some((line) => line.includes('copy'))).length;
  return {
    lines: [
      'The story is the evening of 18 September 2025, with a webhook, a bot and two mail addresses; where Slack, Telegram, ntfy or a webhook of',
      'one’s own (*own*) is at fault, with all four of them as well. Each fault begins on that evening; runs',
      'follow 45 minutes later, the next morning (by then it is over, unless it says otherwise) and on two more evenings. *Tries* counts',
      'requests for one symbol, or attempts of the delivery that fails, in the first and in the second run.',
      `${faults.length} faults; events lost ${lost}, false messages ${untrue}, second copies without a word ${unmarked}.`,
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
    ],
    wrong: faults
      .filter(([fault, seen]) => differs(fault, seen))
      .map(([{ service, what }, seen]) => `${service}: ${what}: ${JSON.stringify(seen)}`),
  };
}

export function hostileLines(costs: readonly Cost[]): string[] {
  return [
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
  ];
}

export function fuzzLines(cases: readonly Fuzzed[]): string[] {
  return [
    'Made up by fast-check. What once failed stays in `test/fuzz/seeds.json` and is tried first.',
    '',
    ...table(
      ['What is made up', 'Cases', 'Must hold'],
      cases.map(({ name, runs }) => [name, runs.toLocaleString('en-US'), HOLDS[name] ?? '']),
    ),
  ];
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
  const people = peopleIn(fault);
  for (const person of people) {
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
    .map(([text, some]) => `${some.length === people.length ? 'all' : some.join(', ')}: ${text}`)
    .join('; ');
}
