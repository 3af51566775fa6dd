import { DISCORD_FAULTS } from './discord-faults.ts';
import type { Fault } from './fault.ts';
import { MACHINE_FAULTS } from './machine-faults.ts';
import { POSTING_FAULTS } from './posting-faults.ts';
import { SETTINGS_FAULTS } from './settings-faults.ts';
import { SMTP_FAULTS } from './smtp-faults.ts';
import { WITNESS_FAULTS } from './witness-faults.ts';
import { YAHOO_ANSWER_FAULTS } from './yahoo-answer-faults.ts';
import { YAHOO_CHART_FAULTS } from './yahoo-chart-faults.ts';

/** Everything that is known to go wrong. */
export const FAULTS: readonly Fault[] = [
  ...YAHOO_ANSWER_FAULTS,
  ...YAHOO_CHART_FAULTS,
  ...WITNESS_FAULTS,
  ...DISCORD_FAULTS,
  ...SMTP_FAULTS,
  ...POSTING_FAULTS,
  ...MACHINE_FAULTS,
  ...SETTINGS_FAULTS,
];
