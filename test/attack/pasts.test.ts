import { expect, test } from 'vitest';
import { livePasts } from './pasts.ts';
import { demoHistory } from './years.ts';

// Of the pasts of `npm run faults -- --only pasts`, the one that does not change: the others are judged beside it.
test('a past that does not change brings the alert, its reminder, and nothing else of an event', {
  timeout: 600_000,
}, async () => {
  expect(await livePasts(['nothing changes'], await demoHistory(), 1)).toEqual([
    {
      name: 'nothing changes',
      counts: { alert: 1, reminder: 1, drill: 1 },
      false: [],
      lost: [],
      unmarked: [],
      mostADay: 1,
    },
  ]);
});
