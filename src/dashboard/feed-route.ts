import type { Context, Hono, MiddlewareHandler } from 'hono';
import { etag } from 'hono/etag';
import type { App } from '../app/app.ts';
import { feedDocument, feedIdentity } from '../app/feed.ts';

/** Where the page has its feed. */
const PATH = '/feed.xml';
/** How long a proxy may answer for the page, in seconds: thousands of readers ask once a minute for all. */
const FRESH_S = 60;
/** When to come again where there is no feed yet, or none can be read, in seconds. */
const LATER_S = 600;
/** What an answer says that has no content, as nothing has changed. */
const RETAINED = ['cache-control', 'date', 'etag', 'last-modified', 'vary'];

/** Adds the feed. A proxy may show it to everybody: what fails is said without a reason. */
export function addFeed(site: Hono, app: App): void {
  const { dashboard, feed } = app.settings;
  const self = feed.url ?? (dashboard.publicUrl === undefined ? undefined : `${dashboard.publicUrl}${PATH}`);
  const modified = lastModified(app.now);
  site.get(PATH, unlessKnown, etag({ retainedHeaders: RETAINED }), async (context) => {
    const text = await read(app, self);
    if (text === undefined) return later(context);
    context.header('cache-control', `public, max-age=${FRESH_S}`);
    context.header('last-modified', modified(text));
    return context.body(text, 200, { 'content-type': 'application/atom+xml; charset=utf-8' });
  });
}

/** Answers who names no tag, but when it last had the feed. A time that is not the same says nothing: clocks are set. */
const unlessKnown: MiddlewareHandler = async (context, next) => {
  await next();
  const { 'if-none-match': tag, 'if-modified-since': known } = context.req.header();
  const { status, headers } = context.res;
  if (status === 200 && tag === undefined && known !== undefined && known === headers.get('last-modified')) {
    context.res = new Response(null, { status: 304, headers });
  }
};

/** Undefined before the first run, and where the ledger cannot be read now. */
async function read(app: App, self: string | undefined): Promise<string | undefined> {
  try {
    const identity = await feedIdentity(app);
    return identity && (await feedDocument(app, identity, self));
  } catch {
    return undefined;
  }
}

function later(context: Context): Response {
  context.header('cache-control', 'no-store');
  context.header('retry-after', String(LATER_S));
  return context.text('There is no feed yet, or it cannot be read now. Ask again in ten minutes.\n', 503);
}

/**
 * When this process first saw the feed as it is, for readers that know no tags. The newest entry's time would not do: a
 * message may arrive long after it was written, and after a newer one.
 */
function lastModified(now: () => number): (text: string) => string {
  let seen: { readonly text: string; readonly second: number } | undefined;
  return (text) => {
    if (seen?.text !== text) {
      // Two states within one second are not one.
      seen = { text, second: Math.max(Math.floor(now() / 1000), (seen?.second ?? 0) + 1) };
    }
    return new Date(seen.second * 1000).toUTCString();
  };
}
