import { expect, test } from 'vitest';
import { certain, expected, type Fault, play } from './fault.ts';
import { CAN_MOUNT } from './machine-faults.ts';

/** Plays each fault and compares what came of it with what must. */
export function testFaults(faults: readonly Fault[]): void {
  for (const fault of faults) {
    test(fault.what, async ({ skip }) => {
      skip(fault.what.startsWith('disk') && !CAN_MOUNT, 'only root can mount a disk of its own');
      const observed = await play(fault);
      const { printed, tries, left } = fault.expect;
      expect(certain(observed, fault)).toMatchObject(expected(fault));
      if (printed === null) expect(observed.printed).toBeNull();
      else expect(observed.printed).toMatch(printed);
      if (left === undefined) expect(observed.left).toEqual([]);
      else expect(observed.left).toEqual([expect.stringMatching(left)]);
      if (tries !== undefined) expect(observed.tries).toEqual(tries);
    });
  }
}
