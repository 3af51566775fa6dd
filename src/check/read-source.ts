import type { App } from '../app/app.ts';
import { bySourceClock, clockDoubt } from '../app/clock.ts';
import { type ReadSymbols, readClosesOfAll, readClosesOffline } from '../ingest/read.ts';
import { instant } from '../message/format.ts';

/** What a run has read, and by which clock it goes on. */
export interface SourceRead {
  /** By the clock of the source, where that has told another time: what is decided and stamped from here on is by it. */
  readonly app: App;
  readonly read: ReadSymbols;
  /** What could not be read, and what is wrong with the clock, a line each. */
  readonly problems: readonly string[];
}

/** Reads every symbol from the source, judges and stores it, and compares the clocks. */
export async function readSource(byMachine: App, { offline }: { readonly offline: boolean }): Promise<SourceRead> {
  const read = offline ? await readClosesOffline(byMachine) : await readClosesOfAll(byMachine);
  const app = await bySourceClock(byMachine);
  return { app, read, problems: [...read.problems, ...(await clockProblems(byMachine, app))] };
}

async function clockProblems(byMachine: App, app: App): Promise<string[]> {
  const doubt = await clockDoubt(app);
  if (doubt?.sure) return [`The clock of this machine is wrong: ${doubt.why}`];
  if (app === byMachine) return [];
  return [`The clock of this machine is wrong: it says ${instant(byMachine.now())}, the source ${instant(app.now())}`];
}
