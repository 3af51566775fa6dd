import { testFaults } from './test-faults.ts';
import { YAHOO_FAULTS } from './yahoo-faults.ts';

testFaults(YAHOO_FAULTS);
