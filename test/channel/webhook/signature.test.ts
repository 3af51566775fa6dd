import { expect, test } from 'vitest';
import { readWebhook } from '../../../src/channel/webhook/settings.ts';
import { signed } from '../../../src/channel/webhook/signature.ts';

// The example of the Standard Webhooks libraries' own tests (libraries/javascript, "sign function works").
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const NOW = 1_614_265_330_000;

test('a body is signed as the libraries of Standard Webhooks verify it', () => {
  const key = readWebhook({ WEBHOOK_URL: 'https://example.com/bell', WEBHOOK_SECRET: SECRET })?.key;
  expect(signed(ID, '{"test": 2432232314}', key, NOW)).toEqual({
    'webhook-id': ID,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('without a secret a body has its id and time alone', () => {
  expect(signed(ID, '{}', undefined, NOW + 999)).toEqual({ 'webhook-id': ID, 'webhook-timestamp': '1614265330' });
});
