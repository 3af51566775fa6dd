import { text } from 'node:stream/consumers';
import { type Answer, type Fault, send, startHttp } from './http.ts';

/** A healthchecks-style service on loopback. */
export interface HeartbeatStandIn {
  /** What `HEARTBEAT_URL` takes; its path is a secret. */
  readonly url: string;
  /** The same as a push monitor of Uptime Kuma's has it. */
  readonly kumaUrl: string;
  /** What was called, oldest first: `ok`, `start`, `fail: <body>`; of Uptime Kuma's monitor `up`, `down: <msg>`. */
  readonly calls: string[];
  /** Instead of the good answer. */
  fault: Fault | undefined;
  /** Decides on a fault for a call; `count` is 1 for the first one. */
  faultOf: ((call: string, count: number, method: string) => Fault | undefined) | undefined;
  close(): Promise<void>;
}

const PATH = '/ping/secret-5f2c';
const KUMA_PATH = '/api/push/secret5f2c';

/** What services answer to a call that they take, each with its source. */
export const ACKNOWLEDGEMENTS: Readonly<Record<string, Answer>> = {
  // "200 OK" and a short "OK": https://healthchecks.io/docs/http_api/. Django calls it text/html.
  healthchecks: { body: 'OK', headers: { 'content-type': 'text/html; charset=utf-8' } },
  // The first ping of a slug with ?create=1: https://healthchecks.io/docs/http_api/
  'healthchecks, a check that was just made': { status: 201, body: 'Created' },
  // server/routers/api-router.js of louislam/uptime-kuma
  'Uptime Kuma': { body: '{"ok":true}' },
  // https://deadmanssnitch.com/docs, and the documented status 202
  "Dead Man's Snitch": { status: 202, body: 'Got it, thanks!\n' },
  // Recorded in api-evangelist/cronitor, examples/cronitor-telemetry-event-example.json: an empty body
  Cronitor: { status: 200, body: '' },
  // betterstack.com/docs/uptime/cron-and-heartbeat-monitor says that any answer of 200 is one
  'Better Stack': { status: 200, body: '' },
  'one without a body': { status: 204 },
  'one that answers JSON': { body: '{"status":"alive","message":"Cron heartbeat received"}' },
};

/** What comes with a good status and is no heartbeat. */
export const REFUSALS: Readonly<Record<string, Answer>> = {
  // healthchecks.io to an unknown UUID, with 200 for backward compatibility; reported by its users and read by their clients.
  'healthchecks.io, unknown id': { body: 'OK (not found)' },
  // By UUID always 200: https://github.com/bdd/runitor/issues/66
  'healthchecks.io, too often': { body: 'OK (rate limited)' },
  // server/routers/api-router.js of louislam/uptime-kuma; older versions answer 200, newer ones 404
  'Uptime Kuma, unknown or paused': { body: '{"ok":false,"msg":"Monitor not found or not active."}' },
  'a login page': { body: '<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body></body></html>' },
  'a captive portal without a doctype': { body: '  <meta http-equiv="refresh" content="0;url=http://portal/">' },
  // Uptime Kuma serves its page for every path that it does not know.
  'a page longer than anybody reads': { body: `<html>${'x'.repeat(200_000)}` },
  'an error as JSON': { body: '{"error":"heartbeat not found"}' },
  'a status as JSON': { body: '{"status":404,"title":"Not Found"}' },
  'words of a proxy': { body: 'Access denied by policy' },
  'a long text': { body: 'lorem ipsum '.repeat(100), headers: { 'content-type': 'text/plain' } },
};

/** Starts the service. */
export async function startHeartbeat(): Promise<HeartbeatStandIn> {
  const server = await startHttp(async (request, response, url) => {
    const body = await text(request);
    const kuma = url.pathname === KUMA_PATH;
    const status = `${url.searchParams.get('status')}`;
    const name = kuma ? status : url.pathname === PATH ? 'ok' : url.pathname.slice(PATH.length + 1);
    const said = kuma && status === 'down' ? `${url.searchParams.get('msg')}` : body;
    const call = said === '' ? name : `${name}: ${said}`;
    const count = heartbeat.calls.push(call);
    const fault = heartbeat.fault ?? heartbeat.faultOf?.(call, count, request.method ?? '');
    // Of another address the service knows nothing, and says so with 200.
    const known = kuma || ['ok', 'start', 'fail'].includes(name);
    send(response, { body: !known ? 'OK (not found)' : kuma ? '{"ok":true}' : 'OK' }, fault);
  });
  const heartbeat: HeartbeatStandIn = {
    url: `http://127.0.0.1:${server.port}${PATH}`,
    kumaUrl: `http://127.0.0.1:${server.port}${KUMA_PATH}?status=up&msg=OK&ping=`,
    calls: [],
    fault: undefined,
    faultOf: undefined,
    close: server.close,
  };
  return heartbeat;
}
