import type { App } from '../app/app.ts';
import { bySourceClock } from '../app/clock.ts';
import { evaluate } from '../check/evaluate.ts';
import { healthOf } from '../health/health.ts';
import { newYorkInstant } from '../market/new-york.ts';
import { hiding } from './hide-addresses.ts';

/** The state of things in Prometheus' text format, read from the database when it is asked for. */
export async function metricsOf(app: App): Promise<{ type: string; text: string }> {
  // prom-client's default metrics wake the process a hundred times a second; what matters here changes once a day.
  const { Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  const { hide } = hiding(app);
  const gauge = (name: string, help: string, values: readonly [value: number, labels?: Record<string, string>][]) => {
    const labelNames = Object.keys(values[0]?.[1] ?? {});
    const metric = new Gauge({ name: `breakout_bell_${name}`, help, labelNames, registers: [registry] });
    for (const [value, labels = {}] of values) metric.set(hide(labels), value);
  };

  const { settings, ledger, channels } = app;
  const { ok, troubles, evaluated, evaluatedAt, expected } = await healthOf(bySourceClock(app));
  const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);
  gauge('healthy', '1 when an event would be found and an alert arrive', [[Number(ok)]]);
  gauge('troubles', 'What is wrong now', [[troubles.length]]);
  gauge('expected_session_timestamp_seconds', 'Midnight in New York of the newest session that is over', [
    [seconds(newYorkInstant(expected, '00:00'))],
  ]);
  if (evaluated !== null && evaluatedAt !== null) {
    gauge('evaluated_session_timestamp_seconds', 'Midnight in New York of the newest session that was evaluated', [
      [seconds(newYorkInstant(evaluated, '00:00'))],
    ]);
    gauge('evaluated_timestamp_seconds', 'When it was evaluated', [[seconds(Date.parse(evaluatedAt))]]);
  }

  const states = settings.signals.flatMap((signal) => {
    const { state } = evaluate(app, signal).detection;
    return state === undefined ? [] : [{ signal: signal.id, ...state }];
  });
  gauge(
    'armed',
    '1 when the next record close is an event',
    states.map(({ signal, state }) => [Number(state === 'armed'), { signal }]),
  );
  gauge(
    'close',
    'The newest close, index points',
    states.map(({ signal, close }) => [close, { signal }]),
  );
  gauge(
    'to_record_ratio',
    'The rise that would equal the record, as a fraction',
    states.map(({ signal, toRecord }) => [toRecord, { signal }]),
  );
  gauge(
    'quiet_sessions',
    'Sessions since the record',
    states.flatMap(({ signal, quietSessions }) =>
      quietSessions === null ? [] : [[quietSessions, { signal }] as [number, { signal: string }]],
    ),
  );

  const [unsent, proven, probes] = [await ledger.unsent(), await ledger.proven(), await ledger.probes()];
  gauge(
    'unsent_deliveries',
    'Messages that did not arrive, or may not have',
    channels.map(({ id }) => [
      unsent.filter(({ channel, kind }) => channel === id && kind !== 'drill').length,
      { channel: id },
    ]),
  );
  gauge(
    'last_delivery_timestamp_seconds',
    'When a message last surely arrived',
    // Of those in use: of others the names may be gone.
    proven
      .filter(({ channel }) => channels.some(({ id }) => id === channel))
      .map(({ channel, at }) => [seconds(Date.parse(at)), { channel }]),
  );
  gauge(
    'working',
    '1 when a part worked at its last test',
    probes.map(({ part, failure }) => [Number(failure === null), { part }]),
  );

  gauge('process_resident_memory_bytes', 'Memory of the process', [[process.memoryUsage.rss()]]);
  gauge('process_start_time_seconds', 'When the process started', [
    [seconds(app.now()) - Math.floor(process.uptime())],
  ]);
  return { type: registry.contentType, text: await registry.metrics() };
}
