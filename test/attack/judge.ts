/** One message that has come to somebody, as a service saw it. */
export interface Arrival {
  /** `webhook`, `bot` or `email:ann@example.com`. */
  readonly channel: string;
  /** `russell-2000/2025-09-18/alert` */
  readonly id: string;
  /** True where it says that it may be a repeat. */
  readonly marked: boolean;
  /** Its Message-ID; null of what is no mail. */
  readonly mail: string | null;
  /** When it came, epoch milliseconds by the clock of the stage. */
  readonly at: number;
}

/** What came of one trial, as `channel id`. */
export interface Verdict {
  /** What somebody should have and has not. */
  readonly lost: readonly string[];
  /** What nobody should have. */
  readonly false: readonly string[];
  /** Second copies that do not say so. */
  readonly unmarked: readonly string[];
  /** Second copies that say so. */
  readonly marked: readonly string[];
  /** Of the second mails, those with another Message-ID than the first: mail systems do not drop them. */
  readonly otherMail: readonly string[];
}

/** What should have come, and what else may have. */
export interface Truth {
  readonly channels: readonly string[];
  /** Ids that every channel must have. */
  readonly due: readonly string[];
  /** Ids that mail alone must have. */
  readonly dueByMail?: readonly string[];
  /** Whether a message may come though it need not. Its default: none may. */
  readonly mayCome?: (id: string) => boolean;
}

/** Compares what has arrived with what should have. */
export function judge(arrivals: readonly Arrival[], { channels, due, dueByMail = [], mayCome }: Truth): Verdict {
  const isMail = (channel: string) => channel.startsWith('email:');
  const copies = Map.groupBy(arrivals, ({ channel, id }) => `${channel} ${id}`);
  const wanted = channels.flatMap((channel) =>
    [...due, ...(isMail(channel) ? dueByMail : [])].map((id) => `${channel} ${id}`),
  );
  const isTrue = ({ channel, id }: Arrival) =>
    due.includes(id) || (isMail(channel) && dueByMail.includes(id)) || mayCome?.(id) === true;
  const second = [...copies.values()].flatMap((all) => all.slice(1));
  const name = ({ channel, id }: Arrival) => `${channel} ${id}`;
  return {
    lost: wanted.filter((key) => !copies.has(key)),
    false: arrivals.filter((one) => !isTrue(one)).map(name),
    unmarked: second.filter(({ marked }) => !marked).map(name),
    marked: second.filter(({ marked }) => marked).map(name),
    otherMail: second.filter((one) => one.mail !== null && copies.get(name(one))?.[0]?.mail !== one.mail).map(name),
  };
}

/** True where nothing is lost, false, or twice without a word. */
export function isRight(verdict: Pick<Verdict, 'lost' | 'false' | 'unmarked' | 'otherMail'>): boolean {
  return [verdict.lost, verdict.false, verdict.unmarked, verdict.otherMail].every((list) => list.length === 0);
}
