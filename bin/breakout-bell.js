#!/usr/bin/env node
// The command of the package from npm. What the machine calls node may be too old, or wants flags: so this only hands over.
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { nodeFlags, ownNode, PROGRAM } from './runtime.js';

const words = process.argv.slice(2);
const node = ownNode();
const flags = nodeFlags(words[0]);

if (node === process.execPath && flags.length === 0) await import(pathToFileURL(PROGRAM).href);
else handOver();

/** The same call on the right Node, in this process where that can be (Node 22.15, not Windows), else in one beneath it. */
function handOver() {
  const args = [...flags, PROGRAM, ...words];
  if (process.execve !== undefined) process.execve(node, [node, ...args], process.env);
  const child = spawn(node, args, { stdio: 'inherit' });
  // A terminal sends Ctrl-C and its own end to both; the program says when it ends.
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    console.error(`${node} cannot be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
