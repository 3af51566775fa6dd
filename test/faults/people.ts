import type { PostingServices } from '../support/posting-services.ts';
import { EVENT, type Story } from '../support/story.ts';

/** Who is told of an event. */
const PEOPLE = ['webhook', 'bot', 'ann', 'bob'] as const;
/** And by what else, where one of these is at fault; `own` is the webhook of one's own. */
const POSTED = ['slack', 'telegram', 'ntfy', 'own'] as const;
type Posted = (typeof POSTED)[number];
export type Person = (typeof PEOPLE)[number] | Posted;

/** The services that the others post to. */
const POSTING_SERVICES = ['Slack', 'Telegram', 'ntfy', 'A webhook of one’s own'] as const;
export type PostingService = (typeof POSTING_SERVICES)[number];

/** Who is told in the story of a fault. */
export function peopleIn({ service }: { readonly service: string }): readonly Person[] {
  return isPosting(service) ? [...PEOPLE, ...POSTED] : PEOPLE;
}

/** True for a service that has the other four in its story. */
export function isPosting(service: string): service is PostingService {
  return POSTING_SERVICES.some((one) => one === service);
}

/** A story with the other services beside it. */
export type Staged = Pick<Story, 'discord' | 'smtp'> & { readonly posting: PostingServices };

/** The channel by which somebody is told. */
export function channelOf(person: string): string {
  if (person === 'webhook' || person === 'bot') return `discord-${person}`;
  if (person === 'own') return 'webhook';
  return POSTED.some((one) => one === person) ? person : `email:${person}@example.com`;
}

interface Copy {
  readonly id: string;
  readonly marked: boolean;
  /** The Message-ID of a mail, by which mail systems drop a second one. */
  readonly mail: string | undefined;
}

/** What has come to somebody, but for drills. */
export function copiesOf(story: Staged, person: Person): Copy[] {
  return messagesTo(story, person).filter(({ id }) => !id.startsWith('drill/'));
}

function messagesTo({ discord, smtp, posting }: Staged, person: Person): Copy[] {
  const posted = POSTED.find((one) => one === person);
  if (posted !== undefined) {
    return posting
      .arrivals()
      .filter(({ channel }) => channel === channelOf(posted))
      .map(({ id, text }) => ({ id, marked: /may be a\s+repeat/.test(text), mail: undefined }));
  }
  if (person === 'webhook' || person === 'bot') {
    return discord.messages
      .filter(({ by }) => by === person)
      .map(({ payload: { embeds } }) => ({
        id: embeds?.[0]?.footer?.text.split('\n').at(-1) ?? '',
        marked: embeds?.[0]?.description?.includes('may be a repeat') ?? false,
        mail: undefined,
      }));
  }
  return smtp.messages
    .filter(({ envelope }) => envelope.to.includes(`${person}@example.com`))
    .map(({ headers, subject, messageId }) => ({
      id: String(headers.get('x-breakout-bell-id')),
      marked: subject?.includes('may be a repeat') ?? false,
      mail: messageId ?? '',
    }));
}

/** What nobody should have got, or not so. */
export function wrongOf(story: Staged, people: readonly Person[]): string[] {
  return people.flatMap((person) => {
    const copies = copiesOf(story, person);
    return [
      ...copies.filter(({ id }) => id !== `${EVENT}/alert`).map(({ id }) => `${person}: ${id}`),
      ...copies.slice(1).flatMap(({ marked }) => (marked ? [] : [`${person}: a second copy without a word`])),
      ...(new Set(copies.map(({ mail }) => mail)).size > 1 ? [`${person}: a second Message-ID`] : []),
    ];
  });
}
