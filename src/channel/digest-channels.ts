import { FIELDS, KIND } from './set-up.ts';

// How `config/schedule.json` names the channels that take digests.

/** Those first that have recipients, as people choose among them, and of these the ones that take digests by themselves. */
const kinds = FIELDS.map((field) => KIND[field]).sort((a, b) => choices(b) - choices(a));

/** A kind, or one recipient of it: `email`, `email:ann@example.com`. */
export const DIGEST_CHANNEL = new RegExp(
  `^(${kinds.map(({ kind, recipients }) => (recipients === undefined ? kind : `${kind}(:${recipients.pattern})?`)).join('|')})$`,
);

/** The same in words. */
export const DIGEST_CHANNEL_WORDS = either(
  kinds.flatMap(({ kind, recipients }) =>
    recipients === undefined ? [`'${kind}'`] : [`'${kind}' (${recipients.all})`, `'${kind}:${recipients.example}'`],
  ),
);

/** Those that take digests where nobody has said which. */
export const DIGEST_CHANNELS_BY_DEFAULT: readonly string[] = kinds
  .filter(({ takesDigests }) => takesDigests)
  .map(({ kind }) => kind);

function choices({
  recipients,
  takesDigests,
}: {
  readonly recipients?: object;
  readonly takesDigests: boolean;
}): number {
  if (recipients === undefined) return 0;
  return takesDigests ? 2 : 1;
}

function either(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
