import { expect } from 'vitest';
import { createNtfyChannel } from '../../../src/channel/ntfy/transport.ts';
import { NTFY_ERRORS, NTFY_TOKEN, startNtfy } from '../../support/ntfy-server.ts';
import { freePort } from '../../support/ports.ts';
import { faultsOfPosting } from '../../support/posting-server.ts';
import { useStandIn } from '../../support/temporary.ts';
import { conforms, type Stage } from '../conformance.ts';

conforms({ id: 'ntfy', needsNetwork: true, start });

async function start(timeout: number): Promise<Stage> {
  const ntfy = await useStandIn(startNtfy());
  const topic = ntfy.topicUrl.split('/').at(-1) ?? '';
  const good = { server: new URL('/', ntfy.topicUrl), topic, token: NTFY_TOKEN };
  const bad = [
    { token: 'tk_wrongwrongwrongwrongwrongwron' },
    { server: new URL(`http://127.0.0.1:${await freePort()}/`) },
  ];
  return {
    channel: createNtfyChannel(good, timeout),
    arrived: () =>
      ntfy.taken.map(({ url, body }) =>
        [url.searchParams.get('title'), url.searchParams.get('message') ?? body].join('\n'),
      ),
    // Nothing in ntfy leads from one message to another: the id is what people search for.
    reference: () => ({
      found: ntfy.taken[1]?.body.toString(),
      expected: expect.stringContaining('About: russell-2000/2025-09-18/alert'),
    }),
    faults: faultsOfPosting(ntfy, NTFY_ERRORS),
    bad: bad.map((wrong) => createNtfyChannel({ ...good, ...wrong }, timeout)),
    secrets: [topic, NTFY_TOKEN, 'tk_wrongwrongwrongwrongwrongwron'],
  };
}
