import type { Context, Hono } from 'hono';
import { html } from 'hono/html';
import type { App } from '../app/app.ts';
import { cleanWords } from '../message/clean-words.ts';
import { commandLine } from '../message/command-line.ts';
import { addApi } from './api-routes.ts';
import { AskedError, asked } from './asked.ts';
import { asset, ENTRY, IMPORT_MAP, pageModule, pageModules } from './assets.ts';
import { addFeed } from './feed-route.ts';
import { framed } from './frame.ts';
import { hiding } from './hide-addresses.ts';
import { addMessages } from './message-routes.ts';
import { operationsPage } from './operations-page.ts';
import { page } from './page.ts';
import { operationsFacts, pageFacts } from './page-facts.ts';
import { refreshing } from './refreshing.ts';
import { mailHeaders, pageHeaders } from './response-headers.ts';

/** Adds the page, the operations, the messages as they were sent, their pictures, and all of it as JSON. */
export function addPage(site: Hono, app: App): void {
  addHeaders(site);
  addFiles(site);
  addFeed(site, app);
  // Only what comes after it: files are the same whatever is stored.
  site.use(refreshing(app));
  site.get('/', async (context) => {
    const { signal, asOf } = asked(context, app.settings.signals);
    const modules = [ENTRY, ...[...pageModules().keys()].filter((path) => path !== ENTRY)];
    return context.html(page(await pageFacts(app, signal, asOf), IMPORT_MAP, modules));
  });
  site.get('/operations', async (context) => context.html(operationsPage(await operationsFacts(app))));
  addMessages(site, app);
  addApi(site, app);
  addRefusals(site, app);
}

/** What may run beside an answer depends on whether it is the page or a message. */
function addHeaders(site: Hono): void {
  const [ofPage, ofMail] = [pageHeaders(), mailHeaders()];
  site.use((context, next) => (/^\/(messages|preview)\b/.test(context.req.path) ? ofMail : ofPage)(context, next));
  site.use(async (context, next) => {
    await next();
    if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-cache');
  });
}

function addFiles(site: Hono): void {
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
}

/** What is asked for and not there, asked for wrongly, or cannot be read now. */
function addRefusals(site: Hono, app: Pick<App, 'settings'>): void {
  const { hide } = hiding(app);
  site.notFound((context) => notice(context, 404, 'There is nothing here', 'This address leads to no page.'));
  site.onError((error, context) => {
    if (error instanceof AskedError) return notice(context, 400, 'This cannot be shown', error.message);
    const reason = hide(cleanWords(error.message, app.settings.secrets));
    return notice(context, 503, 'The page cannot be shown', `${reason}. ${commandLine('doctor')} looks for the cause.`);
  });
}

function notice(context: Context, status: 400 | 404 | 503, title: string, text: string): Response | Promise<Response> {
  if (context.req.path.startsWith('/api/')) return context.json({ error: text }, status);
  const body = html`<section><h1>${title}</h1><p>${text}</p><p><a href="/">Back to the bell</a></p></section>`;
  return context.html(framed({ here: undefined, title }, body), status);
}
