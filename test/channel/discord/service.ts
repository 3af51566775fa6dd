import type { Service } from '../asks-before.ts';

/** What Discord answers to a message that it takes. */
export const DISCORD: Service = {
  answer: JSON.stringify({ id: '1', channel_id: '2' }),
  words: /application\/json/,
  picture: /multipart\/form-data; boundary=/,
};
