import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { alignTable } from '../../src/render/text-table.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { openStory } from '../support/story.ts';
import { expectedMessages, liveTheYear, receivedIds, stageOf } from '../support/year.ts';

const TO = '2021-11-30';

/** What the process with the stand-ins is asked, and answers. */
type Question = { readonly now: number; readonly missing: readonly string[] } | 'what was received';
interface Received {
  readonly ann: readonly string[];
  readonly bob: readonly string[];
  readonly discord: number;
}

/**
 * A year of the daemon in minutes, with a fake clock and real sockets: counts and explains every message, and prints the
 * memory of each month. Fails where a message is missing, doubled or has no reason. The stand-ins live in a process of
 * their own, so that the memory is the bot's.
 */
async function soak(): Promise<void> {
  const child = fork(import.meta.filename, ['stand-ins']);
  const next = async <T>() => (await once(child, 'message'))[0] as T;
  const ask = <T>(question: Question) => {
    const answer = next<T>();
    child.send(question);
    return answer;
  };
  const settings = await next<Settings>();
  const months = new Map<string, { rounds: number; checks: number; rss: number; heap: number }>();
  const began = performance.now();
  const cpu = process.cpuUsage();
  try {
    const stage = { settings, serve: (now: number, missing: readonly string[]) => ask<void>({ now, missing }) };
    await liveTheYear(stage, {
      to: TO,
      everyHours: 1,
      after: (instant, { report, problems }) => {
        globalThis.gc?.();
        assert.deepEqual(problems, []);
        const month = new Date(instant).toISOString().slice(0, 7);
        const before = months.get(month) ?? { rounds: 0, checks: 0, rss: 0, heap: Number.POSITIVE_INFINITY };
        const { rss, heapUsed } = process.memoryUsage();
        months.set(month, {
          rounds: before.rounds + 1,
          checks: before.checks + (report === undefined ? 0 : 1),
          rss,
          heap: Math.min(before.heap, heapUsed),
        });
      },
    });
    const { event, digests, drills, warnings } = expectedMessages(TO);
    const { ann, bob, discord } = await ask<Received>('what was received');
    assert.deepEqual(ann.toSorted(), [...event, ...digests, ...drills, ...warnings].sort());
    assert.deepEqual(bob, ann);
    assert.equal(discord, ann.length - digests.length);

    const counts = { 'alert and follow-ups': event, digests, drills, 'warnings and all-clears': warnings };
    const kinds = Object.entries(counts).map(([kind, ids]) => [kind, String(ids.length)]);
    table(['Message', 'To each address'], kinds);
    const rows = [...months].map(([month, { rounds, checks, rss, heap }]) => [
      month,
      String(rounds),
      String(checks),
      (rss / 1e6).toFixed(0),
      (heap / 1e6).toFixed(1),
    ]);
    table(['Month', 'Rounds', 'Checks', 'Memory at its end, MB', 'Least heap, MB'], rows);
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const size = statSync(settings.databasePath).size;
    say(
      `${seconds.toFixed(0)} s, ${((user + system) / 1e6).toFixed(0)} s of it computing; the database has ${(size / 1e6).toFixed(1)} MB.`,
    );
  } finally {
    child.disconnect();
  }
}

/** Yahoo, Discord and a mail server, until the bot's process lets go. */
async function standIns(): Promise<void> {
  const { story, close } = await openStory();
  const stage = stageOf(story);
  process.on('message', (question: Question) => {
    if (question === 'what was received') {
      const [ann, bob] = [receivedIds(story, 'ann@example.com'), receivedIds(story, 'bob@example.com')];
      process.send?.({ ann, bob, discord: story.discord.messages.length } satisfies Received);
    } else {
      void stage.serve(question.now, question.missing);
      process.send?.('served');
    }
  });
  process.on('disconnect', () => void close());
  process.send?.(story.settings);
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): void {
  const columns = titles.map((title, column) => ({
    title,
    align: column === 0 ? ('left' as const) : ('right' as const),
    essential: true,
  }));
  alignTable({ columns, rows }).forEach(say);
  say('');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await (process.argv.includes('stand-ins') ? standIns() : soak());
