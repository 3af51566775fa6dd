import http from 'node:http';

/** The proxies of `HTTPS_PROXY` and `HTTP_PROXY`, and what `NO_PROXY` leaves out. */
export interface ProxySettings {
  /** With its login, so a secret. */
  readonly https: string | undefined;
  readonly http: string | undefined;
  readonly except: string | undefined;
}

/**
 * Sends everything that this thread does over HTTP through the proxy, but for what NO_PROXY names: fetch, Node's own
 * clients, and discord.js, as its undici shares the dispatcher that fetch has. Mail goes past it.
 * @returns what undoes it; undefined where this version of Node cannot do it
 */
export function useProxy({ https, http: plain, except }: ProxySettings): (() => void) | undefined {
  // From 24.14 on.
  if (typeof http.setGlobalProxyFromEnv !== 'function') return undefined;
  const restore = http.setGlobalProxyFromEnv({
    ...(https === undefined ? {} : { HTTPS_PROXY: https }),
    ...(plain === undefined ? {} : { HTTP_PROXY: plain }),
    ...(except === undefined ? {} : { NO_PROXY: except }),
  });
  const { fetch } = globalThis;
  // A proxy that refuses looks like a request that was cancelled, with the reason two errors down: who calls prints the code.
  globalThis.fetch = async (...request) => {
    try {
      return await fetch(...request);
    } catch (error) {
      const code = refusalOf(error);
      throw code === undefined
        ? error
        : new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
    }
  };
  return () => {
    globalThis.fetch = fetch;
    restore();
  };
}

/** Where a proxy leads, without its login. */
export function proxyHost({ https, http: plain }: ProxySettings): string {
  return new URL(https ?? plain ?? '').host;
}

/** That the proxy did not let a request through, as the end of "cannot be reached"; undefined where it was something else. */
function refusalOf(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    // The words of undici, which has no code for it.
    const status = cause.message.match(/^Proxy response \((\d{3})\)/)?.[1];
    if (status === '407') return 'the proxy rejected the login (HTTP 407); check HTTPS_PROXY';
    if (status !== undefined) return `the proxy refused the connection (HTTP ${status})`;
  }
  return undefined;
}
