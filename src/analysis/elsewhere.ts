import type { App } from '../app/app.ts';
import { signalCloses } from '../app/signal-closes.ts';
import { fillSymbols } from '../ingest/backfill.ts';
import type { Session } from '../market/close.ts';
import { symbolName } from '../settings/symbols.ts';
import type { Signal } from '../signal/signal.ts';
import { type Candidate, type Elsewhere, elsewhere } from '../study/elsewhere.ts';
import { adHocSignal } from './ad-hoc-signal.ts';

/** Indices that the rule is tried on where the watch list has no others: they were named before anybody had looked. */
const INDICES: Readonly<Record<string, string>> = {
  '^GSPC': 'S&P 500',
  '^NDX': 'Nasdaq 100',
  '^DJI': 'Dow Jones',
  '^FTSE': 'FTSE 100',
  '^GDAXI': 'DAX',
  '^FCHI': 'CAC 40',
  '^N225': 'Nikkei 225',
};

/** The same rule on other indices, and what could not be read of them. */
export interface StudiedElsewhere {
  /** Undefined while the own index has no close. */
  readonly elsewhere: Elsewhere | undefined;
  readonly problems: readonly string[];
}

/** Tries the rule of a signal on the watch list's other indices, or on some that are well known. Closes are read where they are missing. */
export async function studyElsewhere(app: App, signal: Signal, asOf?: Session): Promise<StudiedElsewhere> {
  const { settings } = app;
  const watched = [...new Set(settings.signals.map(({ index }) => index))].filter((index) => index !== signal.index);
  const indices = watched.length > 0 ? watched : Object.keys(INDICES).filter((index) => index !== signal.index);
  const problems = await fillSymbols(app, [...indices, signal.benchmark]);
  const candidate = (own: Signal): Candidate => {
    const known = symbolName(settings, own.index);
    const title = settings.signals.find(({ index }) => index === own.index)?.title;
    const name = known === own.index ? (title ?? INDICES[own.index] ?? known) : known;
    return { signal: own, name, closes: signalCloses(app, own, asOf) };
  };
  const others = indices.map((index) => candidate(adHocSignal(settings, signal, { index })));
  return { elsewhere: elsewhere(candidate(signal), others), problems };
}
