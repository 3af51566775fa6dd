import { describe, expect, test } from 'vitest';
import { heartbeat, knowsNoSuchWord, testHeartbeat } from '../../src/health/heartbeat.ts';
import { ACKNOWLEDGEMENTS, REFUSALS, startHeartbeat } from '../support/heartbeat-server.ts';
import { useStandIn } from '../support/temporary.ts';

/** Patience that takes no time, and says how long it would have been. */
function patience() {
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  return { waits, sleep, stopping: new AbortController().signal };
}

describe('the heartbeat', () => {
  test('calls the address as it is, or with /start or /fail appended, with a reason as the body', async () => {
    const service = await useStandIn(startHeartbeat());
    for (const signal of ['start', 'ok', 'fail'] as const) expect(await heartbeat(service.url, signal)).toBeNull();
    await heartbeat(service.url, 'fail', 'because');
    await heartbeat(`${service.url}/`, 'start');
    expect(service.calls).toEqual(['start', 'ok', 'fail', 'fail: because', 'start']);
  });

  test('keeps a query where it is', async () => {
    const service = await useStandIn(startHeartbeat());
    await heartbeat(`${service.url}?create=1`, 'fail');
    expect(service.calls).toEqual(['fail']);
  });

  test.each([
    [{ status: 404 }, 'HEARTBEAT_URL answers HTTP 404'],
    [
      { status: 301, headers: { location: 'https://example.com/secret' } },
      'HEARTBEAT_URL answers HTTP 301, a redirect; set it to the final address, which often differs only by https://',
    ],
    ['reset', 'HEARTBEAT_URL cannot be reached (ECONNRESET)'],
  ] as const)('says in a line why it did not work, without the address', async (fault, line) => {
    const service = await useStandIn(startHeartbeat());
    service.fault = fault;
    expect(await heartbeat(service.url, 'ok')).toBe(line);
  });

  test.each(Object.entries(ACKNOWLEDGEMENTS))('takes what services answer for a success: %s', async (_, answer) => {
    const service = await useStandIn(startHeartbeat());
    service.fault = answer;
    for (const signal of ['start', 'ok', 'fail'] as const) expect(await heartbeat(service.url, signal)).toBeNull();
  });

  test.each(Object.entries(REFUSALS))('takes no refusal and no page for a success: %s', async (_, answer) => {
    const service = await useStandIn(startHeartbeat());
    service.fault = answer;
    const failure = await heartbeat(service.url, 'ok');
    expect(failure).toMatch(/^HEARTBEAT_URL answers ('.{5,100}'|with a (web page|long text)).*; copy the address/);
    expect(failure).not.toContain('secret');
  });

  test('an answer that stops half-way is none', async () => {
    const service = await useStandIn(startHeartbeat());
    service.fault = 'truncate';
    expect(await heartbeat(service.url, 'ok')).toMatch(/^HEARTBEAT_URL cannot be reached \(/);
  });

  test('a hiccup is tried again within seconds; what will not pass is not', async () => {
    const service = await useStandIn(startHeartbeat());
    const { waits, ...patient } = patience();
    service.faultOf = (_, count) => (count < 3 ? { status: 502 } : undefined);
    expect(await heartbeat(service.url, 'ok', '', patient)).toBeNull();
    expect([service.calls, waits]).toEqual([
      ['ok', 'ok', 'ok'],
      [2000, 10_000],
    ]);
    service.fault = { body: 'OK (not found)' };
    expect(await heartbeat(service.url, 'ok', '', patient)).toMatch(/'OK \(not found\)'/);
    expect(service.calls).toHaveLength(4);
    service.fault = 'reset';
    expect(await heartbeat(service.url, 'ok', '', patient)).toMatch(/ECONNRESET/);
    expect(service.calls).toHaveLength(7);
  });

  test('a service that takes GET only gets one', async () => {
    const service = await useStandIn(startHeartbeat());
    service.faultOf = (_call, _count, method) => (method === 'POST' ? { status: 405 } : undefined);
    expect(await heartbeat(service.url, 'fail', 'because')).toBeNull();
    expect(service.calls).toEqual(['fail: because', 'fail']);
  });

  test('a service that knows no /fail notices the silence', async () => {
    const service = await useStandIn(startHeartbeat());
    service.faultOf = (call) => (call === 'ok' ? undefined : { status: 404, body: 'not found' });
    const failure = await heartbeat(service.url, 'fail', 'because');
    expect(failure).toBe('HEARTBEAT_URL knows no /fail (HTTP 404); the service notices the silence instead');
    expect(knowsNoSuchWord(failure)).toBe(true);
    expect(knowsNoSuchWord(await heartbeat(service.url, 'ok'))).toBe(false);
  });

  test('Uptime Kuma is told in its own words, in the query', async () => {
    const service = await useStandIn(startHeartbeat());
    await heartbeat(service.kumaUrl, 'start');
    await heartbeat(service.kumaUrl, 'ok');
    await heartbeat(service.kumaUrl, 'fail', 'The session has\nnot been evaluated');
    expect(service.calls).toEqual(['up', 'down: The session has not been evaluated']);
  });
});

describe('a try by hand', () => {
  test('sends /start only, which claims nothing', async () => {
    const service = await useStandIn(startHeartbeat());
    expect(await testHeartbeat(service.url)).toMatch(/tested with \/start, which claims nothing\)$/);
    expect(service.calls).toEqual(['start']);
  });

  test('says so where it had to send a ping', async () => {
    const service = await useStandIn(startHeartbeat());
    service.faultOf = (call) => (call === 'start' ? { status: 404 } : undefined);
    expect(await testHeartbeat(service.url)).toMatch(/tested with a ping/);
    expect(await testHeartbeat(service.kumaUrl)).toMatch(/tested with a ping/);
    expect(service.calls).toEqual(['start', 'ok', 'up']);
  });

  test.each(Object.entries(REFUSALS))('fails at what is no heartbeat: %s', async (_, answer) => {
    const service = await useStandIn(startHeartbeat());
    service.fault = answer;
    await expect(testHeartbeat(service.url)).rejects.toThrow(/^HEARTBEAT_URL answers/);
  });
});
