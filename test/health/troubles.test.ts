import { expect, test } from 'vitest';
import type { App } from '../../src/app/app.ts';
import { whatIsTrueNow } from '../../src/health/troubles.ts';

const since = '2025-09-18';
const app = {
  settings: { signals: [] },
  channels: [],
  ledger: {
    signal: async () => ({ events: [], evaluatedSession: '2025-09-19' }),
    deliveriesOf: async () => [{ channel: 'email:ann@example.com', state: 'sent' }],
    probes: async () => [{ part: 'disk', failure: null }],
    message: async () => undefined,
  },
} as unknown as App;

test.each([
  ['evaluation-russell-2000', 'It is evaluated again.'],
  ['untold-russell-2000', 'The readings agree: the close of 18 Sep 2025 is not an event.'],
  ['delivery-email', 'The message has arrived.'],
  ['reached-nobody', 'The message has arrived: email.'],
  ['disk', 'There is enough space again.'],
])('%s is asked how it ended by its own kind', async (name, sentence) => {
  expect(await whatIsTrueNow(app, { name, since })).toBe(sentence);
});

test.each([
  'held-russell-2000',
  'history-russell-2000',
  'dispute-russell-2000',
  'witness-russell-2000',
  'drill-email',
  'delivery-email:ann@example.com',
  'a-name-of-no-version',
])('of %s there is nothing to say', async (name) => {
  expect(await whatIsTrueNow(app, { name, since })).toBeUndefined();
});
