import { statfsSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { defineConfig } from 'vitest/config';

/** What the temporary files of all tests need at most, in bytes, with room to spare. */
const ROOM = 4e9;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Stories open real servers and real files; a shared machine may be slow for minutes, and no test is about speed: what
    // takes nine seconds alone took more than sixty beside others once. The limit is for what hangs.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // A worker and the files that it has loaded serve one test file after another: a fifth of the time. So a test file leaves
    // nothing behind: what it changes of the process, it puts back.
    isolate: false,
    // A story waits for processes and sockets half of its time.
    maxWorkers: availableParallelism() + 2,
    // A text that is kept (test/gallery/messages) is written when somebody asks for it (`-u`), never by the way.
    update: 'none',
    env: { TMPDIR: temporary() },
    // discord.js throws it where nobody can catch it, when its gateway is left while it still connects (@discordjs/ws 1.2.3).
    // In the daemon it ends the bot's own thread, which is started again (src/bot/start.ts); no test is about it.
    onUnhandledError: ({ message }) => !message?.startsWith('WebSocket is not open: readyState 0'),
  },
});

/** A folder in memory where there is one: seven gigabytes are written, a little file at a time, each to be synced. */
function temporary(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize > ROOM ? '/dev/shm' : tmpdir();
  } catch {
    return tmpdir();
  }
}
