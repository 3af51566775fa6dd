import { DISCORD_FAULTS } from './discord-faults.ts';
import { testFaults } from './test-faults.ts';

testFaults(DISCORD_FAULTS);
