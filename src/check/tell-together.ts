import type { App } from '../app/app.ts';
import type { Session } from '../market/close.ts';
import type { MessageKind } from '../message/message.ts';
import { inOrder, togetherMessage } from '../message/together.ts';
import type { Posting } from '../store/deliveries.ts';
import type { Decision } from '../store/events.ts';

type Told = Pick<App, 'settings' | 'ledger'>;

/** A message of an event with the channels that it goes to, by id. */
interface Addressed extends Posting {
  readonly channels: readonly string[];
}

/**
 * The same decisions, where a channel that many events of this run go to is told these in one message. What each event says
 * stays a message of its own: without a delivery where it is told in another one.
 */
export async function tellTogether(app: Told, decisions: readonly Decision[]): Promise<readonly Decision[]> {
  const last = decisions.at(-1);
  if (last === undefined) return decisions;
  const session = decisions.reduce((newest, one) => later(newest, one.evaluatedSession), last.evaluatedSession);
  const all = decisions.flatMap(({ messages }) => messages);
  const told = await toldTogether(app, all, session);
  if (told.length === all.length) return decisions;
  let at = 0;
  const own = decisions.map((decision) => {
    const messages = told.slice(at, at + decision.messages.length);
    at += decision.messages.length;
    return { ...decision, messages };
  });
  // What tells others is written after them.
  return own.map((decision, position) =>
    position < own.length - 1 ? decision : { ...decision, messages: [...decision.messages, ...told.slice(at)] },
  );
}

/**
 * The same postings in their order, without the channels that are told several in one message; these messages come last.
 * @param session that they are about
 */
export async function toldTogether(
  { settings, ledger }: Told,
  postings: readonly Posting[],
  session: Session,
): Promise<readonly Posting[]> {
  const from = settings.schedule.togetherFrom;
  const byKind = Map.groupBy(postings, ({ message }) => message.kind);
  const many = new Set([...byKind].filter(([, same]) => same.length >= from).map(([kind]) => kind));
  if (many.size === 0) return postings;
  const addressed: Posting[] = [];
  for (const posting of postings) {
    addressed.push(many.has(posting.message.kind) ? await address(ledger, posting) : posting);
  }
  const groups = [...many].flatMap((kind) =>
    groupsOf(
      addressed.filter((posting): posting is Addressed => posting.message.kind === kind),
      { kind, session, from },
    ),
  );
  return [...addressed.map((posting) => withoutTold(posting, groups)), ...groups];
}

/** Who gets it is decided by what the ledger says in this run, which has the lease. */
async function address(ledger: Told['ledger'], posting: Posting): Promise<Addressed> {
  const { channels, alsoWherePosted, event, ...rest } = posting;
  const named = channels === 'reached' ? await ledger.reached(`${event}`) : channels;
  const also = alsoWherePosted && event !== null ? await ledger.posted(event) : [];
  return { ...rest, event, channels: [...new Set([...named, ...also])] };
}

/** A message for each set of events that some channels are told together. */
function groupsOf(
  postings: readonly Addressed[],
  { kind, session, from }: { readonly kind: MessageKind; readonly session: Session; readonly from: number },
): Addressed[] {
  const order = new Map(inOrder(postings.map(({ message }) => message)).map(({ id }, position) => [id, position]));
  const tellable = postings
    .filter(({ message }) => order.has(message.id))
    .sort((a, b) => (order.get(a.message.id) ?? 0) - (order.get(b.message.id) ?? 0));
  const byChannel = new Map<string, string[]>();
  for (const { message, channels } of tellable) {
    for (const channel of channels) {
      const ids = byChannel.get(channel);
      if (ids === undefined) byChannel.set(channel, [message.id]);
      else ids.push(message.id);
    }
  }
  const sets = Map.groupBy(byChannel.keys(), (channel) => byChannel.get(channel)?.join('\n') ?? '');
  return [...sets].flatMap(([ids, same]) => {
    const tells = new Set(ids.split('\n'));
    if (tells.size < from) return [];
    const members = tellable.filter(({ message }) => tells.has(message.id));
    const message = togetherMessage(
      { kind, session, createdAt: members.map((member) => member.message.createdAt).reduce(later) },
      members.map((member) => member.message),
    );
    // What may have been told before a restore is told as what it may be: a repeat.
    const dueAt = members.map((member) => member.dueAt ?? member.message.createdAt).reduce(earlier);
    return [{ message, event: null, channels: same, dueAt }];
  });
}

/** Where it is told with others, it has no delivery of its own. */
function withoutTold(posting: Posting, groups: readonly Addressed[]): Posting {
  const { message, channels } = posting;
  if (channels === 'reached') return posting;
  const together = new Set(
    groups.filter((group) => group.message.tells?.includes(message.id)).flatMap((group) => group.channels),
  );
  return { ...posting, channels: channels.filter((id) => !together.has(id)) };
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}
