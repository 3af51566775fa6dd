import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';

/** How far one request has come. */
export interface Progress {
  /** True once the client has made it. */
  made: boolean;
  /** True once its last byte was handed to a connection that stands. */
  written: boolean;
}

const under = new AsyncLocalStorage<Progress>();
const progressOf = new WeakMap<object, Progress>();
let listening = false;

/**
 * Makes one request through undici, the one of a package or Node's own, and follows it. Its errors do not tell what a
 * sender has to know: whether the request was written whole, and so may have been taken. Its diagnostics channels do,
 * whatever went wrong before: the lookup, the connection, TLS, a proxy's CONNECT.
 * Source: undici's reference, "Diagnostics Channel Support": `undici:request:create` comes within the call that makes the
 * request, `undici:request:bodySent` once headers and body are written, also where there is no body.
 */
export function follow<T>(act: () => Promise<T>, progress: Progress): Promise<T> {
  listen();
  return under.run(progress, act);
}

/** True where the request may have been taken: it was written whole, or nothing is known of it. */
export function mayBeTaken({ made, written }: Progress): boolean {
  return written || !made;
}

/** What undici's dispatchers have in common, as far as it is used here. */
interface Dispatcher {
  dispatch(options: object, handler: object): boolean;
}

/** Where undici, the one of a package and Node's own, keeps the dispatcher that all requests take. Source: its lib/global.js. */
const GLOBAL_DISPATCHER: unique symbol = Symbol.for('undici.globalDispatcher.1');
/** The end of a body that is written last: without it nobody can take the request. In bytes. */
const LAST = 16;

/**
 * The same request, which asks before it is written: once a connection stands that nothing was written to, and again before
 * the end of the body. discord.js would read a body that comes in parts whole first, so the parts are made behind it, in the
 * dispatcher: undici takes the first one once it is connected (TLS and a proxy's CONNECT included), and writes the headers
 * with it. Source: its client-h1.js, `writeIterable` and `AsyncWriter`.
 */
export async function whereAllowed<T extends object>(init: T, mayWrite: () => Promise<void>): Promise<T> {
  const given = init as { dispatcher?: Dispatcher } & Pick<RequestInit, 'body' | 'headers'>;
  if (given.body === undefined || given.body === null) return init;
  // In one piece: undici would make a form while it writes it, and where the request ends meanwhile, what is left of the
  // form ends as a rejection that nobody can handle.
  const whole = new Response(given.body);
  const bytes = new Uint8Array(await whole.arrayBuffer());
  const parts = async function* () {
    await mayWrite();
    yield bytes.subarray(0, -LAST);
    await mayWrite();
    yield bytes.subarray(-LAST);
  };
  const shared = globalThis as { [GLOBAL_DISPATCHER]?: Dispatcher };
  const dispatcher: Dispatcher = {
    dispatch: (options, handler) => {
      const next = given.dispatcher ?? shared[GLOBAL_DISPATCHER];
      if (next === undefined) throw new TypeError('undici keeps its dispatcher elsewhere');
      return next.dispatch({ ...options, body: parts() }, handler);
    },
  };
  const headers = new Headers(given.headers);
  const type = whole.headers.get('content-type');
  if (type !== null && !headers.has('content-type')) headers.set('content-type', type);
  headers.set('content-length', String(bytes.length));
  return { ...init, body: bytes, headers: Object.fromEntries(headers), dispatcher };
}

function listen(): void {
  if (listening) return;
  listening = true;
  subscribe('undici:request:create', (message) => {
    const { request } = message as { request: { readonly method: string } };
    const progress = under.getStore();
    // A proxy is asked for the way first: that is another request.
    if (progress === undefined || request.method === 'CONNECT') return;
    progress.made = true;
    progressOf.set(request, progress);
  });
  subscribe('undici:request:bodySent', (message) => {
    const progress = progressOf.get((message as { request: object }).request);
    if (progress !== undefined) progress.written = true;
  });
}
