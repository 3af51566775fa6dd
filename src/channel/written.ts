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
