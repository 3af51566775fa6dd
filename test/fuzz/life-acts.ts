import fc from 'fast-check';
import type { Story } from '../support/story.ts';

/** The record of the index, on the first day of its history. */
export const RECORD = 100;

/** One thing that happens to the bot. */
export type Act =
  | { readonly act: 'evening'; readonly close: number }
  | { readonly act: 'hours'; readonly hours: number }
  | { readonly act: 'revise'; readonly back: number; readonly close: number }
  | { readonly act: 'lose'; readonly back: number }
  | { readonly act: 'break'; readonly what: keyof typeof BREAKS }
  | { readonly act: 'mend' }
  | { readonly act: 'run' }
  | { readonly act: 'die'; readonly step: number };

/** How services break. */
export const BREAKS = {
  'Yahoo is down': ({ yahoo }: Story) => {
    yahoo.fault = () => ({ status: 503 });
  },
  'Discord is down': ({ discord }: Story) => {
    discord.fault = () => ({ status: 502 });
  },
  'Discord takes the message and resets': ({ discord }: Story) => {
    discord.fault = ({ method }) => (method === 'POST' ? 'accept-then-reset' : undefined);
  },
  'Discord takes the message, resets, and is not read back': ({ discord }: Story) => {
    discord.fault = ({ method }) => (method === 'POST' ? 'accept-then-reset' : { status: 403 });
  },
  'Discord resets': ({ discord }: Story) => {
    discord.fault = () => 'reset';
  },
  'Discord forbids': ({ discord }: Story) => {
    discord.fault = () => ({ status: 403, body: '{"message":"Missing Access","code":50001}' });
  },
  'the mail server is down': ({ smtp }: Story) => {
    smtp.fault = () => ({ connect: 421 });
  },
  'the mail server takes the message and drops': ({ smtp }: Story) => {
    smtp.fault = () => 'drop-after-data';
  },
  'the mail server refuses': ({ smtp }: Story) => {
    smtp.fault = () => ({ data: 550 });
  },
} as const;

/** Below the record, at it, and above it: no move of over 15%, which is held and another story. */
const close = fc.constantFrom(93, 95.5, 97, 99.99, RECORD, RECORD + 0.01, 101, 103);
const back = fc.integer({ min: 0, max: 3 });

/** Any act: closes and runs come most often. */
export const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ act: fc.constant('evening' as const), close }) },
  { weight: 5, arbitrary: fc.constant<Act>({ act: 'run' }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('die' as const), step: fc.integer({ min: 1, max: 20 }) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('revise' as const), back, close }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('lose' as const), back }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('hours' as const), hours: fc.constantFrom(1, 2, 12) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('break' as const),
      what: fc.constantFrom(...(Object.keys(BREAKS) as (keyof typeof BREAKS)[])),
    }),
  },
  { weight: 2, arbitrary: fc.constant<Act>({ act: 'mend' }) },
);
