import { createHash } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { html, raw } from 'hono/html';
import { secureHeaders } from 'hono/secure-headers';
import { preview } from '../analysis/preview.ts';
import type { App } from '../app/app.ts';
import { type ChartFacts, chartFacts } from '../app/chart-facts.ts';
import { bySourceClock } from '../app/clock.ts';
import { chartsOf, drawPicture, picturesOf, pictureText } from '../app/pictures.ts';
import { signalCloses } from '../app/signal-closes.ts';
import { status } from '../check/status.ts';
import { channelFacts } from '../health/channel-facts.ts';
import { healthOf } from '../health/health.ts';
import { watchOf } from '../health/watching.ts';
import { isDate } from '../market/session.ts';
import { firstOf } from '../message/format.ts';
import type { Message, Picture } from '../message/message.ts';
import { renderHtml } from '../render/email-html.ts';
import { signalNamed } from '../settings/signal-named.ts';
import type { Signal } from '../signal/signal.ts';
import { asset, ENTRY, IMPORT_MAP, pageModule, pageModules } from './assets.ts';
import { hiding } from './hide-addresses.ts';
import { document } from './html.ts';
import { page } from './page.ts';
import { ledgerFacts, messageShown, pageFacts } from './page-facts.ts';

/** A request that cannot be answered as it is asked. */
class AskedError extends Error {
  override name = 'AskedError';
}

/** Adds the page, the messages as they were sent, their pictures, and all of it as JSON. */
export function addPage(site: Hono, app: App): void {
  const { settings, closes } = app;
  const { hide } = hiding(app);
  const [ofPage, ofMail] = [pageHeaders(), mailHeaders()];
  site.use((context, next) => (/^\/(messages|preview)\b/.test(context.req.path) ? ofMail : ofPage)(context, next));
  site.use(async (context, next) => {
    await next();
    context.header('cache-control', 'no-cache');
  });

  site.get('/', async (context) => {
    const { signal, asOf } = asked(context, settings.signals);
    const modules = [ENTRY, ...[...pageModules().keys()].filter((path) => path !== ENTRY)];
    return context.html(page(await pageFacts(app, signal, asOf), IMPORT_MAP, modules));
  });
  // What a browser asks for beside a message.
  site.get('/favicon.ico', (context) => context.body(null, 204));
  site.get('/assets/:name', (context) => {
    const found = asset(context.req.param('name'));
    return found === undefined ? context.notFound() : context.body(found.body, 200, { 'content-type': found.type });
  });
  site.get('/modules/:path{.+}', (context) => {
    const code = pageModule(context.req.param('path'));
    return code === undefined ? context.notFound() : context.body(code, 200, { 'content-type': 'text/javascript' });
  });

  site.get('/messages/:id{.+}', async (context) => {
    const id = context.req.param('id');
    const message = await messageShown(app, id);
    if (message === undefined) return context.notFound();
    return context.html(asSent(message, chartsOf(app, message), `message=${encodeURIComponent(id)}`));
  });
  site.get('/preview', (context) => {
    const { signal, session } = asked(context, settings.signals);
    const found = preview(app, signal, session);
    if (found === undefined) return context.notFound();
    const which = `signal=${encodeURIComponent(signal.id)}&preview=${session ?? 'next'}`;
    return context.html(asSent(found.message, found.charts, which));
  });
  site.get('/pictures/:file{(record|outcomes)\\.png}', async (context) => {
    const name = context.req.param('file').replace('.png', '') as Picture['name'];
    const charts = await chartsAsked(app, context);
    if (charts === undefined) return context.notFound();
    const { png } = await drawPicture(name, charts);
    return context.body(new Uint8Array(png), 200, { 'content-type': 'image/png' });
  });

  site.get('/api/status', async (context) => {
    const { problems, ...report } = await status(app);
    const all = { ...report, ...(await watchOf(app)), health: await healthOf(bySourceClock(app)), problems };
    return context.json(hide(all));
  });
  site.get('/api/study', async (context) => {
    const { signal, asOf } = asked(context, settings.signals);
    const { studyStored } = await import('../analysis/study-signal.ts');
    const found = studyStored(app, signal, asOf);
    return found === undefined ? context.notFound() : context.json(found);
  });
  site.get('/api/charts', (context) => {
    const { signal, asOf } = asked(context, settings.signals);
    const facts = chartFacts(settings, signal, signalCloses({ closes }, signal, asOf));
    return facts === undefined ? context.notFound() : context.json(facts);
  });
  site.get('/api/ledger', async (context) =>
    context.json({ ...(await ledgerFacts(app)), channels: hide(await channelFacts(app)) }),
  );

  site.notFound((context) => notice(context, 404, 'There is nothing here', 'This address has no page.'));
  site.onError((error, context) => {
    if (error instanceof AskedError) return notice(context, 400, 'This cannot be shown', error.message);
    const reason = hide(app.clean(error.message));
    return notice(context, 503, 'The page cannot be shown', `${reason}. npm run doctor looks for the cause.`);
  });
}

const EVERY_PAGE = {
  referrerPolicy: 'no-referrer',
  // Of use over https only.
  strictTransportSecurity: false,
  originAgentCluster: false,
};

/** Nothing but the page's own files may run, load or be asked. */
function pageHeaders() {
  const mapHash = createHash('sha256').update(IMPORT_MAP).digest('base64');
  return secureHeaders({
    ...EVERY_PAGE,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'", `'sha256-${mapHash}'`],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  });
}

/** A message as an email shows it: its styles stand in its lines, and nothing may run. */
function mailHeaders() {
  return secureHeaders({
    ...EVERY_PAGE,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'unsafe-inline'"],
      imgSrc: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
      // No scripts; of the same origin, so that its pictures may be shown.
      sandbox: ['allow-same-origin'],
    },
  });
}

/** What an address asks for. @throws {AskedError} naming the value and what is allowed */
function asked(context: Context, signals: readonly Signal[]) {
  const id = context.req.query('signal');
  const signal = signalNamed(signals, id);
  if (signal === undefined) {
    throw new AskedError(`signal is '${id}'; allowed: ${firstOf(signals.map((known) => known.id))}`);
  }
  return { signal, asOf: day(context, 'as-of'), session: day(context, 'session') };
}

function day(context: Context, name: string): string | undefined {
  const text = context.req.query(name) || undefined;
  if (text !== undefined && !isDate(text)) throw new AskedError(`${name} is '${text}'; allowed: a date, YYYY-MM-DD`);
  return text;
}

/** The charts of a message, of a preview, or of a signal as of a session. */
async function chartsAsked(
  app: Pick<App, 'settings' | 'closes' | 'ledger' | 'source' | 'now'>,
  context: Context,
): Promise<ChartFacts | undefined> {
  const { settings, closes, ledger } = app;
  const { message: id, preview: session } = context.req.query();
  if (id !== undefined) {
    const message = await ledger.message(id);
    return message && chartsOf(app, message);
  }
  const { signal, asOf } = asked(context, settings.signals);
  if (session === undefined) return chartFacts(settings, signal, signalCloses({ closes }, signal, asOf));
  return preview(app, signal, session === 'next' ? undefined : day(context, 'preview'))?.charts;
}

/** A message as its email shows it, with pictures that are drawn when they are asked for. */
function asSent(message: Message, charts: ChartFacts | undefined, which: string): string {
  const pictures = picturesOf(message).flatMap((name) =>
    charts === undefined ? [] : [{ name, alt: pictureText(name, charts), png: new Uint8Array() }],
  );
  return renderHtml(
    { message, repeat: false, refersTo: null, pictures },
    ({ name }) => `/pictures/${name}.png?${which}`,
  );
}

function notice(context: Context, status: 400 | 404 | 503, title: string, text: string): Response | Promise<Response> {
  if (context.req.path.startsWith('/api/')) return context.json({ error: text }, status);
  const body = html`<main id="main"><h1>${title}</h1><p>${text}</p><p><a href="/">To the page</a></p></main>`;
  return context.html(document(`${title} – Breakout Bell`, body, raw('')), status);
}
