import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAEMON_FLAGS } from './commands.ts';
import type { Figure } from './figures.ts';
import type { Taken } from './smtp-sink.ts';

const READERS = 1000;
const CHECK_FLAGS = ['--max-semi-space-size=8'];
/** In memory, so that no disk is waited for; absent on other systems than Linux. */
const MEMORY = '/dev/shm';

/**
 * The alert with its pictures to a thousand addresses over a mail server on this machine, which takes all: with the flags of a
 * check and of the daemon, signed, on the disk of temporary files and in memory. Says how long both compute for one, too: the rest
 * of the time is the disk's, and that of whatever else the machine does.
 */
export async function mails(): Promise<Figure[]> {
  return [
    await evening('a check', CHECK_FLAGS, tmpdir()),
    await evening('a check, ledger in memory', CHECK_FLAGS, MEMORY),
    await evening('a check, signed, ledger in memory', CHECK_FLAGS, MEMORY, 'signed'),
    await evening('the daemon, ledger in memory', DAEMON_FLAGS, MEMORY),
  ];
}

async function evening(who: string, flags: readonly string[], place: string, ...signed: string[]): Promise<Figure> {
  const folder = mkdtempSync(join(place, 'breakout-bell-mails-'));
  const sink = fork(join(import.meta.dirname, 'smtp-sink.ts'));
  try {
    const [port] = await once(sink, 'message');
    const sent = await send([...flags, join(import.meta.dirname, 'send-mails.ts'), folder, port, READERS, ...signed]);
    const taken = await ask<Taken>(sink);
    const [ids, addresses] = [new Set(taken.mails.map(({ id }) => id)), new Set(taken.mails.map(({ to }) => to))];
    if ([sent.sent, taken.mails.length, ids.size, addresses.size].some((count) => count !== READERS)) {
      throw new Error(`${taken.mails.length} mails were taken of ${READERS}, to ${addresses.size} addresses`);
    }
    if (taken.mostAtOnce > 4) throw new Error(`${taken.mostAtOnce} connections were open at once`);
    const kilobytes = Math.round(taken.mails.reduce((sum, { bytes }) => sum + bytes, 0) / READERS / 1000);
    const each = (ms: number) => `${(ms / READERS).toFixed(1)} ms`;
    const computing = `${each(sent.cpuMs)} each, the server ${each(taken.cpuMs)}`;
    return {
      name: `${READERS} mails of ${kilobytes} KB, ${who} (computing: ${computing})`,
      ms: taken.ms,
      megabytes: sent.megabytes,
      rate: `${Math.round((READERS * 1000) / taken.ms)} mails`,
    };
  } finally {
    sink.disconnect();
    rmSync(folder, { recursive: true });
  }
}

interface Sent {
  readonly sent: number;
  readonly cpuMs: number;
  readonly megabytes: number;
}

async function send(args: readonly unknown[]): Promise<Sent> {
  const child = spawn(process.execPath, args.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`send-mails.ts ended with ${code}`);
  return JSON.parse(printed);
}

async function ask<T>(child: ChildProcess): Promise<T> {
  const answer = once(child, 'message');
  child.send('what was taken');
  return (await answer)[0] as T;
}
