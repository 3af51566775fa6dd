import { POSTING_FAULTS } from './posting-faults.ts';
import { testFaults } from './test-faults.ts';

testFaults(POSTING_FAULTS);
