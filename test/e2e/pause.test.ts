import { once } from 'node:events';
import { afterAll, expect, test } from 'vitest';
import { BOT } from '../support/discord-stand-in.ts';
import { openStory, SEP_17, SEP_18, type Story } from '../support/story.ts';
import { judge, start, toTheEnd, watch } from './crash/trial.ts';

/** Longer than a lease lasts. */
const SLEEP_MS = 125_000;
const ALERT = 'russell-2000/2025-09-18/alert';

const closers: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closers) await close();
});

/** How each delivery of the alert stands. */
async function states(story: Story, instant: string): Promise<Record<string, string>> {
  const deliveries = await story.at(instant, ({ ledger }) => ledger.deliveriesOf([ALERT]));
  return Object.fromEntries(deliveries.map(({ channel, state, attempts }) => [channel, `${state} ${attempts}`]));
}

/**
 * A check is stopped at a step that the stand-ins see. Its lease ends, another check takes over and does what it can; then the
 * first one goes on. In the end whatever is left is sent by the runs of the next hours.
 */
async function sleepAt({ step, long }: Sleep) {
  const { story, close } = await openStory(BOT);
  closers.push(close);
  await story.check(SEP_17);
  const sleeper = start(story, SEP_18);
  const exit = once(sleeper, 'exit');
  const stopped = new Promise<boolean>((resolve) => {
    watch(story, (seen) => {
      if (seen === step) resolve(sleeper.kill('SIGSTOP'));
    });
    exit.then(() => resolve(false));
  });
  try {
    if (!(await stopped)) return { step, stopped: false };
    story.yahoo.watch = story.discord.watch = story.smtp.watch = undefined;
    const later = new Date(Date.parse(SEP_18) + SLEEP_MS).toISOString();
    const [code] = await once(start(story, later), 'exit');
    const theOthers = (hours: number) => toTheEnd(story, Date.parse(later) + 60_000 + hours * 3_600_000);
    // Where it sleeps in the middle of a write, nobody else can write until it wakes: they say so, and do nothing.
    if (long) await theOthers(0);
    const before = await states(story, later);
    sleeper.kill('SIGCONT');
    await exit;
    const after = await states(story, later);
    const turned = Object.keys(before).filter((id) => before[id]?.startsWith('sent') && before[id] !== after[id]);
    await theOthers(long ? 7 : 0);
    const { lost, false: wrong, doubled, unmarked } = judge(story, 'alert');
    const mails = story.smtp.messages.map(({ envelope, subject }) => ({
      to: envelope.to[0],
      marked: subject?.includes('may be a repeat') ?? false,
    }));
    const unmarkedMails = ['ann', 'bob'].filter(
      (name) =>
        mails.filter(({ to }) => to === `${name}@example.com`).filter((mail, at) => at > 0 && !mail.marked).length,
    );
    const end = { lost, wrong, bot: doubled.bot, unmarked: [...unmarked, ...unmarkedMails], turned };
    return { step, stopped: true, code, ...end };
  } finally {
    sleeper.kill('SIGKILL');
  }
}

interface Sleep {
  readonly step: string;
  /** True: it wakes when the others have done all that was left, and not right after the first of them. */
  readonly long: boolean;
}

// The first is before anything is decided; then while a request or mail is about to be written, under way, or taken.
const SLEEPS: readonly Sleep[] = [
  { step: 'yahoo answered 1', long: false },
  { step: 'discord webhook asked 1', long: true },
  { step: 'discord webhook accepted 1', long: false },
  { step: 'discord bot asked 1', long: false },
  { step: 'smtp connected 1', long: true },
  { step: 'smtp recipient 1', long: true },
  { step: 'smtp taken 1', long: false },
];

test('a check that sleeps while another takes over sends nothing twice unmarked, and turns nothing that was sent', {
  timeout: 600_000,
}, async () => {
  const waiting = [...SLEEPS];
  const ends: Awaited<ReturnType<typeof sleepAt>>[] = [];
  const worker = async () => {
    for (let sleep = waiting.shift(); sleep !== undefined; sleep = waiting.shift()) ends.push(await sleepAt(sleep));
  };
  await Promise.all([worker(), worker()]);
  const well = { stopped: true, lost: [], wrong: [], bot: [], unmarked: [], turned: [] };
  const steps = SLEEPS.map(({ step }) => step);
  expect(ends.toSorted((a, b) => steps.indexOf(a.step) - steps.indexOf(b.step))).toEqual(
    steps.map((step) => ({ step, code: expect.any(Number), ...well })),
  );
});
