import { expect, test } from 'vitest';
import { createSite } from '../../src/dashboard/server.ts';
import { drill } from '../../src/jobs/drill.ts';
import { pause } from '../../src/jobs/pause.ts';
import { EVENT, SEP_17, SEP_18, startStory } from '../support/story.ts';

const ADDRESSES = [
  "mary.o'brien@example.com",
  'Bob.Builder+bell@Example.ORG',
  'carla@xn--brse-5qa.example',
  'ann@example.com',
];
/** Whatever of them tells who it is, in any spelling. */
const ANY_OF_THEM = /brien|builder|carla|ann@|@example|%40example|brse-5qa|b\u00f6rse/i;

test('no route shows an address: not of a recipient, not in the words of a mail server, not in an id of an earlier version', async () => {
  const story = await startStory({ EMAIL_TO: ADDRESSES.join(', ') });
  await story.round(SEP_17);
  await story.at(SEP_17, (app) => pause(app, 'email:ann@example.com', undefined));
  // As Postfix and Exchange name a mailbox: 550 5.1.1 <user@domain>: Recipient address rejected; RESOLVER.ADR.RecipNotFound.
  // As Postfix names a mailbox, and as Exim and Sendmail do without its domain.
  story.smtp.fault = () => ({
    recipients: {
      "mary.o'brien@example.com": "550 5.1.1 <mary.o'brien@example.com>: Recipient address rejected: User unknown",
      'Bob.Builder+bell@Example.ORG': '550 No such user bob.builder here',
      'carla@xn--brse-5qa.example': '550 5.1.1 carla... User unknown',
    },
  });
  await story.round(SEP_18);
  await story.at(SEP_18, async (app) => {
    await drill(app);
    // As versions before wrote it.
    const [warning] = (await app.ledger.newestMessages(30)).filter(({ kind }) => kind === 'warning');
    const id = 'warning/delivery-email:ann@example.com/russell-2000/2025-09-18/alert/2025-09-18';
    const template = warning ?? (await app.ledger.message(`${EVENT}/alert`));
    if (template === undefined) throw new Error('there is no message');
    const message = {
      ...template,
      id,
      kind: 'warning' as const,
      title: 'Not delivered to ann@example.com',
      refersTo: null,
    };
    await app.ledger.post({ message, event: null, channels: ['folder'] });
    const site = createSite(app);
    const page = await (await site.request('/operations')).text();
    const links = [...page.matchAll(/href="(\/messages\/[^"]+)"/g)].map(([, path = '']) =>
      path.replaceAll('&amp;', '&').replaceAll('&#39;', "'"),
    );
    expect(links.some((path) => path.includes('delivery-email%20'))).toBe(true);
    for (const path of [
      '/',
      '/operations',
      '/healthz',
      '/metrics',
      '/api/status',
      '/api/ledger',
      '/preview',
      ...links,
    ]) {
      const answer = await site.request(path);
      expect([200, 503], path).toContain(answer.status);
      const body = (await answer.text()).replaceAll('&#39;', "'").replaceAll('&amp;', '&');
      expect(
        body.match(ANY_OF_THEM)?.[0],
        `${path}: ${body.slice(Math.max(0, body.search(ANY_OF_THEM) - 80)).slice(0, 160)}`,
      ).toBeUndefined();
    }
    expect(page).toContain('email 4 of 4');
    expect(await (await site.request('/metrics')).text()).toContain(
      'breakout_bell_unsent_deliveries{channel="email 1 of 4"} 1',
    );
  });
});

test('a channel that was once set up has no line in /metrics, and no address on the page', async () => {
  const story = await startStory({ EMAIL_TO: 'ann@example.com, gone@example.net' });
  await story.round(SEP_17);
  await story.round(SEP_18);
  story.configure({ EMAIL_TO: 'ann@example.com' });
  await story.at(SEP_18, async (app) => {
    const site = createSite(app);
    for (const path of ['/', '/operations', '/metrics', '/healthz', '/api/ledger', '/api/status']) {
      expect(await (await site.request(path)).text(), path).not.toMatch(/gone@|example\.net|ann@/);
    }
    const metrics = await (await site.request('/metrics')).text();
    expect(metrics).toMatch(/^breakout_bell_last_delivery_timestamp_seconds\{channel="email"\} \d+$/m);
  });
});
