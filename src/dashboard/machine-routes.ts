import { Hono } from 'hono';
import type { App } from '../app/app.ts';
import { bySourceClock } from '../app/clock.ts';
import { healthOf } from '../health/health.ts';
import { nextCheck } from '../health/schedule.ts';
import { cleanWords } from '../message/clean-words.ts';
import { hiding } from './hide-addresses.ts';
import type { Instance } from './instance.ts';
import { refreshing } from './refreshing.ts';

/** What machines ask: `GET /healthz` (200, or 503 with the reasons) and `GET /metrics`. */
export function machineRoutes(app: App, instance: Instance | undefined): Hono {
  const { settings, now } = app;
  const { hide } = hiding(app);
  const site = new Hono();
  // By name: these routes stand before those of the page, which say in their own way what fails.
  for (const path of ['/healthz', '/metrics']) site.use(path, refreshing(app));
  site.get('/healthz', async (context) => {
    const { ok, reasons, expected, evaluated, evaluatedAt, troubles, gateway } = await healthOf(
      await bySourceClock(app),
    );
    const body = {
      ok,
      reasons,
      expected,
      evaluated,
      evaluatedAt,
      troubles: troubles.map(({ title }) => title),
      ...(gateway === null ? {} : { gateway }),
      ...(await instanceFacts(app, instance)),
      nextRun: new Date(nextCheck(settings.schedule.checks, now())).toISOString(),
    };
    return context.json(hide(body), ok ? 200 : 503);
  });
  site.get('/metrics', async (context) => {
    const { metricsOf } = await import('./metrics.ts');
    const { type, text } = await metricsOf(app, instance);
    return context.body(text, 200, { 'content-type': type });
  });
  site.onError((error, context) =>
    context.json({ ok: false, reasons: [hide(cleanWords(error.message, settings.secrets))] }, 503),
  );
  return site;
}

/** Which of several daemons answers, and who leads: null where nobody does. */
async function instanceFacts({ ledger }: Pick<App, 'ledger'>, instance: Instance | undefined): Promise<object> {
  if (instance === undefined) return {};
  const leader = await ledger.daemon();
  const { host, pid, seenAt } = leader ?? {};
  const refusal = instance.refusal();
  return {
    role: instance.role(),
    instance: instance.id,
    ...(refusal === undefined ? {} : { refusal }),
    leader: leader === undefined ? null : { host, pid, seenAt },
  };
}
