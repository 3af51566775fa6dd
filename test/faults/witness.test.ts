import { testFaults } from './test-faults.ts';
import { WITNESS_FAULTS } from './witness-faults.ts';

testFaults(WITNESS_FAULTS);
