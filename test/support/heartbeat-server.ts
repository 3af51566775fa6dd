import { text } from 'node:stream/consumers';
import { type Fault, send, startHttp } from './http.ts';

/** A healthchecks-style service on loopback. */
export interface HeartbeatStandIn {
  /** What `HEARTBEAT_URL` takes; its path is a secret. */
  readonly url: string;
  /** What was called, oldest first: `ok`, `start`, `fail: <body>`. */
  readonly calls: string[];
  fault: Fault | undefined;
  close(): Promise<void>;
}

const PATH = '/ping/secret-5f2c';

/** Starts the service. */
export async function startHeartbeat(): Promise<HeartbeatStandIn> {
  const server = await startHttp(async (request, response, url) => {
    const body = await text(request);
    const call = url.pathname === PATH ? 'ok' : url.pathname.slice(PATH.length + 1);
    heartbeat.calls.push(body === '' ? call : `${call}: ${body}`);
    send(response, { body: 'OK' }, heartbeat.fault);
  });
  const heartbeat: HeartbeatStandIn = {
    url: `http://127.0.0.1:${server.port}${PATH}`,
    calls: [],
    fault: undefined,
    close: server.close,
  };
  return heartbeat;
}
