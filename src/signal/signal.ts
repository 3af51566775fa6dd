import type { Session } from '../market/close.ts';

/** What is watched: one index, one rule, and the benchmark that tells what followed. */
export interface Signal {
  /** Part of every message id; never changes. */
  readonly id: string;
  /** What people read. */
  readonly title: string;
  /** Symbol whose record closes are the event. */
  readonly index: string;
  /** Symbol whose returns after the event are studied. */
  readonly benchmark: string;
  /** A record close is an event when the one before lies more than this many calendar years back. */
  readonly quietYears: number;
  /** Calendar months after the event at which outcomes are read. Contains 12. */
  readonly horizons: readonly number[];
  /** The channels that its messages go to, by id, alias or kind; undefined: all. */
  readonly channels?: readonly string[] | undefined;
  /** Where the signal comes from, as a sentence. */
  readonly origin?: string | undefined;
  /** Within these distances of its record an armed index is told of, once each: fractions of the close. None by default. */
  readonly approaching?: readonly number[] | undefined;
  /** Record closes from before the source's history. */
  readonly beforeHistory?: BeforeHistory | undefined;
}

export interface BeforeHistory {
  /** CSV file, `session,close`. */
  readonly file: string;
  /** First session of the source that the file was joined to. */
  readonly until: Session;
  /** The source's close of that session when the file was made, index points; undefined: the scale is taken for unchanged. */
  readonly close?: number | undefined;
  /** How the two series are joined, as a sentence. */
  readonly rule: string;
}
