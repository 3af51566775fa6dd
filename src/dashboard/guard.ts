import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import type { App } from '../app/app.ts';
import { bySourceClock } from '../app/clock.ts';
import { healthOf } from '../health/health.ts';
import { type HostAsked, hostsServed, isServed } from '../settings/hosts.ts';
import { accessOf, CLOSED, isSameToken, tokenIn } from '../settings/page-access.ts';

/** How long a wrong token waits for its answer, in milliseconds. */
const WRONG_TOKEN_MS = 500;
const UNKNOWN_HOST =
  'The page does not know the host or the address that this request names. Set PUBLIC_URL in .env to the address under which it is reached.\n';

/** Stands before every route: a request names a host that the page is known by. */
export function knownHost({ settings }: Pick<App, 'settings'>): MiddlewareHandler {
  const served = hostsServed(settings.dashboard);
  return async (context, next) => (isServed(hostAsked(context), served) ? next() : refuse(context, 403, UNKNOWN_HOST));
}

/** Stands before what only readers of the page see: the token. Whoever brings none learns from /healthz whether all is well. */
export function guard(app: App): MiddlewareHandler {
  const { settings, host } = app;
  const access = accessOf(settings.dashboard);
  return async (context, next) => {
    if (access === 'open') return next();
    const { token } = settings.dashboard;
    const given = tokenIn(context.req.header('authorization'));
    if (given !== undefined && token !== undefined) {
      if (isSameToken(given, token)) return next();
      await host.sleep(WRONG_TOKEN_MS);
    }
    if (context.req.path === '/healthz') return bareHealth(app, context);
    if (access === 'closed') return refuse(context, 403, `The page is closed: ${CLOSED}.\n`);
    context.header('www-authenticate', 'Basic realm="Breakout Bell", charset="UTF-8"');
    return refuse(
      context,
      401,
      'The page asks for DASHBOARD_TOKEN: as password with any user name, or as Bearer token.\n',
    );
  };
}

/** Answers what is no request of the page before it comes to a route: a host or an address that cannot be read. */
export function refuseUnreadable(): Response {
  return new Response(UNKNOWN_HOST, { status: 403, headers: { 'content-type': 'text/plain; charset=UTF-8' } });
}

/** As the request says it on its connection; one without a connection, in a test, says it in its address. */
function hostAsked(context: Context): HostAsked {
  const { incoming } = (context.env ?? {}) as Partial<HttpBindings>;
  if (incoming === undefined) {
    return { hosts: [context.req.header('host') ?? new URL(context.req.url).host], target: context.req.url };
  }
  // Node keeps one of several; all of them are here.
  const { rawHeaders } = incoming;
  const hosts = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'host');
  return { hosts, target: incoming.url ?? '' };
}

/** Well or not, and nothing else. */
async function bareHealth(app: App, context: Context): Promise<Response> {
  // Where the database is closed it throws before it promises anything.
  const look = async () => {
    await app.closes.refresh();
    return (await healthOf(await bySourceClock(app))).ok;
  };
  const ok = await look().catch(() => false);
  context.header('cache-control', 'no-store');
  return context.json({ ok }, ok ? 200 : 503);
}

/** Says what to do, and nothing of what was asked. */
function refuse(context: Context, status: 401 | 403, text: string): Response {
  context.header('cache-control', 'no-store');
  context.header('x-content-type-options', 'nosniff');
  return context.text(text, status);
}
