import type { Context, Hono } from 'hono';
import type { App } from '../app/app.ts';
import { channelMarked, knownSeenKey, readSeenToken, SEEN_PATH, type SeenToken } from '../delivery/seen-link.ts';
import { recipientIn } from '../message/channel-kind.ts';
import { instant } from '../message/format.ts';
import type { Message } from '../message/message.ts';
import type { Html } from './html.ts';
import { createLimit } from './limit.ts';
import { seenHeaders, seenNotice, seenPage } from './seen-page.ts';

/** So many requests are answered a minute: of one link, and of all that are none. */
const PER_LINK = 20;
const WRONG = 60;

/** What a link leads to. */
interface Marked {
  readonly message: Message;
  readonly channel: string;
}

/**
 * Adds what is reached without a login: the page behind a mail's link, which marks the message as seen. Scanners and
 * previews fetch links, so only its button does that. The signed link is the authority: there is no session that another
 * site's form could use. Whoever brings none learns nothing, and no message is looked up.
 */
export function addSeen(site: Hono, app: App): void {
  const headers = seenHeaders();
  const limit = createLimit(app.now);
  let known: string | undefined;
  const tokenOf = async (context: Context) => {
    known ??= await knownSeenKey(app.ledger);
    return known === undefined ? undefined : readSeenToken(known, context.req.path.slice(SEEN_PATH.length));
  };
  const answer = async (context: Context): Promise<Response> => {
    const token = await tokenOf(context);
    const asked = context.req.method;
    const isRight = token !== undefined && ['GET', 'HEAD', 'POST'].includes(asked);
    if (!limit.admits(isRight ? context.req.path : 'wrong', isRight ? PER_LINK : WRONG)) return tooMany(context);
    const marked = isRight ? await find(app, known ?? '', token) : undefined;
    if (marked === undefined) return say(context, 404, nothingHere());
    const noted = asked === 'POST' ? await mark(app, marked) : await markedAt(app, marked);
    const { title, createdAt } = marked.message;
    const facts = { title, sent: instant(Date.parse(createdAt)) };
    return say(context, 200, seenPage(facts, noted && instant(Date.parse(noted))));
  };
  site.all(`${SEEN_PATH}*`, headers, (context) => answer(context).catch(() => say(context, 503, notNow())));
}

function say(context: Context, status: 200 | 404 | 429 | 503, page: Html): Response | Promise<Response> {
  context.header('cache-control', 'no-store');
  context.header('x-robots-tag', 'noindex');
  return context.html(page, status);
}

function tooMany(context: Context): Response | Promise<Response> {
  context.header('retry-after', '60');
  return say(context, 429, seenNotice('Too many requests', 'Please try again in a minute.'));
}

function nothingHere(): Html {
  return seenNotice('There is nothing here', 'This link leads to no message. Use the whole link from the mail.');
}

function notNow(): Html {
  return seenNotice('This does not work just now', 'Please try again in a few minutes.');
}

async function find({ ledger }: Pick<App, 'ledger'>, key: string, token: SeenToken): Promise<Marked | undefined> {
  const message = await ledger.message(token.message);
  if (message === undefined) return undefined;
  const channels = (await ledger.deliveriesOf([message.id])).map(({ channel }) => channel);
  const channel = channelMarked(key, token, channels);
  return channel === undefined ? undefined : { message, channel };
}

/** Notes that the reader has seen it. @returns when that was said first, ISO instant */
async function mark({ ledger, now }: Pick<App, 'ledger' | 'now'>, { message, channel }: Marked): Promise<string> {
  const who = recipientIn(channel) ?? channel;
  const at = new Date(now()).toISOString();
  return (await ledger.acknowledge({ message: message.id, channel, who, name: who, at })).at;
}

async function markedAt({ ledger }: Pick<App, 'ledger'>, { message, channel }: Marked): Promise<string | undefined> {
  const known = await ledger.acknowledgements([message.id]);
  return known.find((one) => one.channel === channel)?.at;
}
