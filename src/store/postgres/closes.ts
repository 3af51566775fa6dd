import { randomUUID } from 'node:crypto';
import { type Exchange, NEW_YORK } from '../../market/exchange.ts';
import type { Judgement } from '../../market/known-close.ts';
import { type Reading, SourceError } from '../../market/source.ts';
import type { ClosesStore } from '../closes.ts';
import type { ImportNote, TakenBack } from '../imports.ts';
import { createClosesStore } from '../sqlite/closes.ts';
import { noteComplete } from '../sqlite/completeness.ts';
import { type Database, openScratch } from '../sqlite/database.ts';
import { noteFact as noteInMirror } from '../sqlite/facts.ts';
import { prepared } from '../sqlite/prepared.ts';
import { planPut, planRemoval } from '../sqlite/put-closes.ts';
import { newerThan, nextVersion, putPlan, putRevisions, type Version } from './closes-table.ts';
import { noteFact } from './facts.ts';
import { type Opened, saidOnce, write } from './guards.ts';
import { putImport, removeCloses } from './imports.ts';
import { copyInto, emptyMirror, forgetSymbol } from './mirror.ts';
import { placeColumn } from './place.ts';
import type { Act, Queries } from './postgres.ts';

/** So many symbols are loaded at once: the closes of a long watch list do not fit into memory together. */
const AT_ONCE = 50;

/** The facts that are noted of the source and of symbols for later runs. */
const NOTES = "name = 'source' or name like 'asked %' or name like 'restated %' or name like 'decimals %'";

interface SymbolRow extends Version {
  readonly read_at: string | null;
  readonly time_zone: string | null;
  readonly closes_at: string | null;
  readonly last_trade: string | null;
  readonly first_trade: string | null;
  /** The newest version that took sessions away. */
  readonly taken_back: number;
}

/** What one question tells of all that is stored. */
interface State {
  readonly place: string;
  readonly symbols: readonly SymbolRow[];
  readonly notes: readonly { readonly name: string; readonly value: string }[];
}

/**
 * The closes of several hosts. Each process keeps a copy in a SQLite file of its own, which goes with it: it is read as that of
 * a single host is, and what is written goes to PostgreSQL first.
 * @param exchangeOf where a symbol trades of which no source has told it
 */
export async function createPostgresCloses(
  opened: Opened,
  exchangeOf: (symbol: string) => Exchange = () => NEW_YORK,
): Promise<ClosesStore> {
  const mirror = openScratch();
  const local = createClosesStore(mirror, exchangeOf);
  const copy = new Copy(opened, mirror, local);
  await copy.refresh();
  return {
    ...local,
    noteLook: (reading, now) =>
      copy.note(
        (queries) => putLook(queries, reading, now),
        () => local.noteLook(reading, now),
      ),
    note: (name, value) =>
      copy.note(
        saidOnce((queries) => noteFact(queries, name, value)),
        () => local.note(name, value),
      ),
    store: (symbol, judgement, imported) => copy.store(symbol, judgement, imported),
    takeBack: (imported, change) => copy.takeBack(imported, change),
    refresh: () => copy.refresh(),
  };
}

/** The copy that this process reads from, and which version of each symbol it has. */
class Copy {
  readonly #opened: Opened;
  readonly #mirror: Database;
  readonly #local: ClosesStore;
  readonly #versions = new Map<string, number>();
  #place = '';
  #refreshing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  /** How much was noted here: an answer that was asked for before does not know it. */
  #noted = 0;

  constructor(opened: Opened, mirror: Database, local: ClosesStore) {
    this.#opened = opened;
    this.#mirror = mirror;
    this.#local = local;
  }

  async store(symbol: string, judgement: Judgement, imported?: ImportNote): Promise<void> {
    const { changed, revisions } = judgement;
    if (changed.length + revisions.length === 0) return;
    const plan = planPut(this.#mirror, symbol, changed);
    await this.#write(
      symbol,
      async (queries, version) => {
        await putPlan(queries, version, plan);
        await putRevisions(queries, version, revisions);
        if (imported !== undefined) await putImport(queries, version, imported);
      },
      () => this.#local.store(symbol, judgement, imported),
    );
  }

  async takeBack(imported: ImportNote, change: TakenBack): Promise<void> {
    const { symbol } = imported;
    const { removed, restored, undoneAt } = change;
    const gone = [...removed, ...restored.map(({ session }) => session)];
    const plan = planRemoval(this.#mirror, symbol, gone, restored);
    await this.#write(
      symbol,
      async (queries, version) => {
        await removeCloses(queries, version, gone);
        await putPlan(queries, version, plan);
        await putImport(queries, version, { ...imported, undoneAt });
      },
      () => this.#local.takeBack(imported, change),
    );
  }

  /**
   * Makes the next version of a symbol's closes in PostgreSQL, and then in the copy.
   * @throws {SourceError} where another process has changed the closes of the symbol since they were read here
   */
  async #write(
    symbol: string,
    put: (queries: Queries, version: Version) => Promise<void>,
    here: () => Promise<void>,
  ): Promise<void> {
    const [known, place] = [this.#versionOf(symbol), this.#place];
    const writer = randomUUID();
    const made = await write(this.#opened, async (queries) => {
      const next = await nextVersion(queries, symbol, known, writer);
      if (next === undefined || next.isWritten) return next;
      await put(queries, { symbol, version: next.version });
      return next;
    });
    if (made === undefined) {
      await this.refresh();
      throw new SourceError(`${symbol}: another process has just stored closes of it; the next run reads it again`);
    }
    // Else a refresh has brought it already, or what came after it.
    if (this.#versionOf(symbol) !== known || this.#place !== place) return;
    await here();
    this.#versions.set(symbol, made.version);
  }

  /** Writes to PostgreSQL, and then to the copy. */
  async note<T>(act: Act<T>, here: () => Promise<unknown>): Promise<T> {
    const result = await write(this.#opened, act);
    await here();
    this.#noted++;
    return result;
  }

  /** Those who ask while an answer is on its way share the next one: it may have been asked for too early. */
  refresh(): Promise<void> {
    this.#next ??= this.#refreshing.then(() => {
      const refreshed = this.#refresh();
      this.#next = undefined;
      this.#refreshing = refreshed.catch(() => {});
      return refreshed;
    });
    return this.#next;
  }

  async #refresh(): Promise<void> {
    const { postgres, places } = this.#opened;
    const noted = this.#noted;
    const asked = new Map(this.#versions);
    const state = await postgres.row<State>(
      `select ${placeColumn(places)},
         coalesce((select json_agg(s) from symbols s), '[]') as symbols,
         coalesce((select json_agg(f) from facts f where ${NOTES}), '[]') as notes`,
    );
    if (state === undefined) return;
    // Noted here meanwhile: the answer does not know it.
    if (noted !== this.#noted) return this.#refresh();
    // An older state, or another server, may give the versions that it lost again, to other closes.
    if (state.place !== this.#place || isOlder(state.symbols, asked)) {
      emptyMirror(this.#mirror);
      this.#versions.clear();
      this.#place = state.place;
    }
    this.#copyNotes(state);
    const behind = state.symbols.filter(({ symbol, version }) => version > this.#versionOf(symbol));
    for (let at = 0; at < behind.length; at += AT_ONCE) await this.#load(behind.slice(at, at + AT_ONCE));
  }

  async #load(behind: readonly SymbolRow[]): Promise<void> {
    const before = new Map(behind.map(({ symbol }) => [symbol, this.#versionOf(symbol)]));
    // Sessions that went are in no answer: of such a symbol everything is read.
    const robbed = new Set(
      behind.flatMap(({ symbol, taken_back }) => (taken_back > (before.get(symbol) ?? 0) ? symbol : [])),
    );
    const known = behind.map(({ symbol }) => ({ symbol, version: robbed.has(symbol) ? 0 : (before.get(symbol) ?? 0) }));
    const newer = await newerThan(this.#opened.postgres, known);
    // What was stored here meanwhile is newer than the answer.
    const old = new Set(
      [...before].flatMap(([symbol, version]) => (this.#versionOf(symbol) === version ? symbol : [])),
    );
    this.#mirror.transaction(() => {
      for (const symbol of robbed) if (old.has(symbol)) forgetSymbol(this.#mirror, symbol);
      copyInto(this.#mirror, newer, old);
      for (const symbol of old) noteComplete(this.#mirror, symbol, this.#local.exchange(symbol));
    })();
    for (const { symbol, version } of behind) if (old.has(symbol)) this.#versions.set(symbol, version);
  }

  #versionOf(symbol: string): number {
    return this.#versions.get(symbol) ?? 0;
  }

  #copyNotes({ symbols, notes }: State): void {
    const put = prepared(this.#mirror, 'insert or replace into symbols values (?, ?, ?, ?, ?, ?)');
    this.#mirror.transaction(() => {
      for (const { symbol, read_at, time_zone, closes_at, last_trade, first_trade } of symbols) {
        if (read_at !== null) put.run(symbol, read_at, time_zone, closes_at, last_trade, first_trade);
      }
      this.#mirror.exec(`delete from facts where ${NOTES}`);
      for (const { name, value } of notes) noteInMirror(this.#mirror, name, value);
    })();
  }
}

/** True where a symbol has not come as far as it had when the question was asked. */
function isOlder(symbols: readonly Version[], asked: ReadonlyMap<string, number>): boolean {
  const now = new Map(symbols.map(({ symbol, version }) => [symbol, version]));
  return [...asked].some(([symbol, version]) => (now.get(symbol) ?? 0) < version);
}

async function putLook({ changes }: Queries, reading: Reading, now: number): Promise<void> {
  const { symbol, exchange: told, marketPrice, firstTrade } = reading;
  await changes(
    `insert into symbols (symbol, read_at, time_zone, closes_at, last_trade, first_trade) values ($1, $2, $3, $4, $5, $6)
       on conflict (symbol) do update set read_at = excluded.read_at, last_trade = excluded.last_trade,
         time_zone = coalesce(excluded.time_zone, symbols.time_zone),
         closes_at = coalesce(excluded.closes_at, symbols.closes_at),
         first_trade = coalesce(excluded.first_trade, symbols.first_trade)`,
    symbol,
    new Date(now).toISOString(),
    told?.timeZone,
    told?.closesAt,
    marketPrice?.session,
    firstTrade,
  );
}
