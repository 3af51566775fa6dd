import { expect, test } from 'vitest';
import { decision, EVENT } from '../../support/examples.ts';
import { ALERT } from '../example-ledger.ts';
import { newLedger } from './example-ledger.ts';

test('a decision that posts one message twice is an error, and leaves nothing behind', async () => {
  const { ledger } = newLedger();
  const posting = { message: ALERT, event: EVENT.id, channels: ['folder'] };
  await expect(ledger.decide(decision({ events: [EVENT], messages: [posting, posting] }))).rejects.toThrow(/UNIQUE/);
  expect(await ledger.message(ALERT.id)).toBeUndefined();
});
