import type { App } from '../../app/app.ts';
import { isInDispute, isUndecided, rivalsOf } from '../../check/pending-change.ts';
import { date } from '../../message/format.ts';
import { type Trouble, warningId } from '../../message/warning.ts';
import type { EventRecord } from '../../store/events.ts';
import type { OpenTrouble } from '../../store/troubles.ts';
import type { TroubleKind } from './kind.ts';

/** How the trouble of a signal begins whose readings say one thing and another by turns of an event that was told. */
const DISPUTE = 'dispute-';

function isDispute(name: string): boolean {
  return name.startsWith(DISPUTE);
}

/** The signals with an event in dispute: each is told once, and how it ended is told once. */
export const disputes: TroubleKind = { owns: isDispute, find: findDisputes, ending: howItEnded };

async function findDisputes({ settings, ledger, now }: Pick<App, 'settings' | 'ledger' | 'now'>): Promise<Trouble[]> {
  const troubles: Trouble[] = [];
  const open = (await ledger.openTroubles()).filter(({ name }) => isDispute(name));
  for (const { id, title, quietYears } of settings.signals) {
    const events = (await ledger.signal(id))?.events ?? [];
    // One that was told goes on while its readings are back at what was told, until they have been for two days.
    const wasOpened = (event: EventRecord) =>
      open.some(({ name, since }) => name === DISPUTE + id && since === told(event));
    const disputed = events.find(
      (event) =>
        isInDispute(event, rivalsOf(event, events, quietYears), now()) || (isUndecided(event) && wasOpened(event)),
    );
    if (disputed === undefined) continue;
    troubles.push({
      name: DISPUTE + id,
      // Of each thing that was told it is said once.
      since: told(disputed),
      title: `${title}: the source contradicts itself about ${date(disputed.session)}`,
      text:
        'Since the last message about this record close, the source has given another value, or none. No more messages ' +
        'about it follow until the readings of two days agree; then one message says how it ended.',
      again: false,
      blocking: false,
      about: null,
    });
  }
  return troubles;
}

/** When something was told of an event last, ISO instant: a dispute is about that. */
function told({ messages, session }: EventRecord): string {
  return messages.at(-1)?.createdAt ?? session;
}

/** How a dispute ended, as a sentence; undefined where a message about the event has said so. */
async function howItEnded({ ledger }: Pick<App, 'ledger'>, trouble: OpenTrouble): Promise<string | undefined> {
  const warning = await ledger.message(warningId(trouble));
  const events = (await ledger.signal(trouble.name.slice(DISPUTE.length)))?.events ?? [];
  if (warning === undefined || events.length === 0) return undefined;
  const toldSince = events.some(({ messages }) => messages.some(({ createdAt }) => createdAt > warning.createdAt));
  const event = events.find((candidate) => told(candidate) === trouble.since);
  if (toldSince || event === undefined) return undefined;
  return event.status === 'retracted'
    ? `The readings of two days agree: the record close of ${date(event.session)} stays retracted.`
    : `The readings of two days agree: what was last said about ${date(event.session)} stands.`;
}
