import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { VARIABLES } from '../../src/settings/environment.ts';
import { EVENT, SEP_17, SEP_18, startStory } from '../support/story.ts';

const ROOT = join(import.meta.dirname, '../..');
const LIMIT = 1024;
const CONNECTIONS = 1100;
/** How soon a connection that the page has closed is opened anew, in milliseconds. */
const REOPEN_MS = 500;

interface Line {
  readonly msg: string;
  readonly why?: string;
  readonly page?: string;
  readonly fired?: readonly string[];
  readonly problems?: readonly string[];
}

/** The daemon with a limit of descriptors, its clock set to `now`. */
function startLimited(now: string, environment: Readonly<Record<string, string>>) {
  const blank = Object.fromEntries(VARIABLES.map((name) => [name, '']));
  const command = [process.execPath, '--import', join(ROOT, 'test/support/clock.js'), join(ROOT, 'src/launch.js')];
  const child = spawn('sh', ['-c', `ulimit -n ${LIMIT}; exec "$@"`, 'sh', ...command, 'start'], {
    env: { PATH: process.env.PATH, ...blank, BELL_NOW: now, DASHBOARD_PORT: '0', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stderr }).on('line', (text) => {
    lines.push(text.startsWith('{') ? JSON.parse(text) : { msg: text });
    for (const look of waiting) look();
  });
  const line = (isSo: (line: Line) => boolean): Promise<Line> =>
    new Promise((resolve) => {
      const look = () => {
        const found = lines.find(isSo);
        if (found !== undefined) resolve(found);
      };
      waiting.add(look);
      look();
    });
  return { child, line, exit: once(child, 'close') };
}

/** Keeps connections open that each send half a request and then nothing: one that is closed is opened anew. */
async function floodWithHalves(port: number, connections: number): Promise<void> {
  const sockets = new Set<Socket>();
  let over = false;
  onTestFinished(() => {
    over = true;
    for (const socket of sockets) socket.destroy();
  });
  const open = async (): Promise<void> => {
    if (over) return;
    const socket = connect(port, '127.0.0.1');
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      setTimeout(open, REOPEN_MS);
    });
    socket.on('connect', () => socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n'));
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => {});
  };
  await Promise.all(Array.from({ length: connections }, open));
}

test.skipIf(process.platform === 'win32')(
  '1,100 half-open connections under a limit of 1,024 descriptors: the round reads, stores and tells all the same',
  async () => {
    const story = await startStory();
    await story.round(SEP_17);
    const close = story.yahoo.closes.get('^RUT')?.find(({ session }) => session === '2025-09-18')?.close;
    story.setClose('^RUT', '2025-09-18', undefined);
    story.yahoo.now = Date.parse(SEP_18);
    story.discord.now = () => Date.parse(SEP_18);
    const { child, line, exit } = startLimited('2025-09-18T20:44:35Z', story.environment);
    const { page = '' } = await line(({ msg }) => msg === 'watching');
    await line(({ msg, why }) => why === 'start' && msg.startsWith('check done'));

    await floodWithHalves(Number(new URL(page).port), CONNECTIONS);
    story.setClose('^RUT', '2025-09-18', close);
    // What is asked of the page meanwhile is answered.
    const answer = await fetch(`${page}/healthz`, { signal: AbortSignal.timeout(10_000) });
    expect(await answer.json()).toMatchObject({ expected: '2025-09-18' });
    const done = await line(({ why }) => why === 'scheduled 16:45');
    expect(done).toMatchObject({ fired: [EVENT], problems: [] });
    expect(story.smtp.messages.map(({ subject }) => subject)).toHaveLength(2);
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  },
  90_000,
);
