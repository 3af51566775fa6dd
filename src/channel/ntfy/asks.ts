import type { Asks } from '../asks.ts';

export const NTFY_ASKS: Asks = {
  title: 'ntfy',
  name: 'ntfy',
  hint: 'push notifications on a phone, without an account',
  guide: [
    'Choose a topic that nobody can guess, for example bell- and 16 random letters and digits.',
    'Subscribe to it in the ntfy app. The address of the topic is https://ntfy.sh/ and the topic, or your own server.',
    'Anyone who knows it can read it and write to it: treat it as a password.',
    'A protected topic needs an access token (tk_…) that may read and write it.',
  ],
  questions: [
    { name: 'NTFY_URL', text: 'Address of the topic', secret: true },
    { name: 'NTFY_TOKEN', text: 'Access token (empty: none)', secret: true, optional: true },
  ],
};
