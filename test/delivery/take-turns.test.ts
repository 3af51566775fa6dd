import { expect, test } from 'vitest';
import { type TurnEnd, takeTurns } from '../../src/delivery/take-turns.ts';

const SIXTY = Array.from({ length: 60 }, (_, at) => `c${at}`);

/** A server that decides on each call by who is there. */
function newServer(decide: (channel: string, atWork: number, call: number) => TurnEnd) {
  const calls: string[] = [];
  const slept: number[] = [];
  let atWork = 0;
  let most = 0;
  const run = (channels: readonly string[], atOnce = 2, stopping?: AbortSignal, atMost = atOnce) =>
    takeTurns(
      channels,
      async (channel) => {
        calls.push(channel);
        atWork += 1;
        most = Math.max(most, atWork);
        const end = decide(channel, atWork, calls.length);
        if (end !== 'busy') await new Promise(setImmediate);
        atWork -= 1;
        return end;
      },
      {
        atOnce,
        atMost,
        sleep: async (ms) => {
          slept.push(ms);
        },
        ...(stopping === undefined ? {} : { stopping }),
      },
    );
  return { run, calls, slept, most: () => most };
}

test('all have their turn, no more than two at once, without a pause', async () => {
  const server = newServer(() => 'done');
  expect(await server.run(SIXTY)).toEqual([]);
  expect(server.calls).toEqual(SIXTY);
  expect(server.most()).toBe(2);
  expect(server.slept).toEqual([]);
});

const MANY = Array.from({ length: 200 }, (_, at) => `c${at}`);

test('one more works at once for every 25 that a server has served, up to the most', async () => {
  const server = newServer(() => 'done');
  expect(await server.run(MANY, 2, undefined, 4)).toEqual([]);
  expect(server.calls).toEqual(MANY);
  expect(server.most()).toBe(4);
  const few = newServer(() => 'done');
  await few.run(MANY.slice(0, 24), 2, undefined, 4);
  expect(few.most()).toBe(2);
});

test('a server for two at a time turns one away once, and is not asked for more again', async () => {
  const server = newServer((_, atWork) => (atWork > 2 ? 'busy' : 'done'));
  expect(await server.run(MANY, 2, undefined, 4)).toEqual([]);
  expect(server.calls).toHaveLength(201);
  expect(server.slept).toEqual([]);
});

test('a server for one at a time serves the others in a row, then the one that it turned away', async () => {
  const server = newServer((_, atWork) => (atWork > 1 ? 'busy' : 'done'));
  expect(await server.run(SIXTY)).toEqual([]);
  expect(server.calls).toHaveLength(61);
  expect(server.calls.at(-1)).toBe('c1');
  // While somebody is served the server is not away.
  expect(server.slept).toEqual([]);
});

test('a server that is away is asked four times, not sixty, and the others are named', async () => {
  const server = newServer(() => 'busy');
  expect(await server.run(SIXTY)).toEqual(SIXTY.slice(4));
  expect(server.calls).toEqual(['c0', 'c1', 'c2', 'c3']);
});

test('who gets no answer has no second turn, and does not keep the server from the others', async () => {
  const server = newServer((channel) => (['c0', 'c1'].includes(channel) ? 'no answer' : 'done'));
  expect(await server.run(SIXTY)).toEqual([]);
  expect(server.calls).toEqual(SIXTY);
});

test('a server that serves the others is waited for a minute by the one that it turns away', async () => {
  const server = newServer((channel) => (channel === 'c0' ? 'busy' : 'done'));
  expect(await server.run(['c0', 'c1', 'c2'])).toEqual([]);
  expect(server.calls.filter((channel) => channel === 'c0')).toHaveLength(5);
  expect(server.calls).toHaveLength(7);
  expect(server.slept).toEqual([5000, 20_000, 40_000]);
});

test('a server that takes ten and then no more gets no flood of attempts', async () => {
  const server = newServer((_, _at, call) => (call > 10 ? 'busy' : 'done'));
  const left = await server.run(SIXTY);
  expect(server.calls.length).toBeLessThanOrEqual(16);
  expect(left.length).toBeGreaterThanOrEqual(44);
});

test('who is to stop begins no further round', async () => {
  const stopping = new AbortController();
  const server = newServer(() => {
    stopping.abort();
    return 'busy';
  });
  expect(await server.run(['c0', 'c1', 'c2'], 2, stopping.signal)).toEqual(['c2']);
  expect(server.slept).toEqual([]);
});

/** Serves so many, then nobody until a minute is over. */
function newServerOf(aMinute: number) {
  let now = 0;
  let since = 0;
  let served = 0;
  const server = newServer(() => {
    if (now - since >= 60_000) [since, served] = [now, 0];
    served += 1;
    return served > aMinute ? 'busy' : 'done';
  });
  const { slept } = server;
  slept.push = (ms) => {
    now += ms;
    return Array.prototype.push.call(slept, ms);
  };
  return server;
}

test('a server that takes twenty a minute serves sixty in one run', async () => {
  const server = newServerOf(20);
  expect(await server.run(SIXTY)).toEqual([]);
  expect(server.calls.length).toBeLessThanOrEqual(60 + 2 * 5);
  expect(server.slept.reduce((sum, ms) => sum + ms, 0)).toBe(130_000);
});

test('a run waits for ten minutes at most, however many there are', async () => {
  const server = newServerOf(20);
  const left = await server.run(Array.from({ length: 1000 }, (_, at) => `c${at}`));
  expect(server.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(600_000);
  // Nine minutes of waiting, and one more minute's worth.
  expect(1000 - left.length).toBeGreaterThanOrEqual(200);
});
