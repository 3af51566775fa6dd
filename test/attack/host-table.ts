import { HAVE_HOSTNAMES } from './host.ts';
import { type Hosted, isGood } from './hosts.ts';
import { PACE } from './package.ts';
import { replay, type Shown, takeoverTable, trialTable } from './tables.ts';

/** @param seed of the first trial */
export function hostSection(outcomes: readonly Hosted[], seed: number): Shown {
  return {
    lines: [
      'Three real daemons share one PostgreSQL over an event, each with a folder, a clock and a way to the database of its own,',
      `${HAVE_HOSTNAMES ? 'under three hostnames' : 'under one hostname, as the system does not let us give others'}. The leader is struck at a step that a stand-in sees, right after one, or at any time of`,
      'the round that finds the event; in half of the trials the next leader too, as it looks after what was left. Up to two minutes after another one leads it is woken, or',
      'its connection or clock put right. Then the daemons end, and checks run until everybody has everything, and a day later once more.',
      '',
      ...trialTable(outcomes, 'Strikes'),
      '',
      `${outcomes.reduce((sum, { waiting }) => sum + waiting, 0)} more struck a leader that waited, as everything was told before the step of that strike came again. Nothing came of them either.`,
      'A repeat by the bot counts as wrong here, marked or not. Of a clock that is wrong people are warned.',
      '',
      `Until another host led, by the clock of the database, which goes ${PACE} times as fast as the real one, as those of the hosts do:`,
      '',
      ...takeoverTable('The leader was, or had its', outcomes),
      '',
      replay('hosts', outcomes, seed),
    ],
    wrong: outcomes.filter((one) => !isGood(one)).map((one) => JSON.stringify(one)),
  };
}
