import type { MessageKind, Outgoing } from '../../message/message.ts';
import { shortText } from '../../render/short-text.ts';

/** What is put to a topic: the picture with the text beside it, or the text alone. */
export interface NtfyRequest {
  /** In the address: they take UTF-8 as it is, headers do not. Source: docs.ntfy.sh, "List of all parameters". */
  readonly parameters: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** In bytes; ntfy makes a file of what has more than 4,096. Source: docs.ntfy.sh, "Limitations". */
const LONGEST = 4000;
/**
 * How many characters a text may have in an address, percent-encoded: the proxies that ntfy's documentation puts before a
 * server of one's own read a line of 8 kB. Source: nginx, `large_client_header_buffers`.
 */
const LONGEST_ENCODED = 6000;
/** The one picture there is room for. */
const PICTURE = 'record';

/** 5 rings until it is seen, 3 is the default, 2 makes no sound. Source: docs.ntfy.sh, "Message priority". */
const PRIORITY: Partial<Record<MessageKind, number>> = {
  alert: 5,
  correction: 4,
  retraction: 5,
  reminder: 4,
  digest: 2,
  warning: 4,
  'all-clear': 2,
};

/** Shown as a sign before the title. Source: docs.ntfy.sh, "Tags & emojis". */
const TAG: Partial<Record<MessageKind, string>> = {
  alert: 'bell',
  correction: 'pencil2',
  retraction: 'x',
  'follow-up': 'bar_chart',
  reminder: 'bell',
  approaching: 'eyes',
  digest: 'newspaper',
  warning: 'warning',
  'all-clear': 'white_check_mark',
  drill: 'wrench',
};

/** A message for ntfy. A tap on it opens its place on the page, where readers can reach one. */
export function ntfyRequest(outgoing: Outgoing): NtfyRequest {
  const { message, page, pictures } = outgoing;
  const picture = pictures?.find(({ name }) => name === PICTURE);
  const tag = TAG[message.kind];
  const parameters = {
    title: message.title,
    ...(message.kind in PRIORITY ? { priority: String(PRIORITY[message.kind]) } : {}),
    ...(tag === undefined ? {} : { tags: tag }),
    ...(page === undefined ? {} : { click: page }),
  };
  if (picture === undefined) return { parameters, body: textFor(outgoing, bytesOf) };
  const text = textFor(outgoing, (words) =>
    Math.max(bytesOf(words), Math.ceil(encodeURIComponent(words).length * (LONGEST / LONGEST_ENCODED))),
  );
  return { parameters: { ...parameters, message: text, filename: `${PICTURE}.png` }, body: picture.png };
}

function textFor(outgoing: Outgoing, lengthOf: (text: string) => number): string {
  return shortText(outgoing, LONGEST, { lengthOf, withTitle: false });
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
