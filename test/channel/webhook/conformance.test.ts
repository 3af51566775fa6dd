import { createWebhookChannel } from '../../../src/channel/webhook/transport.ts';
import { freePort } from '../../support/ports.ts';
import { faultsOfPosting, startPosting } from '../../support/posting-server.ts';
import { useStandIn } from '../../support/temporary.ts';
import { conforms, type Stage } from '../conformance.ts';

conforms({ id: 'webhook', needsNetwork: true, start });

async function start(timeout: number): Promise<Stage> {
  const receiver = await useStandIn(
    startPosting(({ method }) => ({ answer: { status: method === 'HEAD' ? 405 : 204 }, takes: method === 'POST' })),
  );
  const key = Buffer.from('a key of 24 bytes or more').toString('base64');
  const at = (port: number, path: string) => new URL(`http://127.0.0.1:${port}/${path}`);
  return {
    channel: createWebhookChannel({ url: at(receiver.port, 'secret-path-5f2c'), key }, timeout),
    arrived: () => receiver.taken.map(({ body }) => JSON.parse(body.toString()).text),
    reference: () => ({
      found: JSON.parse(receiver.taken[1]?.body.toString() ?? '').message.refersTo,
      expected: 'russell-2000/2025-09-18/alert',
    }),
    faults: faultsOfPosting(receiver, {
      400: { status: 400, body: 'secret-path-5f2c is not what I expect' },
      401: { status: 401 },
      404: { status: 404 },
      410: { status: 410 },
      413: { status: 413 },
    }),
    bad: [createWebhookChannel({ url: at(await freePort(), 'secret-nobody-listens'), key: undefined }, timeout)],
    secrets: ['secret-path-5f2c', 'secret-nobody-listens', key],
  };
}
