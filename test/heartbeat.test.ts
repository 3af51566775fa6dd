import { describe, expect, test } from 'vitest';
import { heartbeat } from '../src/heartbeat.ts';
import { startHeartbeat } from './support/heartbeat-server.ts';
import { useStandIn } from './support/temporary.ts';

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
    ['reset', 'HEARTBEAT_URL cannot be reached (ECONNRESET)'],
  ] as const)('says in a line why it did not work, without the address', async (fault, line) => {
    const service = await useStandIn(startHeartbeat());
    service.fault = fault;
    expect(await heartbeat(service.url, 'ok')).toBe(line);
  });
});
