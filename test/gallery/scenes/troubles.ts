import type { App } from '../../../src/app/app.ts';
import { thisProcess } from '../../../src/app/this-process.ts';
import { postWhatIsDue } from '../../../src/daemon/post-due.ts';
import { drill } from '../../../src/jobs/drill.ts';
import { BACKUP, CLOCK, DATABASE, DISK, GATEWAY, HEARTBEAT, testPart } from '../../../src/store/parts.ts';
import { BOT } from '../../support/discord-stand-in.ts';
import { GONE } from '../../support/posted.ts';
import { EVENT, loseEarlierRecords, SEP_17, SEP_18, SEP_19, type Story, startStory } from '../../support/story.ts';
import { editBar } from '../../support/yahoo-chart.ts';
import { READERS, rounds, type Scene } from './scene.ts';

const MORNING = '2025-09-19T12:30:00Z';
const RECORD = '2021-11-08';

/** What no test can bring about in a moment, in the words of those who try these parts. */
const FAILURES: Readonly<Record<string, string>> = {
  [DISK]: 'only 92 MB are free on the disk of /srv/breakout-bell/data',
  [DATABASE]: '/srv/breakout-bell/data/market.db: row 4 missing from index deliveries_open',
  [BACKUP]: '/srv/breakout-bell/data/backups cannot be written: ENOSPC',
  [CLOCK]: 'it is 3 hours ahead of the time of the source (yahoo), which says 17 Sep 2025, 13:45 New York',
  [GATEWAY]: "Discord's gateway cannot be reached: ENOTFOUND",
  [HEARTBEAT]: 'HEARTBEAT_URL answers HTTP 502',
  [testPart('discord-bot')]: 'Discord does not know this bot; copy the token and set DISCORD_BOT_TOKEN (HTTP 401)',
  [testPart('email:ann@example.com')]: 'the mail server refused the login: 535 5.7.8 Authentication failed',
};

/** What is said of what keeps the bot from its work, and that it is over. */
export const TROUBLES: readonly Scene[] = [
  {
    title: 'a close that does not come for days',
    messages: {
      'warning-closes': 'warning/closes/2025-09-18',
      'warning-closes-again': 'warning/closes/2025-09-18/again',
      'all-clear-closes': 'warning/closes/2025-09-18/all-clear',
    },
    play: async () => {
      const story = await startStory(READERS);
      await story.round(SEP_17);
      const closes = { '2025-09-18': 2430.66, '2025-09-19': 2428.77, '2025-09-22': 2423.34 };
      for (const session of Object.keys(closes)) story.setClose('^RUT', session, undefined);
      await rounds(story, SEP_18, MORNING, SEP_19, '2025-09-23T12:30:00Z');
      for (const [session, close] of Object.entries(closes)) story.setClose('^RUT', session, close);
      await story.round('2025-09-23T14:30:00Z');
      return { story, end: '2025-09-23T14:40:00Z' };
    },
  },
  {
    title: 'a close that is not believed',
    messages: {
      'warning-held-record': 'warning/held-russell-2000/2025-09-18',
      'all-clear-held-record': 'warning/held-russell-2000/2025-09-18/all-clear',
    },
    play: async () => {
      const story = await startStory(READERS);
      await story.round(SEP_17);
      story.setClose('^RUT', '2025-09-18', 246_770);
      await story.round(SEP_18);
      story.setClose('^RUT', '2025-09-18', 2430);
      await story.round(MORNING);
      return { story, end: MORNING };
    },
  },
  {
    title: 'a history with a hole',
    messages: {
      'warning-history': 'warning/history-russell-2000/2018-12-31',
      'all-clear-history': 'warning/history-russell-2000/2018-12-31/all-clear',
    },
    play: async () => {
      const story = await startStory(READERS);
      const all = story.yahoo.closes.get('^RUT') ?? [];
      const isLost = (session: string) => session > '2019-01-01' && session < '2025-01-01';
      story.yahoo.closes.set(
        '^RUT',
        all.filter(({ session }) => !isLost(session)),
      );
      await story.round(SEP_17);
      story.yahoo.closes.set('^RUT', all);
      await story.round('2025-09-17T21:45:00Z');
      return { story, end: SEP_18 };
    },
  },
  {
    title: 'a session that is not evaluated',
    messages: {
      'warning-evaluation': 'warning/evaluation-russell-2000/2025-09-17',
      'all-clear-evaluation': 'warning/evaluation-russell-2000/2025-09-17/all-clear',
    },
    play: async () => {
      const story = await startStory(READERS);
      await story.round(SEP_17);
      const findAgain = loseEarlierRecords(story);
      await rounds(story, SEP_18, MORNING);
      findAgain();
      await story.round(SEP_19);
      return { story, end: SEP_19 };
    },
  },
  {
    title: 'an event that the readings put off, and that is none in the end',
    messages: {
      'warning-untold': 'warning/untold-russell-2000/2025-09-18',
      'all-clear-untold': 'warning/untold-russell-2000/2025-09-18/all-clear',
    },
    play: async () => {
      const story = await startStory(READERS);
      await story.round(SEP_17);
      // Every answer of the whole history has the record higher, the shorter ones have it as it was.
      story.yahoo.tweak = (chart, symbol) => {
        const asked = story.yahoo.requests.findLast((request) => request.symbol === symbol);
        const isWhole = symbol === '^RUT' && (asked?.period1 ?? Number.NaN) < Date.UTC(1988, 0) / 1000;
        if (isWhole) editBar(chart, RECORD, { close: 2480, high: 2481, low: 2470 });
      };
      await rounds(story, SEP_18, MORNING);
      story.setClose('^RUT', RECORD, 2480);
      story.yahoo.tweak = undefined;
      await rounds(story, '2025-09-19T13:45:00Z', '2025-09-19T14:50:00Z');
      return { story, end: SEP_19 };
    },
  },
  {
    title: 'a source that contradicts itself day by day',
    messages: { 'warning-dispute': 'warning/dispute-russell-2000/2025-09-19T20:45:00.000Z' },
    play: async () => {
      const story = await startStory(READERS);
      await rounds(story, SEP_17, SEP_18);
      const days = ['2025-09-19', '2025-09-22', '2025-09-23', '2025-09-24', '2025-09-25', '2025-09-26'];
      for (const [position, day] of days.entries()) {
        story.setClose('^RUT', '2025-09-18', position % 2 === 0 ? 2467.71 : 2467.7);
        await rounds(story, `${day}T12:30:00Z`, `${day}T20:45:00Z`, `${day}T22:30:00Z`);
      }
      return { story, end: '2025-09-26T23:00:00Z' };
    },
  },
  {
    title: 'an alert that one channel refuses',
    messages: {
      'warning-delivery': `warning/delivery-discord-webhook/${EVENT}/alert`,
      'all-clear-delivery': `warning/delivery-discord-webhook/${EVENT}/alert/all-clear`,
    },
    play: async () => {
      const story = await startStory(READERS);
      await story.round(SEP_17);
      story.discord.fault = GONE;
      await rounds(story, SEP_18, '2025-09-18T21:30:00Z');
      story.discord.fault = undefined;
      await story.round(MORNING);
      return { story, end: MORNING };
    },
  },
  {
    title: 'an alert that nobody has',
    messages: {
      'warning-reached-nobody': `warning/reached-nobody/${EVENT}/alert`,
      'all-clear-reached-nobody': `warning/reached-nobody/${EVENT}/alert/all-clear`,
    },
    play: async () => {
      const story = await startStory(READERS);
      const { SMTP_URL = '' } = story.environment;
      story.configure({ SMTP_URL: '', EMAIL_FROM: '', EMAIL_TO: '' });
      await story.round(SEP_17);
      story.discord.fault = GONE;
      await story.check(SEP_18);
      story.configure({ SMTP_URL, EMAIL_FROM: 'Breakout Bell <bell@example.com>', EMAIL_TO: 'ann@example.com' });
      await story.round('2025-09-18T21:45:00Z');
      story.discord.fault = undefined;
      await story.round(MORNING);
      return { story, end: MORNING };
    },
  },
  {
    title: 'a drill that does not arrive',
    messages: {
      'warning-drill': 'warning/drill-discord-webhook/2025-09-17T21:30:00.000Z',
      'all-clear-drill': 'warning/drill-discord-webhook/2025-09-17T21:30:00.000Z/all-clear',
    },
    play: async () => {
      const story = await startStory(READERS);
      await story.round(SEP_17);
      story.discord.fault = GONE;
      await story.at('2025-09-17T21:30:00Z', (app) => drill(app));
      story.discord.fault = undefined;
      await tell(story, '2025-09-17T21:40:00Z');
      await story.at('2025-09-17T22:30:00Z', (app) => drill(app));
      await tell(story, '2025-09-17T22:40:00Z');
      return { story, end: SEP_18 };
    },
  },
  {
    title: 'parts that fail, and work again',
    messages: {
      ...Object.fromEntries(
        Object.keys(FAILURES).map((part) => [`warning-part-${part}`, `warning/${part}/2025-09-17T21:00:00.000Z`]),
      ),
      'warning-part-feed': 'warning/feed/2025-09-17T20:45:00.000Z',
      'all-clear-part-disk': 'warning/disk/2025-09-17T21:00:00.000Z/all-clear',
    },
    play: async () => {
      const story = await startStory({
        ...READERS,
        ...BOT,
        HEARTBEAT_URL: 'http://127.0.0.1:1/a-check',
        FEED_FILE: '/there/is/no/such/folder/bell.xml',
      });
      await story.check(SEP_17);
      const since = '2025-09-17T21:00:00.000Z';
      await story.at(since, async ({ ledger }) => {
        for (const [part, failure] of Object.entries(FAILURES)) await ledger.probe(part, failure, since);
        const self = { ...thisProcess(), startedAt: '2025-09-17T12:00:00.000Z', seenAt: since };
        await ledger.lead(self, () => true);
      });
      await tell(story, '2025-09-17T22:30:00Z');
      await tell(story, '2025-09-17T23:30:00Z', ({ ledger }) => ledger.probe(DISK, null, SEP_18));
      return { story, end: SEP_18 };
    },
  },
  {
    title: 'a standby with other settings',
    messages: {
      'warning-other-rules': 'warning/other-rules/2025-09-17T10:00:00.000Z',
      'all-clear-other-rules': 'warning/other-rules/2025-09-17T10:00:00.000Z/all-clear',
    },
    play: async () => {
      const story = await startStory(READERS);
      await story.check(SEP_17);
      const startedAt = '2025-09-17T10:00:00.000Z';
      const leader = { ...thisProcess(), host: 'first.example.com', startedAt, rules: '{"signals":"russell-2000"}' };
      const standby = { ...thisProcess(), host: 'second.example.com', startedAt };
      const live = (rules: string) => async (app: App) => {
        const seenAt = new Date(app.now()).toISOString();
        await app.ledger.instanceLives({ ...leader, seenAt });
        await app.ledger.lead({ ...leader, seenAt }, () => false);
        await app.ledger.instanceLives({ ...standby, seenAt, rules });
      };
      await tell(story, '2025-09-17T21:00:00Z', live('{"signals":"sp-500"}'));
      await tell(story, '2025-09-17T22:00:00Z', live(leader.rules));
      return { story, end: SEP_18 };
    },
  },
];

/** Tells of the troubles of an instant, as a round of the daemon does that tries nothing anew. */
async function tell(story: Story, instant: string, before?: (app: App) => Promise<unknown>): Promise<void> {
  await story.at(instant, async (app) => {
    await before?.(app);
    await postWhatIsDue(app, { why: 'test', checked: false });
  });
}
