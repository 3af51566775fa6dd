import type { App } from '../app/app.ts';
import { bySourceClock } from '../app/clock.ts';
import { evaluate } from '../check/evaluate.ts';
import { healthOf } from '../health/health.ts';
import { newYorkInstant } from '../market/new-york.ts';
import { hiding } from './hide-addresses.ts';
import type { Instance } from './instance.ts';

/** One gauge with its values. The parts of its name tell the unit, as Prometheus asks. */
interface Metric {
  readonly name: string;
  readonly help: string;
  readonly values: readonly (readonly [value: number, labels?: Readonly<Record<string, string>>])[];
}

/** The state of things in Prometheus' text format, read from the database when it is asked for. */
export async function metricsOf(app: App, instance: Instance | undefined): Promise<{ type: string; text: string }> {
  // prom-client's default metrics wake the process a hundred times a second; what matters here changes once a day.
  const { Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  const { hide } = hiding(app);
  const metrics = [
    ...(await healthMetrics(app)),
    ...signalMetrics(app),
    ...(await channelMetrics(app)),
    ...processMetrics(app),
    ...instanceMetrics(instance),
  ];
  for (const { name, help, values } of metrics) {
    const labelNames = Object.keys(values[0]?.[1] ?? {});
    const gauge = new Gauge({ name: `breakout_bell_${name}`, help, labelNames, registers: [registry] });
    for (const [value, labels = {}] of values) gauge.set(hide(labels), value);
  }
  return { type: registry.contentType, text: await registry.metrics() };
}

function instanceMetrics(instance: Instance | undefined): Metric[] {
  if (instance === undefined) return [];
  const help = '1 where this daemon leads, 0 where it stands by';
  return [{ name: 'leader', help, values: [[Number(instance.role() === 'leader')]] }];
}

async function healthMetrics(app: App): Promise<Metric[]> {
  const { ok, troubles, evaluated, evaluatedAt, expected } = await healthOf(await bySourceClock(app));
  const midnight = (session: string) => seconds(newYorkInstant(session, '00:00'));
  const looked: Metric[] =
    evaluated === null || evaluatedAt === null
      ? []
      : [
          {
            name: 'evaluated_session_timestamp_seconds',
            help: 'Midnight in New York of the newest session that was evaluated',
            values: [[midnight(evaluated)]],
          },
          {
            name: 'evaluated_timestamp_seconds',
            help: 'When it was evaluated',
            values: [[seconds(Date.parse(evaluatedAt))]],
          },
        ];
  return [
    { name: 'healthy', help: '1 when an event would be found and an alert arrive', values: [[Number(ok)]] },
    { name: 'troubles', help: 'What is wrong now', values: [[troubles.length]] },
    {
      name: 'expected_session_timestamp_seconds',
      help: 'Midnight in New York of the newest session that is over',
      values: [[midnight(expected)]],
    },
    ...looked,
  ];
}

/** Where each signal stands. */
function signalMetrics(app: Pick<App, 'settings' | 'closes' | 'source' | 'channels' | 'now'>): Metric[] {
  const states = app.settings.signals.flatMap((signal) => {
    const { state } = evaluate(app, signal).detection;
    return state === undefined ? [] : [{ signal: signal.id, ...state }];
  });
  return [
    {
      name: 'armed',
      help: '1 when the next record close is an event',
      values: states.map(({ signal, state }) => [Number(state === 'armed'), { signal }]),
    },
    {
      name: 'close',
      help: 'The newest close, index points',
      values: states.map(({ signal, close }) => [close, { signal }]),
    },
    {
      name: 'to_record_ratio',
      help: 'The rise that would equal the record, as a fraction',
      values: states.map(({ signal, toRecord }) => [toRecord, { signal }]),
    },
    {
      name: 'quiet_sessions',
      help: 'Sessions since the record',
      values: states.flatMap(({ signal, quietSessions }) =>
        quietSessions === null ? [] : [[quietSessions, { signal }] as const],
      ),
    },
  ];
}

/** What became of messages, and whether the parts work. */
async function channelMetrics({ ledger, channels }: Pick<App, 'ledger' | 'channels'>): Promise<Metric[]> {
  const [unsent, proven, probes] = [await ledger.unsent(), await ledger.proven(), await ledger.probes()];
  return [
    {
      name: 'unsent_deliveries',
      help: 'Messages that did not arrive, or may not have',
      values: channels.map(({ id }) => [
        unsent.filter(({ channel, kind }) => channel === id && kind !== 'drill').length,
        { channel: id },
      ]),
    },
    {
      name: 'last_delivery_timestamp_seconds',
      help: 'When a message last surely arrived',
      // Of those in use: of others the names may be gone.
      values: proven
        .filter(({ channel }) => channels.some(({ id }) => id === channel))
        .map(({ channel, at }) => [seconds(Date.parse(at)), { channel }]),
    },
    {
      name: 'working',
      help: '1 when a part worked at its last test',
      values: probes.map(({ part, failure }) => [Number(failure === null), { part }]),
    },
  ];
}

function processMetrics({ now }: Pick<App, 'now'>): Metric[] {
  return [
    {
      name: 'process_resident_memory_bytes',
      help: 'Memory of the process',
      values: [[process.memoryUsage.rss()]],
    },
    {
      name: 'process_start_time_seconds',
      help: 'When the process started',
      values: [[seconds(now()) - Math.floor(process.uptime())]],
    },
  ];
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
