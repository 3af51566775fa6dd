import { BELIEVED, type Expectation, everybody } from './fault.ts';

/** Nothing was read: nothing is stored or sent, and the first run that reads brings the alert. */
export const unread = (printed: RegExp, tries: readonly [number, number]): Expectation => ({
  printed,
  code: 1,
  stored: 'nothing',
  arrives: everybody(2),
  tries,
});

/** As on any evening of an alert: the whole history is read once more before it. */
export const unharmed = (tries: readonly [number, number] = [2, 1]): Expectation => ({
  printed: null,
  code: 0,
  stored: BELIEVED,
  tries,
});

/** The line of a problem with a symbol, that says this. */
export const words = (text: string) => new RegExp(`^Problem +\\^\\w+: .*${text}`);
