import { testFaults } from './test-faults.ts';
import { YAHOO_ANSWER_FAULTS } from './yahoo-answer-faults.ts';
import { YAHOO_CHART_FAULTS } from './yahoo-chart-faults.ts';

testFaults([...YAHOO_ANSWER_FAULTS, ...YAHOO_CHART_FAULTS]);
