import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { alignTable } from '../../src/message/text-table.ts';
import { openStory } from '../support/story.ts';
import { expectedMessages, liveTheYear, receivedIds } from '../support/year.ts';

const TO = '2021-11-30';

/**
 * A year of the daemon in minutes, with a fake clock and real sockets: counts and explains every message, and prints the
 * memory of each month. Fails where a message is missing, doubled or has no reason.
 */
async function soak(): Promise<void> {
  const { story, close } = await openStory();
  const months = new Map<string, { rounds: number; checks: number; rss: number; heap: number }>();
  const began = performance.now();
  const cpu = process.cpuUsage();
  try {
    await liveTheYear(story, {
      to: TO,
      everyHours: 1,
      after: (instant, { report, problems }) => {
        assert.deepEqual(problems, []);
        const month = new Date(instant).toISOString().slice(0, 7);
        const before = months.get(month) ?? { rounds: 0, checks: 0, rss: 0, heap: 0 };
        const { rss, heapUsed } = process.memoryUsage();
        months.set(month, {
          rounds: before.rounds + 1,
          checks: before.checks + (report === undefined ? 0 : 1),
          rss,
          heap: Math.min(before.heap || Number.POSITIVE_INFINITY, heapUsed),
        });
      },
    });
    const { event, digests, drills, warnings } = expectedMessages(TO);
    const ann = receivedIds(story, 'ann@example.com');
    assert.deepEqual(ann.toSorted(), [...event, ...digests, ...drills, ...warnings].sort());
    assert.deepEqual(receivedIds(story, 'bob@example.com'), ann);
    assert.equal(story.discord.messages.length, ann.length - digests.length);

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
    const size = readFileSync(story.settings.databasePath).byteLength;
    say(
      `${seconds.toFixed(0)} s, ${((user + system) / 1e6).toFixed(0)} s of it computing; the database has ${(size / 1e6).toFixed(1)} MB.`,
    );
  } finally {
    await close();
  }
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

await soak();
