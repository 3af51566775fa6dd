import { buffer } from 'node:stream/consumers';
import { type Answer, type Fault, send, startHttp } from './http.ts';

/** A request that a service took. */
export interface Posted {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** When it came, epoch milliseconds by the clock of the stand-in. */
  readonly at: number;
}

export type PostingFault = Fault | 'accept-then-reset' | 'accept-then-hang';

/** A service that takes messages by HTTP. */
export interface PostingStandIn {
  readonly port: number;
  /** Every request, whatever became of it. */
  readonly requests: Posted[];
  /** What was taken, oldest first. */
  readonly taken: Posted[];
  /** Instead of the good answer to a message. `accept-…`: it is taken all the same. */
  fault: PostingFault | ((posted: Posted) => PostingFault | undefined) | undefined;
  now: () => number;
  /** Told of each message: `asked` when its request is whole, `accepted` once it is taken. */
  watch: ((step: string) => void) | undefined;
  close(): Promise<void>;
}

/** What a service makes of a request: its answer, and whether it has taken a message by it. */
export interface Reply {
  readonly answer: Answer;
  readonly takes: boolean;
  /** Done once it is taken, which a fault may prevent. */
  readonly keep?: () => void;
}

/** Starts a service. @param reply what its documentation says that it answers */
export async function startPosting(
  reply: (posted: Posted, count: number) => Reply | Promise<Reply>,
): Promise<PostingStandIn> {
  const requests: Posted[] = [];
  const taken: Posted[] = [];
  const server = await startHttp(async (request, response, url) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const body = await buffer(request);
    const posted = { method: request.method ?? '', url, headers, body, at: standIn.now() };
    requests.push(posted);
    const { answer, takes, keep } = await reply(posted, taken.length + 1);
    const fault = typeof standIn.fault === 'function' ? standIn.fault(posted) : standIn.fault;
    if (takes) standIn.watch?.('asked');
    const isTaken = takes && (fault === undefined || fault === 'accept-then-reset' || fault === 'accept-then-hang');
    if (isTaken) {
      taken.push(posted);
      keep?.();
      standIn.watch?.('accepted');
    }
    if (fault === 'accept-then-reset') return send(response, answer, 'reset');
    if (fault === 'accept-then-hang') return send(response, answer, 'hang');
    send(response, answer, fault);
  });
  const standIn: PostingStandIn = {
    port: server.port,
    requests,
    taken,
    fault: undefined,
    now: Date.now,
    watch: undefined,
    close: server.close,
  };
  return standIn;
}

const PAGE: Answer = { body: '<html>Log in to this network</html>' };

/** What may go wrong with any service, each as a switch of the stand-in. */
export function faultsOfPosting(
  standIn: PostingStandIn,
  own: Readonly<Record<string, Answer>>,
): Record<string, () => void> {
  const faults: Readonly<Record<string, PostingFault>> = {
    hang: 'hang',
    reset: 'reset',
    drop: 'drop',
    stall: 'stall',
    'accept, then reset': 'accept-then-reset',
    'accept, then hang': 'accept-then-hang',
    'a page with 200': PAGE,
    'a redirect': { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
    'a proxy that wants a login': { status: 407, body: '<html>Proxy</html>' },
    500: { status: 500, body: '<html>Internal Server Error</html>' },
    502: { status: 502, body: '<html>Bad Gateway</html>' },
    503: { status: 503, headers: { 'retry-after': '30' } },
    429: { status: 429, headers: { 'retry-after': '30' } },
    ...own,
  };
  return Object.fromEntries(
    Object.entries(faults).map(([name, fault]) => [name, () => Object.assign(standIn, { fault })]),
  );
}
