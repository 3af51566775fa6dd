import { describe, expect, test } from 'vitest';
import { LATE } from '../../../src/channel/http/ask.ts';
import { refusal, unanswered } from '../../../src/channel/http/result.ts';

const NOW = Date.parse('2025-09-18T20:45:00Z');
const answer = (status: number, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers(headers),
  text: '',
  whole: true,
});

describe('what a status says about a message', () => {
  // Source: RFC 9110, section 15: what a client may take from each status. Those above 511 are Cloudflare's.
  test.each<[number, object]>([
    [302, { state: 'refused', permanent: false, reason: expect.stringMatching(/redirects elsewhere/) }],
    [400, { state: 'refused', permanent: true, perhapsPictures: true }],
    [401, { state: 'refused', permanent: false }],
    [404, { state: 'refused', permanent: false }],
    [408, { state: 'refused', permanent: false, busy: true }],
    [410, { state: 'refused', permanent: true }],
    [413, { state: 'refused', permanent: true, perhapsPictures: true }],
    [429, { state: 'refused', permanent: false, retryAfter: 1000 }],
    [500, { state: 'refused', permanent: false }],
    [502, { state: 'unknown' }],
    [503, { state: 'refused', permanent: false, busy: true }],
    [504, { state: 'unknown' }],
    [524, { state: 'unknown' }],
  ])('%d', (status, expected) => {
    expect(refusal(answer(status), 'Pager', '', NOW)).toMatchObject(expected);
  });

  test.each([
    ['30', 30_000],
    ['0', 1000],
    ['Thu, 18 Sep 2025 20:46:00 GMT', 60_000],
    ['Thu, 18 Sep 2025 20:00:00 GMT', 1000],
    ['soon', undefined],
  ])('a Retry-After of %s is a wait of %s ms', (header, wait) => {
    const result = refusal(answer(503, { 'retry-after': header }), 'Pager', '', NOW);
    expect('retryAfter' in result ? result.retryAfter : undefined).toBe(wait);
  });

  test('the words of a service are on one line, and cut', () => {
    const { reason } = refusal(answer(400), 'Pager', ` no\r\n\tsuch  thing ${'x'.repeat(500)}`, NOW);
    expect(reason).toMatch(/^Pager answers HTTP 400: no such thing x+$/);
    expect(reason.length).toBeLessThan(160);
  });
});

test('silence before the message was written is a refusal, and after it nobody knows', () => {
  expect(unanswered({ taken: false, code: 'ECONNREFUSED' }, 'Pager')).toEqual({
    state: 'refused',
    permanent: false,
    busy: true,
    reason: 'Pager cannot be reached: ECONNREFUSED',
  });
  expect(unanswered({ taken: true, code: LATE }, 'Pager')).toEqual({
    state: 'unknown',
    reason: 'Pager did not answer in time',
  });
  expect(unanswered({ taken: true, code: 'ECONNRESET' }, 'Pager')).toEqual({
    state: 'unknown',
    reason: 'the connection to Pager broke (ECONNRESET)',
  });
});
