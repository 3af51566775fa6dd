// node --import steered-clock.js: the process goes by the clock in the file BELL_CLOCK, which the harness and other processes
// share (see test/attack/clock-file.ts). Whoever is stopped finds the clock moved when he wakes, as on a real machine: timers
// of a second or more are due by it, shorter ones by the real time.
// With BELL_STEPS the process moves the clock on by itself, to the instant that the harness has set: from timer to timer, and
// only while nothing is under way. BELL_PULSE (milliseconds): shorter intervals are as long as that, as a minute is short.
// BELL_PACE: where the harness moves the clock on so many times as fast as the real one, short timers are quicker alike.
// BELL_SKEW: a file with the milliseconds by which this host's clock on the wall is wrong. Timers do not go by it.
import { openSync, readSync, writeSync } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const SHORT_MS = 1000;
const file = openSync(process.env.BELL_CLOCK, 'r+');
// Milliseconds ahead of the real time; the instant to step to; the last instant that was stepped to.
const cells = new Float64Array(3);
const bytes = new Uint8Array(cells.buffer);
const read = () => readSync(file, bytes, 0, bytes.length, 0);
const store = (cell) => writeSync(file, bytes, cell * 8, 8, cell * 8);
read();

const pace = Number(process.env.BELL_PACE || 1);
const skewFile = process.env.BELL_SKEW ? openSync(process.env.BELL_SKEW, 'r') : undefined;
const skew = new Float64Array(1);
const skewBytes = new Uint8Array(skew.buffer);
const readSkew = () => skewFile !== undefined && readSync(skewFile, skewBytes, 0, skewBytes.length, 0);

const RealDate = Date;
let lookedAt = 0;
/** Once a millisecond: some ask for the time more often. */
const look = () => {
  const at = RealDate.now();
  if (at !== lookedAt) {
    read();
    readSkew();
  }
  lookedAt = at;
};
const real = { setTimeout, setInterval, clearTimeout, setImmediate };
const now = () => {
  look();
  return RealDate.now() + cells[0];
};
/** The clock on the wall of this host. */
const wall = () => now() + skew[0];
globalThis.Date = class extends RealDate {
  constructor(...values) {
    if (values.length === 0) super(wall());
    else super(...values);
  }
  static now() {
    return wall();
  }
};

// The clock that nobody sets has moved as far: time has passed.
const { performance } = globalThis;
const realPerformance = performance.now.bind(performance);
const offsetAtStart = cells[0];
performance.now = () => {
  look();
  return realPerformance() + cells[0] - offsetAtStart;
};

const pulse = Number(process.env.BELL_PULSE ?? 0);
const steps = process.env.BELL_STEPS === '1' && isMainThread;

class Timer {
  constructor(act, ms, values, repeats) {
    this.act = () => act(...values);
    this.ms = repeats ? Math.max(ms, pulse) : ms;
    this.repeats = repeats;
    timers.add(this.refresh().ref());
  }
  ref() {
    this.kept = true;
    // A daemon is kept by its page; and a timer that is waited for is something under way.
    if (!steps) again?.ref();
    return this;
  }
  unref() {
    this.kept = false;
    return this;
  }
  hasRef() {
    return this.kept;
  }
  refresh() {
    this.due = now() + this.ms;
    return this;
  }
  close() {
    timers.delete(this);
    return this;
  }
  [Symbol.toPrimitive]() {
    return this;
  }
  [Symbol.dispose]() {
    this.close();
  }
}

const timers = new Set();
const first = () => [...timers].reduce((a, b) => (a === undefined || b.due < a.due ? b : a), undefined);
const replace = (name, repeats) => {
  const original = globalThis[name];
  globalThis[name] = (act, ms = 0, ...values) =>
    isMainThread && ms >= SHORT_MS ? new Timer(act, ms, values, repeats) : original(act, ms / pace, ...values);
  Object.defineProperties(globalThis[name], Object.getOwnPropertyDescriptors(original));
};
for (const name of ['clearTimeout', 'clearInterval']) {
  const original = globalThis[name];
  globalThis[name] = (timer) => (timer instanceof Timer ? void timer.close() : original(timer));
}
replace('setTimeout', false);
replace('setInterval', true);
AbortSignal.timeout = (ms) => {
  const controller = new AbortController();
  const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
  globalThis.setTimeout(() => controller.abort(reason), ms).unref();
  return controller.signal;
};
const promises = createRequire(import.meta.url)('node:timers/promises');
const sleep = promises.setTimeout;
promises.setTimeout = (ms, value, options = {}) => {
  if (!isMainThread || ms < SHORT_MS) return sleep(ms / pace, value, options);
  const { signal, ref = true } = options;
  return new Promise((resolve, reject) => {
    const abort = () => {
      timer.close();
      reject(new DOMException('The operation was aborted', 'AbortError'));
    };
    const wake = () => {
      signal?.removeEventListener('abort', abort);
      resolve(value);
    };
    const timer = new Timer(wake, ms, [], false);
    if (!ref) timer.unref();
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
};
syncBuiltinESMExports();

/** What is always there, and says nothing of whether something is under way. */
const ALWAYS = /^(TCPServerWrap|PipeWrap|Pipe|TTYWrap|MessagePort|Worker|SignalWrap|ProcessWrap)$/;
const isIdle = () => process.getActiveResourcesInfo().every((name) => ALWAYS.test(name));
/** Turns of the event loop without anything under way: one act's end is the next one's begin. */
const QUIET_TURNS = 4;
let quiet = 0;
let again;

function turn() {
  read();
  const due = first();
  if (due !== undefined && due.due <= now()) {
    if (due.repeats) due.refresh();
    else due.close();
    quiet = 0;
    due.act();
  }
  const isOnTheWay = steps && cells[2] < cells[1];
  quiet = isOnTheWay && isIdle() ? quiet + 1 : 0;
  if (quiet > QUIET_TURNS) {
    quiet = 0;
    const next = Math.min(first()?.due ?? Number.POSITIVE_INFINITY, cells[1]);
    if (next > now()) {
      cells[0] += next - now();
      store(0);
    } else if (cells[1] <= next) {
      cells[2] = cells[1];
      store(2);
    }
  }
  if (quiet > 0 || (first()?.due ?? Number.POSITIVE_INFINITY) <= now()) real.setImmediate(turn);
  else {
    again = real.setTimeout(turn, isOnTheWay ? 1 : 5);
    if (steps || ![...timers].some(({ kept }) => kept)) again.unref();
  }
}
if (isMainThread) turn();
