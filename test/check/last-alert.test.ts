import { expect, test } from 'vitest';
import { labelsById } from '../../src/app/labels.ts';
import { lastAlertOf } from '../../src/check/last-alert.ts';
import { lastAlertLine } from '../../src/console/last-alert.ts';
import { SEP_17, SEP_18, startStory } from '../support/story.ts';

test('is the newest event that people were told of, with what became of its alert', async () => {
  const story = await startStory();
  const line = (at: string) => story.at(at, async (app) => lastAlertLine(await lastAlertOf(app), undefined));
  // The events of the first check are history, and were told to nobody.
  await story.check(SEP_17);
  expect(await line(SEP_17)).toBe('Last alert  none yet');
  story.smtp.fault = () => ({ recipients: { 'ann@example.com': 451 } });
  await story.check(SEP_18);
  expect(await line(SEP_18)).toBe('Last alert  18 Sep 2025, sent to 2 of 3, 1 pending');
  story.smtp.fault = undefined;
  await story.check('2025-09-18T22:30:00Z');
  expect(await line(SEP_18)).toBe('Last alert  18 Sep 2025, sent to 3 of 3');
  await story.at(SEP_18, async (app) => {
    const alert = await lastAlertOf(app);
    expect(lastAlertLine(alert, labelsById(app))).toBe('Last alert  18 Sep 2025 (Russell 2000), sent to 3 of 3');
    expect(lastAlertLine(alert && { ...alert, retracted: true }, undefined)).toBe(
      'Last alert  18 Sep 2025, sent to 3 of 3; retracted since',
    );
    const at = '2025-09-19T12:12:00.000Z';
    const message = 'russell-2000/2025-09-18/alert';
    await app.ledger.acknowledge({ message, channel: 'discord-bot', who: '1', name: 'Anna', at });
    expect(lastAlertLine(await lastAlertOf(app), undefined)).toBe(
      'Last alert  18 Sep 2025, sent to 3 of 3. Seen by Anna, 19 Sep 2025, 08:12 New York',
    );
  });
});
