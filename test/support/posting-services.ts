import { NTFY_TOKEN, type NtfyStandIn, startNtfy } from './ntfy-server.ts';
import { type PostingStandIn, startPosting } from './posting-server.ts';
import { type SlackStandIn, startSlack } from './slack-server.ts';
import { CHAT_ID, startTelegram, type TelegramStandIn } from './telegram-server.ts';

/** The channels that post by HTTP, Discord's aside. */
export const POSTING = ['slack', 'telegram', 'ntfy', 'webhook'] as const;
export type Posting = (typeof POSTING)[number];

/** A message that has come to one of them. */
export interface PostedMessage {
  readonly channel: Posting;
  readonly id: string;
  readonly text: string;
  readonly pictures: number;
  /** When it came, epoch milliseconds. */
  readonly at: number;
}

/** What the services had at a time. */
export type PostingSnapshot = readonly (readonly unknown[])[];

/** Stand-ins of all of them. */
export interface PostingServices {
  readonly slack: SlackStandIn;
  readonly telegram: TelegramStandIn;
  readonly ntfy: NtfyStandIn;
  readonly webhook: PostingStandIn;
  /** The settings that lead to them. */
  readonly environment: Readonly<Record<string, string>>;
  /** What has come, oldest first at each; without the evidence that Telegram gets after its message. */
  arrivals(): PostedMessage[];
  /** What is there now, to come back to. */
  snapshot(): PostingSnapshot;
  /** Forgets what has come since, and every fault. */
  reset(before: PostingSnapshot): void;
  /** Calls `told` with each step of a message: `slack accepted`. Without it nobody is told. */
  watch(told?: (step: string) => void): void;
  /** The clock of all of them, epoch milliseconds. */
  setClock(now: () => number): void;
  close(): Promise<void>;
}

const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export async function startPostingServices(): Promise<PostingServices> {
  const [slack, telegram, ntfy, webhook] = await Promise.all([
    startSlack(),
    startTelegram(),
    startNtfy(),
    startPosting(({ method }) => ({ answer: { status: method === 'HEAD' ? 405 : 204 }, takes: method === 'POST' })),
  ]);
  const all = { slack, telegram, ntfy, webhook };
  const lists: unknown[][] = [slack.taken, telegram.taken, telegram.messages, ntfy.taken, ntfy.lines, webhook.taken];
  return {
    slack,
    telegram,
    ntfy,
    webhook,
    environment: {
      SLACK_WEBHOOK_URL: slack.webhookUrl,
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_CHAT_ID: CHAT_ID,
      TELEGRAM_API_URL: telegram.api,
      NTFY_URL: ntfy.topicUrl,
      NTFY_TOKEN,
      WEBHOOK_URL: `http://127.0.0.1:${webhook.port}/hooks/secret-path-5f2c`,
      WEBHOOK_SECRET,
    },
    arrivals: () => [...slackMessages(slack), ...told(telegram), ...ntfyMessages(ntfy), ...posts(webhook)],
    snapshot: () => lists.map((list) => [...list]),
    reset: (before) => {
      for (const [index, list] of lists.entries()) list.splice(0, Number.POSITIVE_INFINITY, ...(before[index] ?? []));
      for (const one of Object.values(all)) {
        one.requests.length = 0;
        one.fault = undefined;
      }
    },
    watch: (told) => {
      for (const [name, one] of Object.entries(all)) one.watch = told && ((step) => told(`${name} ${step}`));
    },
    setClock: (now) => {
      for (const one of Object.values(all)) one.now = now;
    },
    close: async () => {
      await Promise.all(Object.values(all).map((one) => one.close()));
    },
  };
}

function slackMessages({ taken }: SlackStandIn): PostedMessage[] {
  return taken.map(({ body, at }) => {
    const { text, blocks } = JSON.parse(body.toString());
    const shown = blocks.flatMap((block: { text?: { text: string }; elements?: { text: string }[] }) => [
      block.text?.text ?? '',
      ...(block.elements ?? []).map((element) => element.text),
    ]);
    return named('slack', [text, ...shown].join('\n'), 0, at);
  });
}

function told({ messages }: TelegramStandIn): PostedMessage[] {
  return messages
    .filter(({ text }) => !isEvidence(text))
    .map(({ text, pictures, at }) => named('telegram', text, pictures.length, at));
}

/** True for the second part of a message to Telegram. */
export function isEvidence(text: string): boolean {
  return /^Evidence of /m.test(text);
}

function ntfyMessages({ taken }: NtfyStandIn): PostedMessage[] {
  return taken.map(({ url: { searchParams }, body, at }) => {
    const message = searchParams.get('message');
    const text = [searchParams.get('title'), message ?? body.toString()].join('\n');
    return named('ntfy', text, message === null ? 0 : 1, at);
  });
}

function posts({ taken }: PostingStandIn): PostedMessage[] {
  return taken.map(({ body, at }) => named('webhook', JSON.parse(body.toString()).text, 0, at));
}

function named(channel: Posting, text: string, pictures: number, at: number): PostedMessage {
  return { channel, text, pictures, at, id: text.match(/^Id: (.+)$/m)?.[1] ?? '' };
}
