import { SMTP_FAULTS } from './smtp-faults.ts';
import { testFaults } from './test-faults.ts';

testFaults(SMTP_FAULTS);
