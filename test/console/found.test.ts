import { expect, test } from 'vitest';
import type { DeliveryReport, Report } from '../../src/check/report.ts';
import { foundLines } from '../../src/console/found.ts';

const EVENT = 'russell-2000/2025-09-18';
const NOTHING = { signals: [{}], fired: [], deliveries: [] };

function found(report: object): string {
  return foundLines({ ...NOTHING, ...report } as unknown as Report).join('\n');
}

function alerts(...states: DeliveryReport['state'][]): Partial<DeliveryReport>[] {
  return states.map((state) => ({ message: `${EVENT}/alert`, state }));
}

test.for([
  [{ fired: [EVENT], deliveries: alerts('sent', 'sent') }, `Event       ${EVENT}: alert sent to 2 of 2`],
  [
    { fired: [EVENT], deliveries: alerts('sent', 'failed', 'pending', 'failed') },
    `Event       ${EVENT}: alert sent to 1 of 4, 2 failed, 1 pending`,
  ],
  [{ fired: [EVENT] }, `Event       ${EVENT}: no channel takes its alert`],
  [{}, 'Result      no new event, nothing to send'],
  [{ deliveries: alerts('pending') }, 'Result      no new event'],
  [{ unread: true }, 'Result      no new event in what is stored; not everything could be read'],
  [{ signals: [] }, 'Result      nothing could be evaluated'],
  [{ wouldFire: [] }, 'Result      no new event (dry run: nothing was decided or sent)'],
  [{ wouldFire: [EVENT] }, `Would fire  ${EVENT} (dry run: nothing was decided or sent)`],
] as const)('%j', ([report, line]) => {
  expect(found(report)).toBe(line);
});
