import { describe, expect, test } from 'vitest';
import { checkAsOf } from '../../src/check/as-of.ts';
import { dryRun } from '../../src/check/dry-run.ts';
import { round } from '../../src/daemon/round.ts';
import { createCboeWitness } from '../../src/market/cboe.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { EVENT, SEP_17, SEP_18, SEP_19, SEP_22, type Story, startStory } from '../support/story.ts';
import { startWitnessed } from '../support/witnessed.ts';
import { editBar } from '../support/yahoo-chart.ts';

const RECORD = 2442.74;

const CLOSE = 2467.7;

const text = ({ smtp }: Story, id: string) =>
  smtp.messages.find(({ headers }) => headers.get('x-breakout-bell-id') === id)?.text?.replaceAll(/\s+/g, ' ') ?? '';

const alertText = (story: Story) => text(story, `${EVENT}/alert`);

const embed = ({ discord }: Story) => discord.messages[0]?.payload.embeds?.[0];

const titles = ({ discord }: Story) => discord.messages.map(({ payload }) => payload.content ?? '');

describe('it is asked', () => {
  test('once, when a close would fire, and never on a quiet day', async () => {
    const story = await startWitnessed();
    await story.round(SEP_17);
    await story.round('2025-09-17T21:30:00Z');
    await story.round('2025-09-18T12:30:00Z');
    expect(story.cboe.requests).toEqual([]);
    await story.round(SEP_18);
    expect(story.cboe.requests).toEqual(['_RUT']);
    for (const later of ['2025-09-18T21:30:00Z', '2025-09-19T12:30:00Z', SEP_19, SEP_22]) await story.round(later);
    expect(story.cboe.requests).toEqual(['_RUT']);
    expect(titles(story)).toEqual(['Russell 2000: first record close in over a year']);
  });

  test('by no dry run, offline run or look at a past day', async () => {
    const story = await startWitnessed();
    await story.check(SEP_17);
    await story.at(SEP_18, (app) => dryRun(app, { offline: false, command: 'test' }));
    await story.at(SEP_18, (app) => checkAsOf(app, '2025-09-18', 'test'));
    await story.check(SEP_18, { offline: true });
    expect(story.cboe.requests).toEqual([]);
    // What was decided then is sent as it was decided.
    await story.check(SEP_18);
    expect(alertText(story)).toContain(
      'No second source confirms the close: Cboe was not asked, because the run was offline.',
    );
    expect(story.cboe.requests).toEqual([]);
  });

  test('by nobody who has not set it up, and the alert says nothing of it', async () => {
    const story = await startStory();
    await story.check(SEP_18);
    expect(alertText(story)).toContain('How far to trust it');
    expect(alertText(story)).not.toMatch(/confirmed|Cboe|second source/);
  });
});

describe('an alert', () => {
  test('that it confirms says so, where it says how far to trust it', async () => {
    const story = await startWitnessed();
    expect((await story.check(SEP_18)).fired).toEqual([EVENT]);
    expect(alertText(story)).toContain('Close confirmed by Cboe (2,467.70, delayed quote).');
    expect(alertText(story)).toContain('How far to trust it ------------------- Close confirmed by Cboe (2,467.70');
    expect(embed(story)?.description).not.toContain('Cboe');
    await story.round(SEP_19);
    expect(titles(story)).toHaveLength(1);
  });

  test.each([
    ['below the record', 2437.7, 'Cboe reads 2,437.70 for the same session, below the record of 2,442.74'],
    ['above it, but another', 2460, 'Cboe reads 2,460.00 for the same session, above the record of 2,442.74'],
    ['at it', RECORD, 'Cboe reads 2,442.74 for the same session, equal to the record of 2,442.74'],
  ])(
    'that it contradicts (%s) goes all the same, says so first, and a warning follows once',
    async (_, close, words) => {
      const story = await startWitnessed();
      await story.round(SEP_17);
      story.cboe.tweak = (data) => Object.assign(data, { close, current_price: close });
      expect((await story.round(SEP_18)).report?.fired).toEqual([EVENT]);
      expect(embed(story)?.description).toContain(`**Note:** ${words}: verify before you act.`);
      expect(alertText(story)).toContain(`Note: ${words}: verify before you act.`);
      expect(alertText(story)).not.toContain('confirmed');
      const warning = 'Russell 2000: a second source contradicts the close of 18 Sep 2025';
      expect(titles(story)).toEqual(['Russell 2000: first record close in over a year', warning]);
      expect(text(story, 'warning/witness-russell-2000/2025-09-18')).toContain(words);
      for (const later of [SEP_19, SEP_22, '2025-09-26T20:45:00Z']) await story.round(later);
      expect(titles(story).filter((title) => /contradicts|Correction|Retracted/.test(title))).toEqual([warning]);
      expect(story.cboe.requests).toEqual(['_RUT']);
    },
  );

  test.each([
    ['HTTP 403', { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' }, 'answered HTTP 403'],
    ['HTTP 500', { status: 500, body: '{}' }, 'answered HTTP 500'],
    ['a page', { body: '<!doctype html><title>Just a moment...</title>' }, 'answered with an HTML page'],
    ['a redirect', { status: 302, headers: { location: 'https://example.com/' } }, 'answered HTTP 302'],
    ['nothing', { body: '' }, 'answered with something other than a quote'],
    ['null', { body: 'null' }, 'answered with something other than a quote'],
    ['a list', { body: '[1]' }, 'answered with something other than a quote'],
    ['half an answer', 'truncate', 'cannot be reached (UND_ERR_SOCKET)'],
    ['a reset', 'reset', 'cannot be reached (ECONNRESET)'],
    ['megabytes', { body: `{"a":"${'x'.repeat(200_000)}"}` }, 'answered with too much data'],
  ] as const)('that it says nothing of (%s) goes at once, and says so', async (_, fault, words) => {
    const story = await startWitnessed();
    await story.check(SEP_17);
    story.cboe.fault = fault;
    const report = await story.check(SEP_18);
    expect(report.fired).toEqual([EVENT]);
    expect(report.problems).toEqual([]);
    expect(alertText(story)).toContain(`No second source confirms the close: Cboe ${words}.`);
    expect(story.cboe.requests).toHaveLength(1);
    await story.check(SEP_19);
    expect(story.cboe.requests).toHaveLength(1);
  });

  test.each(['hang', 'stall'] as const)('waits for a slow one no longer than its time (%s)', async (fault) => {
    const story = await startWitnessed();
    story.cboe.fault = fault;
    const witness = createCboeWitness({ url: story.cboe.url, timeout: 50 });
    await story.check(SEP_17);
    story.prepare = (app) => Object.assign(app, { witness });
    expect((await story.check(SEP_18)).fired).toEqual([EVENT]);
    expect(alertText(story)).toContain('No second source confirms the close: Cboe did not answer in time.');
  });

  test('whatever a witness does, it goes', async () => {
    const story = await startWitnessed();
    await story.check(SEP_17);
    const ask = () => Promise.reject(new RangeError('a bug'));
    story.prepare = (app) => Object.assign(app, { witness: { name: 'Cboe', knows: () => true, ask } });
    expect((await story.check(SEP_18)).fired).toEqual([EVENT]);
    expect(alertText(story)).toContain('Cboe could not be asked.');
  });

  test('found late is not asked about: the quote is of another session', async () => {
    const story = await startWitnessed();
    await story.check('2025-09-12T20:45:00Z');
    expect((await story.check(SEP_22)).fired).toEqual([EVENT]);
    expect(story.cboe.requests).toEqual([]);
    expect(alertText(story)).toContain('No second source confirms the close: Cboe has only the newest session.');
  });
});

describe('what it said stays with the alert', () => {
  test('a revised benchmark is corrected for its own figures alone', async () => {
    const story = await startWitnessed();
    await story.check(SEP_17);
    await story.check(SEP_18);
    story.setClose('^GSPC', '2025-09-18', 6640);
    await story.check(SEP_19);
    await story.check('2025-09-19T21:45:00Z');
    const correction = text(story, `${EVENT}/correction`);
    expect(correction).toContain('S&P 500 close');
    expect(correction).toContain('Close confirmed by Cboe (2,467.70, delayed quote).');
    expect(correction).not.toMatch(/What changed.*(Cboe|witness).*Compared/);
    expect(story.cboe.requests).toHaveLength(1);
  });

  test('a revised close is compared with what it said then', async () => {
    const story = await startWitnessed();
    await story.check(SEP_17);
    story.cboe.tweak = (data) => Object.assign(data, { close: 2450, current_price: 2450 });
    await story.round(SEP_18);
    story.setClose('^RUT', '2025-09-18', 2450);
    await story.round(SEP_19);
    await story.round('2025-09-19T21:45:00Z');
    const correction = text(story, `${EVENT}/correction`);
    expect(correction).toContain('Close confirmed by Cboe (2,450.00, delayed quote).');
    expect(correction).not.toContain('verify before you act');
    // The trouble ends without a word: the correction has said it.
    const open = await story.at(SEP_22, async ({ ledger }) => ledger.openTroubles());
    expect(open.filter(({ name }) => name.startsWith('witness-'))).toEqual([]);
  });

  test('an alert that nobody has seen yet is written anew, with what it said', async () => {
    const story = await startWitnessed();
    await story.check(SEP_17);
    const down = { status: 503, body: '{}' };
    story.discord.fault = () => down;
    await story.smtp.close();
    story.cboe.tweak = (data) => Object.assign(data, { close: 2450, current_price: 2450 });
    await story.check(SEP_18);
    story.setClose('^RUT', '2025-09-18', 2450);
    story.discord.fault = undefined;
    await story.check(SEP_19);
    const seen = story.discord.messages.at(-1)?.payload;
    expect(seen?.content).toBe('Russell 2000: first record close in over a year');
    expect(seen?.embeds?.[0]?.description).not.toContain('Cboe reads');
    const { witness } = (await story.at(SEP_19, ({ ledger }) => ledger.message(`${EVENT}/alert`))) ?? {};
    expect(witness).toMatchObject({ by: 'Cboe', close: 2450 });
  });
});

describe('a close that is missing the next morning', () => {
  test.each([
    [
      'above',
      CLOSE,
      'Cboe has 2,467.70 for the Russell 2000 on 18 Sep 2025, above the record of 2,442.74: check for yourself.',
    ],
    [
      'below',
      2420,
      'Cboe has 2,420.00 for the Russell 2000 on 18 Sep 2025, below the record of 2,442.74: check for yourself.',
    ],
  ])('is told with what it has (%s the record); it supplies nothing', async (_, close, words) => {
    const story = await startWitnessed();
    await story.round(SEP_17);
    story.yahoo.tweak = (chart) => editBar(chart, '2025-09-18', { close: null });
    story.cboe.tweak = (data) => Object.assign(data, { close, current_price: close });
    await story.round(SEP_18);
    await story.round('2025-09-18T23:30:00Z');
    expect(story.cboe.requests).toEqual([]);
    await story.round('2025-09-19T12:30:00Z');
    await story.round('2025-09-19T13:10:00Z');
    await story.round('2025-09-19T18:30:00Z');
    expect(text(story, 'warning/closes/2025-09-18')).toContain(words);
    expect(story.cboe.requests).toEqual(['_RUT']);
    const stored = await story.at(SEP_19, async ({ closes }) => closes.accepted('^RUT').at(-1)?.session);
    expect(stored).toBe('2025-09-17');
  });

  test('of the benchmark alone is no reason to ask', async () => {
    const story = await startWitnessed();
    await story.round(SEP_17);
    story.setClose('^GSPC', '2025-09-18', undefined);
    story.setClose('^RUT', '2025-09-18', 2400);
    await story.round('2025-09-19T12:30:00Z');
    expect(text(story, 'warning/closes/2025-09-18')).toContain('^GSPC');
    expect(story.cboe.requests).toEqual([]);
  });

  test('where it knows an older one only, it says which: perhaps there was no session', async () => {
    const story = await startWitnessed();
    await story.round(SEP_17);
    story.setClose('^RUT', '2025-09-18', undefined);
    story.cboe.closes.set(
      '_RUT',
      (story.cboe.closes.get('_RUT') ?? []).filter(({ session }) => session <= '2025-09-17'),
    );
    await story.round('2025-09-19T12:30:00Z');
    expect(text(story, 'warning/closes/2025-09-18')).toContain(
      'The newest close that Cboe has for the Russell 2000 is from 17 Sep 2025.',
    );
  });

  test('its silence keeps no warning back', async () => {
    const story = await startWitnessed();
    await story.round(SEP_17);
    story.setClose('^RUT', '2025-09-18', undefined);
    story.cboe.fault = 'reset';
    await story.round('2025-09-19T12:30:00Z');
    expect(titles(story)).toEqual(['No close of ^RUT for 18 Sep 2025']);
    expect(text(story, 'warning/closes/2025-09-18')).not.toContain('Cboe');
  });

  test('a process that is to stop asks nobody any more', async () => {
    const story = await startWitnessed();
    await story.round(SEP_17);
    story.setClose('^RUT', '2025-09-18', undefined);
    await story.at('2025-09-19T12:30:00Z', (app) => {
      const stop = new AbortController();
      stop.abort();
      return round({ ...app, host: { ...app.host, stopping: stop.signal } }, { why: 'test', check: 'always' });
    });
    expect(story.cboe.requests).toEqual([]);
  });
});

test('WITNESS is off by default, and a name that there is not is refused', () => {
  const root = `${import.meta.dirname}/../..`;
  expect(loadSettings(root, {}).witness).toBeUndefined();
  expect(loadSettings(root, { WITNESS: 'cboe' }).witness).toEqual({ name: 'cboe', url: 'https://cdn.cboe.com' });
  expect(() => loadSettings(root, { WITNESS: 'stooq' })).toThrow("WITNESS is 'stooq'; allowed: cboe");
  expect(() => loadSettings(root, { WITNESS: 'cboe', WITNESS_URL: 'cdn.cboe.com' })).toThrow(/^WITNESS_URL must be an/);
});
