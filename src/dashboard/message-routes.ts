import type { Context, Hono } from 'hono';
import { preview } from '../analysis/preview.ts';
import type { App } from '../app/app.ts';
import { type ChartFacts, chartFacts } from '../app/chart-facts.ts';
import { chartsOf, drawPicture, picturesOf, pictureText } from '../app/pictures.ts';
import { sightingsOf } from '../app/sightings.ts';
import { signalCloses } from '../app/signal-closes.ts';
import type { Message, Picture } from '../message/message.ts';
import { pageLink } from '../message/page-link.ts';
import { markedUnder, seenText } from '../message/seen.ts';
import { renderHtml } from '../render/email-html.ts';
import { asked, dayAsked } from './asked.ts';
import { messageShown } from './page-facts.ts';
import { withWayBack } from './way-back.ts';

/** Adds the messages as they were sent, the alert as it would read, their pictures, and the one of a link to the page. */
export function addMessages(site: Hono, app: App): void {
  site.get('/messages/:id{.+}', async (context) => {
    const id = context.req.param('id');
    const message = await messageShown(app, id);
    if (message === undefined) return context.notFound();
    const email = asSent(message, chartsOf(app, message), `message=${encodeURIComponent(id)}`);
    const marked = markedUnder(message) ?? id;
    const seen = seenText((await sightingsOf(app, [marked])).get(marked) ?? []);
    const { tells: _, ...about } = message;
    return context.html(withWayBack(email, pageLink('', about), seen));
  });
  site.get('/preview', (context) => {
    const { signal, session } = asked(context, app.settings.signals);
    const found = preview(app, signal, session);
    if (found === undefined) return context.notFound();
    const which = `signal=${encodeURIComponent(signal.id)}&preview=${session ?? 'next'}`;
    return context.html(withWayBack(asSent(found.message, found.charts, which), undefined));
  });
  site.get('/pictures/:file{(record|outcomes)\\.png}', async (context) => {
    const name = context.req.param('file').replace('.png', '') as Picture['name'];
    const charts = await chartsAsked(app, context);
    if (charts === undefined) return context.notFound();
    const { png } = await drawPicture(name, charts);
    return context.body(new Uint8Array(png), 200, { 'content-type': 'image/png' });
  });
  site.get('/share.png', async (context) => {
    const { signal, asOf } = asked(context, app.settings.signals);
    const { shareImage } = await import('./share.ts');
    const png = await shareImage(app, signal, asOf);
    return png === undefined
      ? context.notFound()
      : context.body(new Uint8Array(png), 200, { 'content-type': 'image/png' });
  });
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
  if (session === undefined) return chartFacts(settings, signal, signalCloses({ closes, settings }, signal, asOf));
  return preview(app, signal, session === 'next' ? undefined : dayAsked(context, 'preview'))?.charts;
}

/** A message as its email shows it, with pictures that are drawn when they are asked for. */
function asSent(message: Message, charts: ChartFacts | undefined, which: string): string {
  const pictures = picturesOf(message).flatMap((name) =>
    charts === undefined ? [] : [{ name, alt: pictureText(name, charts), png: new Uint8Array() }],
  );
  return renderHtml(
    { message, repeat: false, refersTo: null, pictures, site: '' },
    ({ name }) => `/pictures/${name}.png?${which}`,
  );
}
