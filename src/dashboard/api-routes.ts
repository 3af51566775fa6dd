import type { Hono } from 'hono';
import type { App } from '../app/app.ts';
import { chartFacts } from '../app/chart-facts.ts';
import { bySourceClock } from '../app/clock.ts';
import { signalCloses } from '../app/signal-closes.ts';
import { status } from '../check/status.ts';
import { channelFacts } from '../health/channel-facts.ts';
import { healthOf } from '../health/health.ts';
import { watchOf } from '../health/watching.ts';
import type { Delivery } from '../store/deliveries.ts';
import { asked } from './asked.ts';
import { hiding } from './hide-addresses.ts';
import { ledgerFacts } from './page-facts.ts';

/** Adds what the page says as JSON: the same figures as the commands print. */
export function addApi(site: Hono, app: App): void {
  const { settings, closes } = app;
  const { hide } = hiding(app);
  site.get('/api/status', async (context) => {
    const { problems, ...report } = await status(app);
    const all = { ...report, ...(await watchOf(app)), health: await healthOf(await bySourceClock(app)), problems };
    return context.json(hide(all));
  });
  site.get('/api/study', async (context) => {
    const { signal, asOf } = asked(context, settings.signals);
    const { studyStored } = await import('../analysis/study-signal.ts');
    const found = studyStored(app, signal, asOf);
    return found === undefined ? context.notFound() : context.json(found);
  });
  site.get('/api/charts', (context) => {
    const { signal, asOf } = asked(context, settings.signals);
    const facts = chartFacts(settings, signal, signalCloses({ closes, settings }, signal, asOf));
    return facts === undefined ? context.notFound() : context.json(facts);
  });
  site.get('/api/ledger', async (context) => {
    const { messages, runs } = await ledgerFacts(app);
    const published = messages.map(({ message, deliveries, seen }) => ({
      message,
      deliveries: deliveries.map(asPublished),
      seen,
    }));
    return context.json({ messages: published, runs, channels: hide(await channelFacts(app)) });
  });
}

/** The fields under the names that they were first published by: there the fingerprint of a channel is its `settings`. */
function asPublished(delivery: Delivery) {
  const { message, kind, channel, state, attempts, unknownAttempts, reason, fingerprint, ...rest } = delivery;
  return { message, kind, channel, state, attempts, unknownAttempts, reason, settings: fingerprint, ...rest };
}
