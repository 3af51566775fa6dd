import { domainToASCII, domainToUnicode } from 'node:url';
import { recipientIn } from '../message/channel-kind.ts';
import type { Message } from '../message/message.ts';
import { publicName } from './names.ts';

// An address is shown to its owner and to whoever runs the bot; everybody else reads what stands here instead.

/** A reply code, as the words of a failure quote it: `refused the recipient: 550 5.1.1 …`. */
const REPLY_BEGINS = /(?<=[:(] )[245]\d\d[ -]|(?<=\()[245]\d\d[ -]|^[245]\d\d[ -]/;
/** How an address is named that is not among those set up. */
const SOME_ADDRESS = 'an address';
/** What stands for the @ where a text has passed through a URL, a page or a bounce address. */
const AT = String.raw`(?:@|%40|=40|\+40|&#64;|&#x40;|&commat;|\\@|\s?[([{]at[)\]}]\s?)`;
/** Whatever looks like an address, also one that was cut off behind the @. */
const LOOKS_LIKE_ONE = /(?:"[^"\n]{1,64}"|[^\s<>()[\]{}"'`,;:=|]+)(?:@|%40)[^\s<>()[\]{}"'`,;:|]*/g;
/** A text without any of these holds no address, and most texts hold none. */
const MAY_HOLD_ONE = /@|%40|=|&#64;|&#x40;|&commat;|[([{]at[)\]}]/i;
/** Shorter names are parts of too many words, and tell nobody anything. */
const SHORTEST_NAME = 3;

/**
 * A text in which no address can be read: those given become their public names, whatever else looks like one becomes
 * `an address`.
 * @param addresses those that are set up, in the order of the settings
 */
export function withoutAddresses(text: string, addresses: readonly string[]): string {
  if (!MAY_HOLD_ONE.test(text)) return text;
  const ids = addresses.map((address) => `email:${address}`);
  const known = addresses.reduce((rest, address, at) => {
    if (!mayHold(rest, address)) return rest;
    return rest.replace(spellings(address), publicName(ids[at] ?? '', ids));
  }, text);
  return known.replace(LOOKS_LIKE_ONE, SOME_ADDRESS);
}

/**
 * The same for what a mail server said: it often names a mailbox without its domain. Only what follows its reply code is
 * its own words.
 */
export function replyWithoutAddresses(reason: string, addresses: readonly string[]): string {
  const text = withoutAddresses(reason, addresses);
  const begins = text.search(REPLY_BEGINS);
  if (begins === -1) return text;
  const names = new Set(addresses.flatMap(namesIn).filter((name) => name.length >= SHORTEST_NAME));
  const words = [...names].reduce((rest, name) => {
    if (!rest.toLowerCase().includes(name.toLowerCase())) return rest;
    const alone = String.raw`(?<![\p{L}\p{N}._+-])${escaped(name)}(?![\p{L}\p{N}_+-]|\.[\p{L}\p{N}])`;
    return rest.replace(new RegExp(alone, 'giu'), SOME_ADDRESS);
  }, text.slice(begins));
  return text.slice(0, begins) + words;
}

/** The same for all that a message says; its id is its own. */
export function messageWithoutAddresses(message: Message, addresses: readonly string[]): Message {
  const hide = (text: string) => withoutAddresses(text, addresses);
  return {
    ...message,
    title: hide(message.title),
    lead: hide(message.lead),
    ...(message.followed === undefined ? {} : { followed: hide(message.followed) }),
    ...(message.doubt === undefined ? {} : { doubt: hide(message.doubt) }),
    ...(message.operator === undefined ? {} : { operator: message.operator.map(hide) }),
    notes: message.notes.map(hide),
    sections: message.sections.map(({ heading, paragraphs, table }) => ({
      heading: hide(heading),
      paragraphs: paragraphs.map(hide),
      table: table && { ...table, rows: table.rows.map((cells) => cells.map(hide)) },
    })),
    footer: message.footer.map(hide),
  };
}

/**
 * What a service said, without any address: its own words repeat the recipient's.
 * @param channel where it said so; it may not be set up any more
 */
export function publicReason(reason: string | null, channel: string, all: readonly string[]): string {
  if (reason === null) return 'no reason given';
  return replyWithoutAddresses(replyWithoutAddresses(reason, addressesIn(all)), addressesIn([channel]));
}

/** A text of many lines that leaves for somebody else than who runs the bot. */
export function publicText(text: string, all: readonly string[]): string {
  const addresses = addressesIn(all);
  return text
    .split('\n')
    .map((line) => replyWithoutAddresses(line, addresses))
    .join('\n');
}

function addressesIn(channels: readonly string[]): string[] {
  return channels.flatMap((channel) => recipientIn(channel) ?? []);
}

/** A cheap look before the dear one: of a thousand addresses a text names a few. */
function mayHold(text: string, address: string): boolean {
  const name = address.slice(0, address.lastIndexOf('@')).toLowerCase();
  const lower = text.toLowerCase();
  return lower.includes(name) || lower.includes(encodeURIComponent(name).toLowerCase());
}

/** An address as it is, with its domain in either alphabet, in a URL, in a page; also behind `email:` and `mailto:`. */
function spellings(address: string): RegExp {
  const at = address.lastIndexOf('@');
  const [name, domain] = [address.slice(0, at), address.slice(at + 1)];
  const names = [...new Set([name, encodeURIComponent(name)])].map(escaped).join('|');
  const domains = [...new Set([domain, domainToASCII(domain), domainToUnicode(domain)])].filter((one) => one !== '');
  const [anyName, anyDomain] = [`(?:${names})`, `(?:${domains.map(escaped).join('|')})`];
  const itself = String.raw`(?<![\p{L}\p{N}._+-])"?${anyName}"?${AT}${anyDomain}`;
  // As what a bounce goes back to: bounces+ann=example.com@relay.example.
  const returned = String.raw`(?<![\p{L}\p{N}._])${anyName}=${anyDomain}(?:@[\w.-]*)?`;
  return new RegExp(String.raw`(?:email:|mailto:)?(?:${itself}|${returned})(?![\p{L}\p{N}-]|\.[\p{L}\p{N}])`, 'giu');
}

/** The name before the @, and what is left of it without a tag behind a plus. */
function namesIn(address: string): string[] {
  const name = address.slice(0, address.lastIndexOf('@'));
  return [name, name.split('+')[0] ?? name];
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}
