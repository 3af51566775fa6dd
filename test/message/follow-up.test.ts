import { describe, expect, test } from 'vitest';
import { followUpMessage } from '../../src/message/follow-up.ts';
import { renderDiscord } from '../../src/render/discord-embed.ts';
import { renderText } from '../../src/render/text.ts';
import type { Aftermath } from '../../src/study/aftermath.ts';
import { brokenLimit } from '../support/discord-limits.ts';
import { NOTHING_KNOWN, outgoing, STATISTICS, smallOccasion, TELLING } from '../support/examples.ts';

const FIRST = 'russell-2000/2025-09-18/alert';

/** Three months after the small occasion, with figures made by hand. */
function aftermath(change: Partial<Aftermath> = {}): Aftermath {
  const { event, study } = smallOccasion();
  return {
    event: { ...event, outcomes: { '3': 0.0312, '12': null } },
    months: 3,
    exit: { session: '2025-12-18', close: 6838.88 },
    return: 0.0312,
    drawdown: -0.0521,
    rank: 3,
    earlier: { '3': { ...STATISTICS, n: 3, up: 2, median: 0.0424, min: -0.0224, max: 0.0735 }, '12': STATISTICS },
    study,
    ...change,
  };
}

describe('a follow-up', () => {
  test('says what followed, against the earlier occasions, and refers to the alert', () => {
    const message = followUpMessage(TELLING, aftermath(), FIRST);
    expect(message).toMatchObject({
      id: 'russell-2000/2025-09-18/follow-up-3',
      kind: 'follow-up',
      title: 'After 3 months: S&P 500 +3.1% since the Russell 2000 record of 18 Sep 2025',
      refersTo: FIRST,
      figures: {},
    });
    expect(message.lead).toBe(
      'The S&P 500 closed at 6,838.88 on 18 Dec 2025, +3.1% in the 3 months since the record close of 18 Sep 2025 ' +
        '(from 6,631.96). Maximum drawdown: −5.2%.',
    );
    expect(message.followed).toBe(
      'After the 3 earlier occasions it was higher at this point in 2 of 3 (any day: 61%), median +4.2%.',
    );
    expect(message.highlights).toEqual([
      { value: '+3.1%', label: 'this time' },
      { value: '2 of 3', label: 'higher after earlier occasions' },
      { value: '61%', label: 'any day' },
    ]);
    const text = renderText(outgoing(message));
    expect(text).toMatch(/^3 months +\+3\.1% +\+4\.2% +2 of 3 +−2\.2% +\+7\.3%/m);
    expect(text).toMatch(/^12 months +pending +\+2\.7% +2 of 3/m);
    expect(text.replace(/\s+/g, ' ')).toContain(
      'This time, the 3 earlier occasions and any day. It ranks 3rd of 4, the best first.',
    );
    expect(text).toContain('One occasion proves nothing, and its year is not over');
  });

  test('after a year says that the occasion is part of the study', () => {
    const { event, study } = smallOccasion();
    const year = aftermath({
      months: 12,
      return: 0.12,
      event: { ...event, outcomes: { '3': 0.0312, '12': 0.12 } },
      study: { ...study, horizons: { ...study.horizons, '12': { ...STATISTICS, n: 4, up: 3 } } },
    });
    const message = followUpMessage(TELLING, year, FIRST);
    expect(message.title).toBe('After a year: S&P 500 +12.0% since the Russell 2000 record of 18 Sep 2025');
    // The count that the doubt is about: without this occasion chance does as well more or less often.
    expect(message.doubt).toBe(
      'With this one 3 of 4 (any day: 61%). Too few to say anything: chance does this well 66% of the time.',
    );
    expect(renderText(outgoing(message)).replace(/\s+/g, ' ')).toContain(
      'the study now includes this occasion: the S&P 500 was higher a year later in 3 of 4 (any day: 61%).',
    );
  });

  test('of the very first occasion has nothing to compare with, and says so', () => {
    const first = aftermath({ rank: 1, earlier: { '3': NOTHING_KNOWN, '12': NOTHING_KNOWN } });
    const text = renderText(outgoing(followUpMessage(TELLING, first, FIRST)));
    expect(text.replace(/\s+/g, ' ')).toContain('There is no earlier occasion to compare it with.');
    expect(text).not.toMatch(/NaN|null|undefined/);
  });

  test('fits into Discord, and is green', () => {
    const payload = renderDiscord(outgoing(followUpMessage(TELLING, aftermath(), FIRST)));
    expect(brokenLimit(payload, [])).toBeUndefined();
    expect(payload.embeds?.[0]?.color).toBe(0x0b6e4f);
  });
});
