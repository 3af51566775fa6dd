import { table } from '../faults/sections.ts';
import { isRight } from './judge.ts';
import type { Led } from './leaders.ts';
import type { Told } from './pasts.ts';
import type { Outcome } from './trial.ts';
import { isExplained, type Lived } from './years.ts';

/** What trials have shown, for the document, and what of it is wrong, for a person. */
export interface Shown {
  readonly lines: readonly string[];
  readonly wrong: readonly string[];
}

/** @param seed of the first trial */
export function killSection(outcomes: readonly Outcome[], seed: number): Shown {
  return {
    lines: [
      'Real processes are killed from outside with SIGKILL: `check`, the daemon around its round and at its start, two checks at once, a',
      'check beside the daemon. Two fifths at a step that a stand-in sees, two fifths up to 25 ms after one, a fifth at any time; half of',
      'the trials kill the next run too, and a fifth a third one. Runs go on until everybody has everything, and a day later once more.',
      '',
      ...trialTable(outcomes, 'Kills'),
      '',
      'What a service had taken when the process died comes once more and says that it may be a repeat: a webhook, Slack and Telegram cannot',
      'tell whether they have seen a message; a bot of Discord reads back what it has posted, and so does ntfy; a second mail has the',
      'Message-ID of the first, and mail systems drop it, as a webhook of one’s own can by the id.',
      '',
      replay('kills', outcomes, seed),
    ],
    wrong: wrongOf(outcomes),
  };
}

/** @param seed of the first trial */
export function pauseSection(outcomes: readonly Outcome[], seed: number): Shown {
  return {
    lines: [
      'A process is stopped with SIGSTOP at a step, or at any time, for 125 seconds to two hours by its clock; meanwhile another `check` takes',
      'over; then it goes on with SIGCONT, and finds the time passed. Runs go on until everybody has everything, and a day later once more.',
      '',
      ...trialTable(outcomes, 'Pauses'),
      '',
      replay('pauses', outcomes, seed),
    ],
    wrong: wrongOf(outcomes),
  };
}

/** @param seed of the first trial */
export function leaderSection(outcomes: readonly Led[], seed: number): Shown {
  return {
    lines: [
      'Three real daemons share one database over an event. The leader is killed, stopped for up to two minutes more than it takes another',
      'one to lead, or told to stop: at a step that a stand-in sees, right after one, or at any time of its round; in half of the trials the',
      'next leader too. Then the daemons end, and checks run until everybody has everything, and a day later once more.',
      '',
      ...trialTable(outcomes, 'Strikes'),
      '',
      'Until another daemon led, by their clock, which goes ten times as fast as the real one:',
      '',
      ...takeoverTable('The leader was', outcomes),
      '',
      `${outcomes.reduce((sum, { locked }) => sum + locked, 0)} more leaders were stopped in the middle of a write. Such a process keeps the lock of SQLite, and nobody can lead before it wakes or is`,
      'killed; then all went on, and nothing was lost. A hang of that kind is what the heartbeat tells of.',
      '',
      replay('leaders', outcomes, seed),
    ],
    wrong: wrongOf(outcomes),
  };
}

/** How long it took until another one led, of the plays in which one had to. */
export function takeoverTable(who: string, outcomes: readonly Pick<Led, 'play' | 'takeovers'>[]): string[] {
  const followed = outcomes.filter(({ takeovers }) => takeovers.length > 0);
  const plays = [...new Set(followed.map(({ play }) => play)), undefined];
  const seconds = (milliseconds: number | undefined) => ((milliseconds ?? 0) / 1000).toFixed(1);
  const rows = plays.map((play) => {
    const times = followed
      .filter((one) => play === undefined || one.play === play)
      .flatMap(({ takeovers }) => takeovers)
      .sort((a, b) => a - b);
    return [play ?? 'all', times.length, seconds(times[times.length >> 1]), seconds(times.at(-1))];
  });
  return table([who, 'Times', 'Median, s', 'Longest, s'], rows);
}

export function trialTable(outcomes: readonly Outcome[], times: string): string[] {
  const head = [
    'Who, and what there is to tell',
    times,
    'Lost',
    'False',
    'Twice without a mark',
    'Mails twice under two ids',
    'Marked repeats: webhook',
    'bot',
    'mail',
    'Slack, Telegram, own webhook',
    'ntfy',
  ];
  const rows = [...new Set(outcomes.map(({ play }) => play)), undefined].map((play) => {
    const these = outcomes.filter((one) => play === undefined || one.play === play);
    const sum = (count: (one: Outcome) => number) => these.reduce((total, one) => total + count(one), 0);
    const marked = (channel: string) => sum((one) => one.marked.filter((key) => key.startsWith(channel)).length);
    return [
      play ?? 'all',
      sum((one) => one.times).toLocaleString('en-US'),
      sum((one) => one.lost.length),
      sum((one) => one.false.length),
      sum((one) => one.unmarked.length),
      sum((one) => one.otherMail.length),
      marked('webhook'),
      marked('bot'),
      marked('email'),
      marked('slack') + marked('telegram') + marked('own webhook'),
      marked('ntfy'),
    ];
  });
  return table(head, rows);
}

export function replay(name: string, outcomes: readonly Outcome[], seed: number): string {
  return `${outcomes.length.toLocaleString('en-US')} trials; again with \`npm run faults -- --only ${name} --seed ${seed}\`.`;
}

function wrongOf(outcomes: readonly Outcome[]): string[] {
  return outcomes.filter((one) => !isRight(one)).map((one) => JSON.stringify(one));
}

/** One of the spans of years. */
export interface Years {
  readonly title: string;
  readonly lived: Lived;
}

export function yearSection(all: readonly Years[], seed: number): Shown {
  const lines = all.flatMap(({ title, lived }) => [
    `### ${title}`,
    '',
    ...(lived.mishaps.size === 0
      ? []
      : [`What went wrong: ${[...lived.mishaps].map(([kind, count]) => `${kind} (${count})`).join(', ')}.`, '']),
    ...table(
      ['Message', 'Expected', 'Arrived', 'Lost', 'Unexplained', 'Second copies', 'of these marked'],
      lived.kinds.map((kind) => [
        kind.kind,
        kind.expected,
        kind.arrived,
        kind.lost.length,
        kind.unexplained.length,
        kind.copies,
        kind.marked,
      ]),
    ),
    '',
    ...table(
      ['At the end of', 'Memory, MB', 'Database, MB', 'grown by', 'Requests to Yahoo a day'],
      lived.ends.map(({ year, memory, database, requestsADay }, at) => [
        year,
        (memory / 1e6).toFixed(0),
        (database / 1e6).toFixed(2),
        at === 0 ? '' : ((database - (lived.ends[at - 1]?.database ?? 0)) / 1e6).toFixed(2),
        requestsADay.toFixed(1),
      ]),
    ),
    '',
  ]);
  return {
    lines: [
      'The real daemon on a clock that steps from round to round, with the real closes of those years, every channel set up. Each message is',
      'held against the closes and the sessions: alerts of events, follow-ups 1, 3, 6 and 12 months later, a digest a week to each address, a',
      'drill a quarter; a warning has a reason only where something went wrong. Counted to all channels together. The copy that is played',
      'believes a clock of before 2020; nothing else is changed in it. Its heap has 128 MB, and pictures are dots.',
      '',
      ...lines,
      `The mishaps are those of \`--seed ${seed}\`.`,
    ],
    wrong: all
      .filter(({ lived }) => !isExplained(lived))
      .map(({ title, lived }) => `${title}: ${JSON.stringify(lived.kinds)}`),
  };
}

export function pastSection(all: readonly Told[]): Shown {
  const kinds = ['alert', 'correction', 'retraction', 'follow-up', 'warning', 'drill'];
  const isWrong = (one: Told) => one.false.length + one.lost.length + one.unmarked.length > 0 || one.mostADay > 1;
  return {
    lines: [
      'The daemon lives the weeks around 18 September 2025 while Yahoo tells another past. Messages are those of one webhook. An alert is false',
      'where the closes that Yahoo has in the end make no event of its session, taken back or not; lost where an event has none at some channel.',
      '',
      ...table(
        ['What Yahoo tells', ...kinds, 'False', 'Lost', 'Most about one event a day'],
        all.map((one) => [
          one.name,
          ...kinds.map((kind) => one.counts[kind] ?? 0),
          one.false.length,
          one.lost.length,
          one.mostADay,
        ]),
      ),
    ],
    wrong: all.filter(isWrong).map((one) => JSON.stringify(one)),
  };
}
