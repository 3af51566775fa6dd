import { describe, expect, test } from 'vitest';
import { mentionFor } from '../../src/channel/discord/mention.ts';
import { alertMessage, type SignalLabels } from '../../src/message/alert.ts';
import { correctionMessage } from '../../src/message/correction.ts';
import { drillMessage } from '../../src/message/drill.ts';
import { followUpMessage } from '../../src/message/follow-up.ts';
import type { Message, MessageKind } from '../../src/message/message.ts';
import { retractionMessage } from '../../src/message/retraction.ts';
import { allClearMessage, warningMessage } from '../../src/message/warning.ts';
import { type DiscordView, renderDiscord } from '../../src/render/discord-embed.ts';
import type { EventStudy } from '../../src/study/event-study.ts';
import { outgoing, STATISTICS, smallOccasion, TELLING } from '../support/examples.ts';

// What a phone shows of a message: docs/architecture.md, "Messages".
const CHARACTERS = 900;
const LINE = 40;
const FIRST = 'russell-2000/2025-09-18/alert';

/** The longest of Yahoo's great names, five digits, a quiet period of 25 years, dates and counts of two digits. */
const LONG: SignalLabels = {
  ...TELLING,
  signal: { ...TELLING.signal, title: 'Dow Jones Industrial Average', quietYears: 25 },
  indexName: 'Dow Jones Industrial Average',
  benchmarkName: 'NASDAQ Composite',
};
const LONG_YEAR = { ...STATISTICS, n: 42, up: 37, baseRate: 0.785, pValue: 0.28 };

function longOccasion(): EventStudy {
  const { event, study, ...rest } = smallOccasion();
  const previousRecord = { session: '2004-09-29', close: 38_381.17 };
  const long = { ...event, session: '2029-11-28', close: 48_382.86, previousRecord };
  return {
    ...rest,
    event: { ...long, quietSessions: 6_333, benchmarkClose: 22_788.98 },
    change: 0.1051,
    study: { ...study, horizons: { '3': LONG_YEAR, '12': LONG_YEAR } },
  };
}

/** The built-in signal on the day that the project begins with. */
function usualOccasion(): EventStudy {
  const { study, ...rest } = smallOccasion();
  const year = { ...STATISTICS, n: 11, up: 10, baseRate: 0.785, median: 0.145, pValue: 0.28 };
  return { ...rest, study: { ...study, horizons: { '3': year, '12': year } } };
}

/** A message of every kind about one event, by name. */
function messagesOf(labels: SignalLabels, occasion: EventStudy): [string, Message][] {
  const { event, study } = occasion;
  const { session } = event;
  const alert = alertMessage(labels, occasion, null);
  /** The alert as it was written from another close, with every other figure changed too. */
  const other = alertMessage(labels, { ...occasion, event: { ...event, close: event.close + 0.11 } }, null);
  const figures = Object.fromEntries(
    Object.entries(other.figures).map(([name, value]) => [name, value === alert.figures[name] ? '+12.3%' : value]),
  );
  const correction = { told: { ...other, figures }, alert, first: FIRST, number: 12, returned: false };
  const { previousRecord: record } = event;
  const retraction = { close: { session, close: record.close - 1 }, record, told: alert, first: FIRST, number: 12 };
  const aftermath = {
    event: { ...event, outcomes: { '3': -0.1031, '12': null } },
    months: 3,
    exit: { session: '2030-02-28', close: 20_438.88 },
    return: -0.1031,
    drawdown: -0.1521,
    rank: 10,
    earlier: study.horizons,
    study,
  };
  const year = { ...aftermath, event: { ...event, outcomes: { '3': -0.1031, '12': -0.1031 } }, months: 12 };
  return [
    ['an alert', alert],
    ['a correction', correctionMessage(labels, occasion, correction)],
    ['an event that returns', correctionMessage(labels, occasion, { ...correction, returned: true })],
    ['a retraction', retractionMessage(labels, retraction)],
    ['the retraction of an import', retractionMessage(labels, { ...retraction, close: { session, close: null } })],
    ['a follow-up', followUpMessage(labels, aftermath, FIRST)],
    ['the follow-up after a year', followUpMessage(labels, year, FIRST)],
    ['a drill', drillMessage(labels, occasion)],
  ];
}

const CASES = [
  ...messagesOf(TELLING, usualOccasion()).map(([name, message]) => [name, message, 12] as const),
  ...messagesOf(LONG, longOccasion()).map(
    ([name, message]) => [`${name} with the longest names`, message, 13] as const,
  ),
];

/** What a reader sees before the pictures, as lines of a phone. The marks of bold text are not seen. */
function linesOf(message: Message, view: DiscordView = {}): string[] {
  const { content = '', embeds = [] } = renderDiscord(outgoing(message), view);
  const text = `${content.replace(/^<@&\d+>/, '@alerts')}\n${embeds[0]?.description}`.replaceAll('**', '');
  return text
    .split('\n')
    .filter((paragraph) => paragraph !== '')
    .flatMap((paragraph) => wrap(paragraph));
}

function wrap(paragraph: string): string[] {
  const lines = [''];
  for (const word of paragraph.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length <= LINE) lines.splice(-1, 1, longer);
    else lines.push(word);
  }
  return lines;
}

/** Every character that is read: content and embeds. */
function charactersOf(message: Message, view: DiscordView): number {
  const { content = '', embeds = [] } = renderDiscord(outgoing(message, { repeat: true }), view);
  const texts = embeds.flatMap(({ description = '', fields = [], footer }) => [
    description,
    footer?.text ?? '',
    ...fields.flatMap(({ name, value }) => [name, value]),
  ]);
  return [content, ...texts].join('').length;
}

const VIEW = { mention: '<@&1417934283201413131>', link: `https://discord.com/channels/${'1'.repeat(19)}/2/3` };

describe.each(CASES)('%s', (_, message, lines) => {
  test(`has at most ${lines} lines before its pictures`, () => {
    expect(linesOf(message, { mention: mentionFor(outgoing(message), VIEW.mention) }).length).toBeLessThanOrEqual(
      lines,
    );
  });

  test(`has at most ${CHARACTERS} characters in all, none of them cut, also where it may be a repeat`, () => {
    expect(charactersOf(message, VIEW)).toBeLessThanOrEqual(CHARACTERS);
    expect(JSON.stringify(renderDiscord(outgoing(message, { repeat: true }), VIEW))).not.toContain('…');
  });
});

test('a late alert, or one that its second source contradicts, says so within the same characters', () => {
  const testimony = { by: 'Cboe', close: 38_300.11, silence: null };
  const late = 'the source had no close of 28 Nov 2029 until 30 Nov 2029, 16:45 New York.';
  const message = alertMessage({ ...LONG, sourceNote: 'These closes are simulated.' }, longOccasion(), late, testimony);
  expect(charactersOf(message, VIEW)).toBeLessThanOrEqual(CHARACTERS);
  const { description } = renderDiscord(outgoing(message), VIEW).embeds?.[0] ?? {};
  expect(description).toMatch(/Cboe reads 38,300\.11.*\n\n.*Found late: .*\n\n.*simulated/);
});

test.each<MessageKind>(['warning', 'all-clear'])('a %s of any length keeps within the same characters', (kind) => {
  const trouble = { name: 'disk', since: '2025-09-18', title: 'T'.repeat(300), text: 'x '.repeat(2000) };
  const warning = warningMessage({ ...trouble, again: false, blocking: false, about: null }, TELLING.createdAt);
  const message = kind === 'warning' ? warning : allClearMessage(warning, 'It works again.', TELLING.createdAt);
  expect(charactersOf(message, VIEW)).toBeLessThanOrEqual(CHARACTERS);
});
