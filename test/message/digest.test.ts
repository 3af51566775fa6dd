import { describe, expect, test } from 'vitest';
import { digestMessage } from '../../src/message/digest.ts';
import type { DigestFacts } from '../../src/message/digest-facts.ts';
import { renderDiscord } from '../../src/render/discord-embed.ts';
import { renderHtml } from '../../src/render/email-html.ts';
import { renderText } from '../../src/render/text.ts';
import { brokenLimit } from '../support/discord-limits.ts';
import { outgoing, TELLING } from '../support/examples.ts';

const CREATED = '2025-09-12T22:00:00.000Z';

function facts(change: Partial<DigestFacts> = {}): DigestFacts {
  return {
    session: '2025-09-12',
    ok: true,
    reasons: [],
    troubles: [],
    signals: [
      {
        signal: 'russell-2000',
        state: {
          session: '2025-09-12',
          close: 2397.06,
          change: -0.0101,
          record: { session: '2021-11-08', close: 2442.74 },
          quietSessions: 964,
          state: 'armed',
          toRecord: 0.019057,
        },
        weekChange: 0.0025,
        benchmark: { session: '2025-09-12', close: 6584.29, weekChange: null },
      },
    ],
    alerts: [],
    followUps: [],
    held: [],
    missing: [],
    revised: [],
    channels: [
      {
        channel: 'email:ann@example.com',
        paused: null,
        test: { at: '2025-09-12T12:30:00.000Z', failure: null },
        lastSent: { message: 'drill/2025-07-01T16:10:00.000Z', at: '2025-07-01T16:10:02.000Z' },
        open: 0,
      },
      { channel: 'discord-webhook', paused: { until: null }, test: null, lastSent: null, open: 2 },
    ],
    evaluatedAt: '2025-09-12T21:30:00.000Z',
    nextRun: '2025-09-13T12:30:00.000Z',
    watching: true,
    ...change,
  };
}

const textOf = (change: Partial<DigestFacts> = {}) =>
  renderText(outgoing(digestMessage(facts(change), [TELLING], CREATED))).replace(/\s+/g, ' ');

describe('a digest', () => {
  test('says in its title what a glance at the inbox must tell', () => {
    expect(digestMessage(facts(), [TELLING], CREATED)).toMatchObject({
      id: 'digest/2025-09-12',
      kind: 'digest',
      title: 'All is well: Russell 2000 armed, +1.91% to the record',
    });
    const reasons = ['no daemon is running', 'The disk is nearly full'];
    expect(digestMessage(facts({ ok: false, reasons }), [TELLING], CREATED)).toMatchObject({
      title: 'Needs attention: no daemon is running, and 1 other problem',
      lead: expect.stringMatching(
        /^Needs attention: no daemon is running, and 1 other problem\. The Russell 2000 closed at /,
      ),
    });
  });

  test('says where things stand, what would ring, and when it checks next', () => {
    const text = textOf();
    expect(text).toContain(
      'All is well. The Russell 2000 closed at 2,397.06 on Friday, 12 Sep 2025, +0.25% over the week. It is armed: a ' +
        'close above 2,442.74 (+1.91%) rings the bell.',
    );
    expect(text).toContain(
      'Russell 2000: armed, because its last record close, 2,442.74 on 8 Nov 2021, is 3 years, 10 months and 4 days ' +
        'old (964 sessions). The next close above it (+1.91%) is an event.',
    );
    expect(text).toContain('checked on 12 Sep 2025, 17:30 New York. Next check: 13 Sep 2025, 08:30 New York.');
    expect(text).not.toMatch(/Held|Missing|Revised|Follow-ups/);
  });

  test('tells the health of each channel with its last proven delivery', () => {
    expect(textOf()).toContain(
      'email passed, 12 Sep 2025 drill, 1 Jul 2025 0 ' +
        'discord-webhook paused until resumed none yet: npm run drill 2',
    );
  });

  test('prints no table without rows', () => {
    expect(textOf({ channels: [] })).toContain('No channel is set up: alerts reach nobody.');
    expect(digestMessage(facts({ channels: [], signals: [] }), [TELLING], CREATED).sections).toMatchObject([
      { heading: 'Data', table: null },
      { heading: 'Channels', table: null },
    ]);
  });

  test('names what is wrong, held, missing, revised, and followed up', () => {
    const text = textOf({
      ok: false,
      reasons: ['The disk is nearly full'],
      troubles: ['The disk is nearly full. Make room.'],
      held: [{ symbol: '^RUT', session: '2025-09-12', close: 239706, reason: 'a move of +9900.0%' }],
      missing: [
        { symbol: '^RUT', session: '2025-09-10' },
        { symbol: '^RUT', session: '2025-09-11' },
        { symbol: '^GSPC', session: '2025-09-11' },
      ],
      revised: [
        {
          symbol: '^GSPC',
          session: '2025-09-09',
          from: { close: 6512, readAt: CREATED, believed: true },
          to: { close: 6512.61, readAt: CREATED, believed: true },
        },
      ],
      followUps: [{ event: 'russell-2000/2025-09-18', session: '2025-09-18', months: 3, due: '2025-12-18' }],
      watching: false,
    });
    expect(text).toContain('Needs attention: The disk is nearly full.');
    expect(text).toContain('Note: The disk is nearly full. Make room.');
    expect(text).toContain('Held, not believed yet: ^RUT 239,706.00 of 12 Sep 2025 (a move of +9900.0%).');
    expect(text).toContain('Missing: ^RUT, 2 sessions from 10 Sep 2025 to 11 Sep 2025; ^GSPC of 11 Sep 2025.');
    expect(text).toContain('Revised in the last 7 days: ^GSPC of 9 Sep 2025, 6,512.00 to 6,512.61.');
    expect(text).toContain('the next follow-up, after 3 months, is due on 18 Dec 2025');
    expect(text).not.toContain('Next check');
  });

  test('says who has seen the alerts of the week, in the section of the follow-ups', () => {
    const alert = {
      message: 'x/2025-09-18/alert',
      title: 'Russell 2000: first record close',
      at: '2025-09-18T20:45:00.000Z',
    };
    const anna = { by: 'Anna', at: '2025-09-19T12:12:00.000Z' };
    const followUps = [{ event: 'x/2025-09-18', session: '2025-09-18', months: 1, due: '2025-10-18' }];
    const text = textOf({ alerts: [{ ...alert, seen: [] }], followUps }).replace(/\s+/g, ' ');
    expect(text).toContain('18 Sep 2025, Russell 2000: first record close. Not marked as seen yet.');
    expect(textOf({ alerts: [{ ...alert, seen: [anna] }] }).replace(/\s+/g, ' ')).toContain(
      'first record close. Seen by Anna, 19 Sep 2025, 08:12 New York.',
    );
    const many = Array.from({ length: 200 }, () => ({ ...alert, seen: [anna, anna, anna, anna, anna] }));
    const message = digestMessage(facts({ alerts: many, followUps }), [TELLING], CREATED);
    expect(message.sections.map(({ heading }) => heading)).toEqual([
      'Where it stands',
      'Alerts and follow-ups',
      'Data',
      'Channels',
    ]);
    expect(message.sections[1]?.paragraphs).toHaveLength(12);
    expect(message.sections[1]?.paragraphs[0]).toMatch(/Anna, 19 Sep 2025, 08:12 New York; and 2 others\.$/);
    expect(message.sections[1]?.paragraphs[10]).toBe('190 more alerts this week.');
    expect(brokenLimit(renderDiscord(outgoing(message)), [])).toBeUndefined();
  });

  test('on the day of a record, and without any close, still reads', () => {
    const [signal] = facts().signals;
    if (signal === undefined) throw new Error('no signal');
    const record = { session: '2025-09-12', close: 2397.06 };
    const state = { ...signal.state, record, quietSessions: 0, toRecord: 0, state: 'recent record' as const };
    const text = textOf({ signals: [{ ...signal, state }] });
    expect(text).toContain('All is well: Russell 2000 not armed, at its record');
    expect(text).toContain('That is its record.');
    // Over a year after 12 September 2025 is 13 September 2026 at the earliest.
    expect(text).toContain('No alert can come before 13 Sep 2026');
    const empty = textOf({ signals: [], evaluatedAt: null });
    expect(empty).toContain('All is well: no closes yet, 12 Sep 2025');
    expect(empty).not.toMatch(/NaN|null|undefined/);
  });

  test('fits into Discord with all its parts, and has every figure in the HTML', () => {
    const message = digestMessage(facts(), [TELLING], CREATED);
    const payload = renderDiscord(outgoing(message));
    expect(brokenLimit(payload, [])).toBeUndefined();
    expect(payload.embeds?.[0]?.fields?.map(({ name }) => name)).toEqual(['Where it stands', 'Data', 'Channels']);
    expect(renderHtml(outgoing(message))).toContain('6,584.29');
  });
});
