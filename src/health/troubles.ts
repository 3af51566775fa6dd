import type { App } from '../app/app.ts';
import { CLOCK } from '../app/clock.ts';
import { runningDaemon } from '../app/lease.ts';
import { whereReadable } from '../app/signal-closes.ts';
import { countsOf, placesOf } from '../channel/names.ts';
import { publicReason, withoutAddresses } from '../channel/without-addresses.ts';
import { holeOf } from '../check/decide.ts';
import { evaluate } from '../check/evaluate.ts';
import { heldValues } from '../check/report.ts';
import { howUntoldEnded, isUntold, untoldEvents } from '../check/untold.ts';
import { pausedChannels } from '../delivery/pause.ts';
import { isLost } from '../delivery/standing.ts';
import type { Session } from '../market/close.ts';
import { type Exchange, NEW_YORK } from '../market/exchange.ts';
import { awaitedValue } from '../market/second-reading.ts';
import { addDays } from '../market/session.ts';
import { isToCome } from '../market/stamp.ts';
import { kindOf } from '../message/channel-kind.ts';
import { capital, date, firstOf, list, plural, points } from '../message/format.ts';
import type { Trouble } from '../message/warning.ts';
import { doubtIn } from '../message/witnessed.ts';
import { symbolName, watchedSymbols } from '../settings/symbols.ts';
import type { Delivery } from '../store/deliveries.ts';
import type { OpenTrouble, Probe } from '../store/troubles.ts';
import { disputes, howItEnded, isDispute } from './disputes.ts';
import { NOBODY, reachedNobody } from './reached-nobody.ts';

/** A close that is not stored at this time of the next day, at its exchange, is missing. */
export const NEXT_MORNING = '08:00';
/** Calendar days after which a gap that nobody fills is no news any more: the digest lists it. */
const GAP_DAYS = 45;
/** Calendar days for which a contradicted alert is a trouble: by then its close was read again many times. */
const CONTRADICTED_DAYS = 7;
/** How long the gateway may be down before it is told, in milliseconds. */
const GATEWAY_GRACE = 3_600_000;
/** How many of the newest runs may say why nothing is evaluated. */
const RUNS_ASKED = 5;
/** Missing sessions in a row that are told a second time. */
const TOLD_AGAIN_AFTER = 3;

/**
 * Everything that is wrong now, from what is stored; nothing is tried and nothing sent. Whatever a check or a service said
 * in it, there is no address in its words: they go to everybody.
 */
export async function currentTroubles(app: App): Promise<Trouble[]> {
  const addresses = app.settings.email?.to ?? [];
  const behind = await unevaluated(app);
  const troubles = [
    ...(await missingCloses(app)),
    ...holedHistories(app),
    ...behind,
    ...heldRecords(app),
    ...(await contradictedAlerts(app)),
    ...(await disputes(app)),
    ...untoldEvents(
      app,
      behind.map(({ name }) => name.slice(UNEVALUATED.length)),
    ),
    ...(await reachedNobody(app)),
    ...(await lostDeliveries(app)),
    ...(await failingParts(app)),
  ];
  return troubles.map((trouble) => ({
    ...trouble,
    title: withoutAddresses(trouble.title, addresses),
    text: withoutAddresses(trouble.text, addresses),
  }));
}

/**
 * What is true now that a trouble is over, as a sentence; undefined where there is nothing to say: it was overtaken, or
 * what it was about is gone.
 */
export async function whatIsTrueNow(
  app: Pick<App, 'settings' | 'closes' | 'ledger' | 'source' | 'channels' | 'now'>,
  { name, since }: OpenTrouble,
): Promise<string | undefined> {
  const { ledger, settings, closes } = app;
  if (isMissingCloses(name)) {
    // A clock that was ahead expected it.
    if (since > newestExpected(app)) return 'The clock of this machine was wrong: that session is still to come.';
    const lasting = watchedSymbols(settings).some((symbol) => lackingSessions(app, symbol).includes(since));
    return lasting ? undefined : `The missing closes from ${date(since)} on have arrived and were evaluated.`;
  }
  if (name.startsWith(UNEVALUATED)) {
    const record = await ledger.signal(name.slice(UNEVALUATED.length));
    return record !== undefined && record.evaluatedSession > since ? 'It is evaluated again.' : undefined;
  }
  if (isDispute(name)) return howItEnded(app, { name, since });
  if (isUntold(name)) return howUntoldEnded(app, name, since);
  if (name.startsWith(HOLE)) {
    const signal = settings.signals.find(({ id }) => name === HOLE + id);
    return signal === undefined || holeOf(app, signal) !== undefined ? undefined : 'The history is whole again.';
  }
  if (name.startsWith('held-')) {
    const signal = settings.signals.find(({ id }) => name === `held-${id}`);
    const known = signal && closes.known(signal.index, since).find(({ session }) => session === since);
    return known?.close == null ? undefined : `The close of ${date(since)} is believed now: ${points(known.close)}.`;
  }
  // An earlier version told of every address by its name; what took its place is told as a whole.
  if (name.includes('email:')) return undefined;
  if (name.startsWith(DELIVERY)) {
    const theirs = (await ledger.deliveriesOf([since])).filter(({ channel }) => name === DELIVERY + kindOf(channel));
    if (theirs.length === 0 || theirs.some(({ state }) => state !== 'sent')) return undefined;
    return theirs.length === 1
      ? 'The message has arrived.'
      : `The message has arrived at all ${theirs.length} addresses.`;
  }
  if (name === NOBODY) {
    const all = await ledger.deliveriesOf([since]);
    const arrived = all.filter(({ state }) => state === 'sent').map(({ channel }) => channel);
    const where = placesOf(
      arrived,
      all.map(({ channel }) => channel),
    );
    return arrived.length === 0 ? undefined : `The message has arrived: ${where}.`;
  }
  if (name.startsWith(DRILL)) {
    const theirs = app.channels.map(({ id }) => id).filter((id) => name === DRILL + kindOf(id));
    const drills = (await ledger.probes()).filter(({ part }) => theirs.some((id) => part === drillPart(id)));
    if (drills.length === 0 || drills.some(({ failure }) => failure !== null)) return undefined;
    return theirs.length === 1 ? 'A drill has arrived.' : 'A drill has arrived at every address.';
  }
  // A channel that was paused or taken out says nothing of the kind.
  const probe = (await ledger.probes()).find(({ part }) => part === name);
  return probe !== undefined && probe.failure === null ? 'It works again.' : undefined;
}

/** The newest session that any symbol should have by now. */
function newestExpected({ settings, closes, now }: Pick<App, 'settings' | 'closes' | 'now'>): Session {
  return watchedSymbols(settings).reduce((newest, symbol) => {
    const session = closes.exchange(symbol).lastSessionOver(now());
    return session > newest ? session : newest;
  }, '');
}

/** The part that the daily test of a channel is noted as. */
export function testPart(channel: string): string {
  return `channel-${kindOf(channel)}`;
}

/** The part that the bot's gateway is noted as. */
export const GATEWAY = 'gateway';

/** The part that the heartbeat is noted as. */
export const HEARTBEAT = 'heartbeat';

/** How the part of a channel's drill begins, and the trouble of a kind of channel whose drills do not arrive. */
const DRILL = 'drill-';

/** The part that a channel's drill is noted as. */
export function drillPart(channel: string): string {
  return DRILL + channel;
}

/** How the trouble of a kind of channel begins where a message did not arrive. */
const DELIVERY = 'delivery-';

/** The trouble of missing closes, of New York and of the exchanges elsewhere. */
export function isMissingCloses(name: string): boolean {
  return name === 'closes' || name.startsWith('closes-');
}

/** Runs of sessions that should be stored by now and are not, each a trouble that begins with its first session. */
async function missingCloses(app: App): Promise<Trouble[]> {
  const { settings, closes } = app;
  const symbols = Map.groupBy(watchedSymbols(settings), (symbol) => closes.exchange(symbol).timeZone);
  const troubles: Trouble[] = [];
  for (const there of symbols.values()) troubles.push(...(await missingClosesOf(app, there)));
  return troubles;
}

/** The same for symbols of one time zone. */
async function missingClosesOf(app: App, symbolsThere: readonly string[]): Promise<Trouble[]> {
  const { settings, ledger, closes } = app;
  const [some = ''] = symbolsThere;
  const exchange = closes.exchange(some);
  const name = exchange.timeZone === NEW_YORK.timeZone ? 'closes' : `closes-${exchange.timeZone.replaceAll('/', '-')}`;
  const overdue = newestOverdue(app, some);
  /** Session → the symbols that have no close of it. */
  const lacking = new Map<Session, readonly string[]>();
  for (const symbol of symbolsThere) {
    for (const session of await overdueSessions(app, symbol)) {
      lacking.set(session, [...(lacking.get(session) ?? []), symbol]);
    }
  }
  const newsFrom = addDays(overdue, -GAP_DAYS);
  const said = (await ledger.newestRuns(RUNS_ASKED)).flatMap(({ problems }) => problems);
  const runs = runsOf(exchange, [...lacking.keys()].sort()).filter((run) => (run.at(-1) ?? '') > newsFrom);
  const open = (await ledger.openTroubles()).filter((trouble) => trouble.name === name).map(({ since }) => since);
  const starts = runs.map((run) => run[0] ?? '');
  const orphans = new Set(open.filter((start) => !starts.includes(start)));
  /** A run whose first closes have arrived, late, goes on under its old name. */
  const nameOf = (first: Session, symbols: readonly string[]) => {
    if (open.includes(first)) return first;
    const old = [...orphans].findLast((start) => start < first && cameLate(app, symbols, start, first));
    if (old !== undefined) orphans.delete(old);
    return old ?? first;
  };
  const indexes = settings.signals.map(({ index }) => index);
  return runs.map((run) => {
    const [first = ''] = run;
    const last = run.at(-1) ?? first;
    const symbols = [...new Set(run.flatMap((session) => lacking.get(session) ?? []))];
    const newest = exchange.nextSession(last) > overdue;
    const names = symbols.length > 3 ? firstOf(symbols) : list(symbols);
    // Each of them may lack some of these sessions only.
    const all = symbols.every((symbol) => run.every((session) => lacking.get(session)?.includes(symbol)));
    const when =
      run.length === 1
        ? date(first)
        : `${all ? '' : 'some of '}${plural(run.length, 'session')} from ${date(first)} to ${date(last)}`;
    return {
      name,
      since: nameOf(first, symbols),
      title: `No close of ${names} for ${when}`,
      text:
        `These sessions should have been stored and believed by the next morning: ${names}, ${when}. An event in between ` +
        `is found when the close arrives, and told late. ${whyLacking(app, symbols, run, said)}`,
      again: run.length >= TOLD_AGAIN_AFTER,
      blocking: newest && symbols.some((symbol) => indexes.includes(symbol)),
      closes: { indexes: symbols.filter((symbol) => indexes.includes(symbol)), sessions: run },
      about: null,
    };
  });
}

/** What a person can do about closes that are not there, or were read and are not believed. */
function whyLacking(
  { closes }: Pick<App, 'closes'>,
  symbols: readonly string[],
  run: readonly Session[],
  said: readonly string[],
): string {
  const held = symbols.flatMap((symbol) => heldValues(closes, symbol).filter(({ session }) => run.includes(session)));
  const [first] = held;
  if (first === undefined) {
    const problem = said.find((line) => symbols.some((symbol) => line.startsWith(`${symbol}: `)));
    const what = problem === undefined ? '' : `A check said: ${problem.replace(/\.$/, '')}. `;
    return (
      `${what}If the exchange was closed, nothing is wrong; otherwise look with npm run doctor, and fill a lasting gap ` +
      'with npm run import.'
    );
  }
  const { symbol, session, close, reason } = first;
  const others = held.length > 1 ? ` So are ${plural(held.length - 1, 'other close')} of them.` : '';
  return (
    `${points(close)} was read for ${symbol} on ${date(session)}, but it is held: ${reason}.${others} Later readings decide. ` +
    'If the value is right, raise maxDailyMove of the symbol in config/signals.json.'
  );
}

/** True when every session from one to before another was read on a later day than its own. */
function cameLate({ closes }: Pick<App, 'closes'>, symbols: readonly string[], from: Session, to: Session): boolean {
  return symbols.some((symbol) => {
    const exchange = closes.exchange(symbol);
    const between = closes.known(symbol, from).filter(({ session }) => session >= from && session < to);
    return between.length > 0 && between.every((row) => exchange.date(Date.parse(row.firstReadAt)) > row.session);
  });
}

/** The sessions of a symbol since the watch began whose next morning has passed, and that have no believed close. */
async function overdueSessions(app: App, symbol: string): Promise<Session[]> {
  const { settings, ledger, closes, now } = app;
  const exchange = closes.exchange(symbol);
  const users = settings.signals.filter(({ index, benchmark }) => index === symbol || benchmark === symbol);
  const baselines = await Promise.all(users.map(async ({ id }) => (await ledger.signal(id))?.baselineSession));
  const begun = await ledger.watchingSince();
  const beforeWatch =
    begun === undefined ? undefined : exchange.previousSession(exchange.lastSessionOver(Date.parse(begun)));
  const from = baselines.filter((session) => session !== undefined).sort()[0] ?? beforeWatch;
  if (from === undefined) return [];
  const lacking =
    closes.first(symbol) === undefined
      ? exchange.sessionsBetween(from, closes.expected(symbol, now()))
      : lackingSessions(app, symbol);
  const overdue = newestOverdue(app, symbol);
  const told = new Set(
    heldRecords(app).flatMap(({ closes }) => (closes?.indexes.includes(symbol) ? closes.sessions : [])),
  );
  return lacking.filter((session) => session > from && session <= overdue && !told.has(session));
}

/** The sessions of a symbol that have no believed close: not read at all, or read and held. Ascending. */
function lackingSessions({ closes, now }: Pick<App, 'closes' | 'now'>, symbol: string): Session[] {
  const held = closes.held(symbol).flatMap(({ session, close }) => (close === null ? [session] : []));
  const missing = closes.missing(symbol, now());
  return held.length === 0 ? missing : [...missing, ...held].sort();
}

/** The newest session of a symbol's exchange whose next morning has come there. */
export function newestOverdue({ closes, now }: Pick<App, 'closes' | 'now'>, symbol: string): Session {
  const exchange = closes.exchange(symbol);
  const last = closes.expected(symbol, now());
  return now() >= exchange.instant(addDays(last, 1), NEXT_MORNING) ? last : exchange.previousSession(last);
}

/** Sessions that follow each other without another one in between, together. */
function runsOf(exchange: Exchange, sessions: readonly Session[]): Session[][] {
  const runs: Session[][] = [];
  for (const session of sessions) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1) === exchange.previousSession(session)) run.push(session);
    else runs.push([session]);
  }
  return runs;
}

/** How the trouble of a signal begins whose index has a hole in its history. */
const HOLE = 'history-';

/** Histories that lack so much that no event of theirs can be told. */
function holedHistories(app: Pick<App, 'settings' | 'closes' | 'source'>): Trouble[] {
  const { settings } = app;
  return settings.signals.flatMap((signal) => {
    const hole = holeOf(app, signal);
    if (hole === undefined) return [];
    const name = symbolName(settings, signal.index);
    return [
      {
        name: HOLE + signal.id,
        since: hole.after,
        title: `${signal.title}: the history is not whole, so no event is told`,
        text:
          `No close of the ${name} is stored between ${date(hole.after)} and ${date(hole.before)}. A record in between would ` +
          'be unknown, and a later close be taken for one. Every check asks for it again; npm run import fills it by hand.',
        again: false,
        blocking: true,
        about: null,
      },
    ];
  });
}

/** How the trouble of a signal begins that is not evaluated though its closes are there. */
const UNEVALUATED = 'evaluation-';

/** Signals that are not evaluated the next morning for another reason than their closes: whatever stops a check is told. */
async function unevaluated(app: Pick<App, 'settings' | 'closes' | 'ledger' | 'source' | 'now'>): Promise<Trouble[]> {
  const { settings, ledger } = app;
  const troubles: Trouble[] = [];
  for (const signal of settings.signals) {
    const { id, title, index } = signal;
    const record = await ledger.signal(id);
    const overdue = newestOverdue(app, index);
    if (record === undefined || record.evaluatedSession >= overdue || holeOf(app, signal) !== undefined) continue;
    if (lackingSessions(app, index).includes(overdue)) continue;
    const problems = (await ledger.newestRuns(RUNS_ASKED)).flatMap((run) => run.problems);
    const problem = (problems.find((line) => line.startsWith(`${title}:`)) ?? problems[0])?.replace(/\.$/, '');
    troubles.push({
      name: UNEVALUATED + id,
      since: record.evaluatedSession,
      title: `${title}: the session of ${date(overdue)} was not evaluated`,
      text:
        `Its close is stored, but the newest session that was evaluated is ${date(record.evaluatedSession)}. An event since ` +
        `then is told late. ${problem === undefined ? 'npm run check says why.' : `A check said: ${problem}.`}`,
      again: false,
      blocking: true,
      about: null,
    });
  }
  return troubles;
}

/** The held closes of an index that would be records: people should look for themselves. One trouble, however many. */
function heldRecords(app: Pick<App, 'settings' | 'database' | 'closes' | 'source' | 'channels' | 'now'>): Trouble[] {
  const { settings, closes, now } = app;
  return settings.signals.flatMap((signal) => {
    // What a second reading will decide within hours is news only then.
    const awaited = closes.held(signal.index).filter((row) => awaitedValue(row, now()) !== undefined);
    const held = heldValues(closes, signal.index).filter(({ session }) =>
      awaited.every((row) => row.session !== session),
    );
    const evaluation = held.length === 0 ? undefined : whereReadable(() => evaluate(app, signal));
    const record = evaluation?.detection.state?.record;
    const above = record === undefined ? [] : held.filter(({ close }) => close > record.close);
    const [first] = above;
    if (record === undefined || first === undefined) return [];
    const { session, close, reason } = first;
    const more =
      above.length > 1 ? ` So ${above.length === 2 ? 'is 1 close' : `are ${above.length - 1} closes`} after it.` : '';
    return [
      {
        name: `held-${signal.id}`,
        since: session,
        title: `${signal.title}: a close that would be a record is not believed yet`,
        text:
          `${points(close)} was read for the ${symbolName(settings, signal.index)} on ${date(session)}, above the record of ` +
          `${points(record.close)}, but it is held: ${reason}.${more} Later readings decide; an alert follows if they agree. ` +
          'Look at another source if you cannot wait.',
        again: false,
        // From the next morning on the session is one that was not evaluated.
        blocking:
          session <= newestOverdue(app, signal.index) &&
          closes.known(signal.index, session).every((row) => row.session < session || row.close === null),
        closes: { indexes: [signal.index], sessions: above.map((value) => value.session) },
        about: null,
      },
    ];
  });
}

/** Alerts whose close a second source contradicted when they were written, while they are news. */
async function contradictedAlerts({
  settings,
  ledger,
  witness,
  closes,
  now,
}: Pick<App, 'settings' | 'closes' | 'ledger' | 'witness' | 'now'>): Promise<Trouble[]> {
  if (witness === undefined) return [];
  const troubles: Trouble[] = [];
  for (const { id, title, index } of settings.signals) {
    const newsFrom = addDays(closes.exchange(index).date(now()), -CONTRADICTED_DAYS);
    const events = (await ledger.signal(id))?.events ?? [];
    for (const { session, status, messages } of events) {
      const told = messages.findLast((message) => message.witness !== undefined);
      const doubt = told && doubtIn(told);
      if (status !== 'alerted' || session < newsFrom || doubt === undefined) continue;
      troubles.push({
        name: `witness-${id}`,
        since: session,
        title: `${title}: a second source contradicts the close of ${date(session)}`,
        text: `${doubt} The alert went out all the same; a correction or a retraction follows if the close is revised.`,
        again: false,
        blocking: false,
        about: null,
      });
    }
  }
  return troubles;
}

/**
 * Messages of events whose delivery has lately ended failed or unknown: one trouble for each kind of channel, however many
 * addresses it has.
 */
async function lostDeliveries(app: Pick<App, 'settings' | 'ledger' | 'channels' | 'now'>): Promise<Trouble[]> {
  const { ledger, channels, now } = app;
  const nobodys = (await reachedNobody(app)).map(({ since }) => since);
  const inUse = channels.map(({ id }) => id);
  const lost = (await ledger.unsent()).filter(
    (delivery) =>
      inUse.includes(delivery.channel) &&
      isLost(delivery, now()) &&
      // Told as a whole.
      !nobodys.includes(delivery.message),
  );
  const all = await ledger.deliveriesOf([...new Set(lost.map(({ message }) => message))]);
  return [...Map.groupBy(lost, ({ message, channel }) => `${kindOf(channel)} ${message}`).values()].map((same) =>
    lostTrouble(
      same,
      all.filter(({ message }) => message === same[0]?.message).map(({ channel }) => channel),
      inUse,
    ),
  );
}

/**
 * @param same the lost deliveries of one message to one kind of channel, at least one
 * @param posted the channels that the message went to
 */
function lostTrouble(same: readonly Delivery[], posted: readonly string[], inUse: readonly string[]): Trouble {
  const { message = '', channel = '', state = '', reason = null } = same[0] ?? {};
  const kind = kindOf(channel);
  const said = publicReason(reason, channel, inUse);
  const cure = 'Look at that channel with npm run doctor; npm run status says what is still tried.';
  const trouble = {
    name: DELIVERY + kind,
    since: message,
    again: false,
    blocking: true,
    about: kind,
    count: same.length,
  };
  if (posted.filter((other) => kindOf(other) === kind).length === 1) {
    return {
      ...trouble,
      title: `Not delivered: ${message} on ${kind}`,
      text: `The message ${message} is ${state} on ${kind}: ${said}. ${cure}`,
    };
  }
  const where = placesOf(
    same.map((delivery) => delivery.channel),
    posted,
  );
  return {
    ...trouble,
    title: `Not delivered to ${where}: ${message}`,
    text:
      `The message ${message} did not arrive at ${where} (${countsOf(same.map((delivery) => delivery.state))}); the first ` +
      `says: ${said}. ${cure}`,
  };
}

interface Words {
  readonly title: string;
  readonly cure: string;
  readonly about: string | null;
}

const PARTS: Readonly<Record<string, Words>> = {
  disk: {
    title: 'The disk is nearly full',
    cure: 'Without room nothing can be stored or decided. Make room.',
    about: null,
  },
  database: {
    title: 'The database is damaged',
    cure: 'Stop the daemon and put a copy back: npm run daemon:stop, then npm run restore FILE.',
    about: null,
  },
  [GATEWAY]: {
    title: 'The Discord bot answers no commands',
    cure: 'Alerts are posted all the same. It connects again by itself, unless Discord refuses its token.',
    about: null,
  },
  [HEARTBEAT]: {
    title: 'The heartbeat does not get through',
    cure: 'Alerts are sent all the same, but nobody would notice if this bot stopped. Look with npm run doctor.',
    about: null,
  },
  [CLOCK]: {
    title: 'The clock of this machine is wrong',
    cure: 'Sessions, digests and copies go by the time. Set it, and let it be kept right (NTP, timedatectl).',
    about: null,
  },
  backup: { title: 'The weekly copy of the database failed', cure: 'Try npm run backup.', about: null },
};

/** Without these an event is found and an alert arrives all the same. */
const HARMLESS = ['backup', GATEWAY, HEARTBEAT, CLOCK];

/** What did not work when it was last tried. */
async function failingParts(app: Pick<App, 'settings' | 'ledger' | 'channels' | 'now'>): Promise<Trouble[]> {
  const { settings, ledger, channels, now } = app;
  const paused = await pausedChannels(app);
  const inUse = channels.map(({ id }) => id).filter((id) => !paused.has(id));
  const daemon = await runningDaemon(app);
  const probes = await ledger.probes();
  const drills = await failingDrills(app, probes, inUse);
  const parts = probes.flatMap((probe) => {
    const { part, failingSince, failure } = probe;
    if (failingSince === null || failure === null) return [];
    if (part === GATEWAY && !isDownForLong(inUse, daemon?.startedAt, failingSince, now())) return [];
    if (part === HEARTBEAT && settings.heartbeatUrl === undefined) return [];
    const words = PARTS[part] ?? wordsFor(part, inUse);
    if (words === undefined) return [];
    return [
      {
        name: part,
        since: failingSince,
        title: words.title,
        text: `${capital(publicReason(sentence(probe), '', inUse))} ${words.cure}`,
        again: false,
        blocking: !HARMLESS.includes(part),
        about: words.about,
      },
    ];
  });
  return [...parts, ...drills];
}

/**
 * Drills that did not arrive: one trouble for each kind of channel, which lasts until every one of it has had its drill.
 * Its beginning stays that of the first, so that neither one more nor one less is another trouble.
 */
async function failingDrills(
  { ledger }: Pick<App, 'ledger'>,
  probes: readonly Probe[],
  inUse: readonly string[],
): Promise<Trouble[]> {
  const failing = inUse.flatMap((channel) => {
    const probe = probes.find(({ part }) => part === drillPart(channel));
    return probe === undefined || probe.failingSince === null ? [] : [{ channel, since: probe.failingSince, ...probe }];
  });
  const open = await ledger.openTroubles();
  return [...Map.groupBy(failing, ({ channel }) => kindOf(channel))].map(([kind, same]) => {
    const name = DRILL + kind;
    const [first] = same.toSorted((a, b) => (a.since < b.since ? -1 : 1));
    const where = placesOf(
      same.map(({ channel }) => channel),
      inUse,
    );
    const said = publicReason(first?.failure ?? null, first?.channel ?? '', inUse).replace(/[.]$/, '');
    return {
      name,
      since: open.find((trouble) => trouble.name === name)?.since ?? first?.since ?? '',
      title: `A drill did not arrive: ${where}`,
      text: `${same.length === 1 ? capital(said) : `The first says: ${said}`}. An alert might not arrive either. Look with npm run doctor, then try npm run drill again.`,
      again: false,
      blocking: true,
      about: kind,
      count: same.length,
    };
  });
}

/** A connection that breaks is made again within minutes; and without a bot, or a daemon, there is none. */
function isDownForLong(inUse: readonly string[], startedAt: string | undefined, since: string, now: number): boolean {
  if (startedAt === undefined || !inUse.includes('discord-bot')) return false;
  const down = now - Math.max(Date.parse(since), Date.parse(startedAt));
  return down >= GATEWAY_GRACE || isToCome(since, now);
}

/** How the trouble of a channel is told; undefined where that channel is not in use. */
function wordsFor(part: string, inUse: readonly string[]): Words | undefined {
  const kind = inUse.map(kindOf).find((candidate) => part === testPart(candidate));
  if (kind !== undefined) {
    return {
      title: `${capital(kind)} does not pass its daily test`,
      cure: `An alert might not arrive there. Look with npm run doctor, then prove it with npm run drill.`,
      about: kind,
    };
  }
  return undefined;
}

function sentence({ failure }: Probe): string {
  const text = failure ?? '';
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
