import { Client } from 'pg';
import { onTestFinished } from 'vitest';
import { openStores } from '../../src/app/stores.ts';
import { knownSeenKey, seenKey } from '../../src/delivery/seen-link.ts';
import { migrateToPostgres } from '../../src/jobs/migrate-to-postgres.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { CLOCK } from '../../src/store/parts.ts';
import { COPIED_TABLES } from '../../src/store/postgres/copied-tables.ts';
import { openDatabase } from '../../src/store/sqlite/database.ts';
import { newDatabase } from './postgres.ts';
import { EVENT, SEP_17, SEP_18, SEP_19, type Story, startStory } from './story.ts';

export const RUNTIME = {
  now: () => Date.parse('2025-09-19T22:00:00Z'),
  sleep: async () => {},
  random: () => 0.5,
  progress: () => {},
};

export const move = (settings: Settings) => migrateToPostgres(settings, RUNTIME);

/** Somebody who has seen the alert. */
export const SEEN = {
  message: `${EVENT}/alert`,
  channel: 'email:ann@example.com',
  who: 'ann@example.com',
  name: 'ann@example.com',
  at: '2025-09-19T12:12:00.000Z',
};

/** A story with an alert that somebody has seen, unsent deliveries, a trouble, a pause and a revision in its file, and an empty PostgreSQL beside it. */
export async function filledStory() {
  const story = await startStory();
  await story.round(SEP_17);
  story.discord.fault = () => ({ status: 502 });
  await story.round(SEP_18);
  await story.at(SEP_19, async ({ ledger, closes }) => {
    await ledger.pause('folder', null, SEP_19);
    await ledger.acknowledge(SEEN);
    await ledger.acknowledge({ ...SEEN, channel: 'discord-bot', who: '1', name: 'Änna' });
    await seenKey(ledger);
    await ledger.probe('disk', 'only 3 MB are free', SEP_19);
    await ledger.noteFact(CLOCK, '{"source":1,"machine":2}');
    const made = { session: '1999-12-31', first: '2025-09-18T21:00:00.000Z', second: '2025-09-19T21:00:00.000Z' };
    await closes.store('^XYZ', {
      changed: [
        {
          session: made.session,
          close: 0.1 + 0.2,
          state: 'revised',
          firstReadAt: made.first,
          readAt: made.second,
          held: { close: 1e-7 / 3, reason: 'big move: "50 %"\n指数', since: made.second },
        },
      ],
      revisions: [
        {
          session: made.session,
          from: { close: 2 / 3, readAt: made.first, believed: true },
          to: { close: 0.1 + 0.2, readAt: made.second, believed: false },
        },
      ],
    });
  });
  for (const symbol of ['^RUT', '^GSPC']) story.setClose(symbol, '2025-09-19', undefined);
  await story.round('2025-09-22T12:30:00Z');
  story.discord.fault = undefined;
  return { story, ...(await besideIt(story)) };
}

export async function besideIt(story: Story) {
  const { url } = await newDatabase();
  story.configure({ DATABASE_URL: url });
  return { url, path: story.settings.databasePath };
}

/** What a person and a run would ever ask of both stores. */
export async function answers(settings: Settings) {
  const { ledger, closes, close } = await openStores(settings, RUNTIME);
  const messages = await ledger.newestMessages(1_000);
  const ids = messages.map(({ id }) => id);
  const deliveries = await ledger.deliveriesOf(ids);
  const symbols = ['^RUT', '^GSPC', '^XYZ'];
  const asked = {
    messages,
    deliveries,
    signal: await ledger.signal('russell-2000'),
    unsent: await ledger.unsent(),
    receipts: await Promise.all(deliveries.map(({ message, channel }) => ledger.receipt(message, channel))),
    reached: await ledger.reached(EVENT),
    proven: await ledger.proven(),
    tried: await ledger.lastTried('digest', SEP_19),
    runs: await ledger.newestRuns(1_000),
    since: [await ledger.watchingSince(), await ledger.lastRun(), await ledger.runs(SEP_18)],
    troubles: await ledger.openTroubles(),
    probes: await ledger.probes(),
    pauses: await ledger.pauses(),
    seen: [await ledger.acknowledgements(ids), await knownSeenKey(ledger)],
    facts: [await ledger.fact(CLOCK), await ledger.fact('told'), await ledger.channelsBefore()],
    evaluated: await ledger.newestEvaluated(),
    closes: symbols.map((symbol) => [closes.known(symbol), closes.highs(symbol), closes.accepted(symbol)]),
    held: symbols.map((symbol) => closes.held(symbol)),
    revised: symbols.map((symbol) => closes.revisedSince(symbol, '2000-01-01')),
    missing: symbols.map((symbol) => [closes.missing(symbol, RUNTIME.now()), closes.hole(symbol)]),
    exchange: symbols.map((symbol) => closes.expected(symbol, RUNTIME.now())),
    looks: [...closes.looks()].sort(),
    source: closes.noted('source'),
  };
  close();
  return asked;
}

export const inFile = (settings: Settings, databasePath = settings.databasePath) =>
  answers({ ...settings, databasePath, postgres: undefined });

export async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  onTestFinished(() => client.end().catch(() => {}));
  return client;
}

export async function rowsIn(client: Client): Promise<number> {
  const tables = COPIED_TABLES.map(({ name }) => `(select count(*) from ${name})`);
  return Number((await client.query(`select ${tables.join(' + ')} as rows`)).rows[0].rows);
}

/** All that a file holds, as text. */
export function contentOf(path: string): string {
  const file = openDatabase(path);
  const tables = file.prepare("select name from sqlite_master where type = 'table' order by name").pluck().all();
  const content = JSON.stringify(tables.map((table) => [table, file.prepare(`select * from ${table}`).all()]));
  file.close();
  return content;
}

/** Makes the tables, and lets something happen to one of them. */
export async function prepare(story: Story, url: string, sql: string): Promise<Client> {
  (await openStores(story.settings, RUNTIME)).close();
  const client = await connect(url);
  await client.query(sql);
  return client;
}
