/** healthchecks takes 100 kB; what is in an address must be shorter. */
const LONGEST_BODY = 10_000;

const LONGEST_QUERY = 200;

export type Signal = 'start' | 'ok' | 'fail';

export interface Call {
  readonly address: URL;
  readonly body: string;
}

/** How a service takes a signal; undefined where it has none of the kind. */
export function callOf(url: URL, signal: Signal, reason: string): Call | undefined {
  const address = new URL(url);
  const query = (parameters: Readonly<Record<string, string>>) => {
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    return { address, body: '' };
  };
  const short = reason.replace(/\s+/g, ' ').slice(0, LONGEST_QUERY);
  // Uptime Kuma: a push monitor is up or down, and takes its words from the query only.
  if (/\/api\/push\/[^/]+\/?$/.test(url.pathname)) {
    if (signal === 'start') return undefined;
    return query(signal === 'ok' ? { status: 'up', msg: 'OK' } : { status: 'down', msg: short || 'fail' });
  }
  // https://cronitor.io/docs/telemetry-api
  if (url.hostname === 'cronitor.link') {
    const state = { start: 'run', ok: 'complete', fail: 'fail' }[signal];
    return query({ state, ...(short === '' ? {} : { message: short }) });
  }
  // https://deadmanssnitch.com/docs: a status other than 0 is an error, and the message is kept.
  if (url.hostname === 'nosnch.in') {
    if (signal === 'start') return undefined;
    return signal === 'ok' ? { address, body: '' } : query({ s: '1', m: short });
  }
  if (signal !== 'ok') address.pathname = `${address.pathname.replace(/\/$/, '')}/${signal}`;
  return { address, body: reason.slice(0, LONGEST_BODY) };
}
