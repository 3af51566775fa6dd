import { SETTINGS_FAULTS } from './settings-faults.ts';
import { testFaults } from './test-faults.ts';

testFaults(SETTINGS_FAULTS);
