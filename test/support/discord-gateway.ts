import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { APIEmbed } from 'discord.js';
import { type WebSocket, WebSocketServer } from 'ws';
import { guild, interaction, POSTED, ready, user } from './discord-events.ts';
import { messageFields } from './discord-messages.ts';
import { BOT_ID, type Body, CHANNEL_ID, type DiscordStandIn, GUILD_ID } from './discord-stand-in.ts';
import type { Answer } from './http.ts';

// Discord's numbers of what goes over the gateway. Source: its reference, "Gateway Opcodes".
const DISPATCH = 0;
const HEARTBEAT = 1;
const IDENTIFY = 2;
const RESUME = 6;
const RECONNECT = 7;
const INVALID_SESSION = 9;
const HELLO = 10;
const HEARTBEAT_ACK = 11;

/** What the bot answered to one interaction. */
export interface Reply {
  /** True where only the asker sees it. */
  ephemeral: boolean;
  content: string;
  embeds: APIEmbed[];
  files: { name: string; size: number }[];
}

/** Discord's gateway on loopback, and the REST routes that go with it, beside a stand-in of its REST interface. */
export interface GatewayStandIn {
  readonly port: number;
  /** What happened, in order: `identify 1`, `resume`, `heartbeat`, `commands put`, … */
  readonly events: string[];
  /** The intents of the newest identify. */
  readonly intents: () => number | undefined;
  /** The registered commands; may be changed. */
  commands: unknown[];
  /** Resolves when an event has happened so many times. */
  happened(event: string, times?: number): Promise<void>;
  /** Sends a slash command and waits for the final answer. */
  command(
    name: string,
    options?: Readonly<Record<string, string | boolean>>,
    permissions?: bigint,
    guild?: string,
  ): Promise<Reply>;
  /** The id of whoever asks; may be changed. */
  person: string;
  /** The name of whoever asks in the server; null: none of its own. May be changed. */
  nick: string | null;
  /** Presses a button and waits for the final answer. */
  press(customId: string): Promise<Reply>;
  /** Asks the bot to connect again, as Discord does when it moves it to another machine. */
  askToReconnect(): void;
  /** Ends the session: the bot has to identify anew. */
  invalidate(): void;
  /** Breaks the connection without a word. */
  cut(): void;
  /** Closes it with a code: 4004 says that the token is wrong. */
  closeWith(code: number): void;
  /** Milliseconds between heartbeats; of the next connection. */
  heartbeatInterval: number;
  /** False: no connection is taken. */
  up: boolean;
  /** True: an identify gets no answer. */
  quiet: boolean;
  /** Connections that were not taken. */
  readonly refused: number;
  /** Sends any event. */
  dispatch(name: string, data: object): void;
  close(): Promise<void>;
}

/** Starts a gateway for a stand-in of Discord. */
export async function startGateway(discord: DiscordStandIn): Promise<GatewayStandIn> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `ws://127.0.0.1:${port}`;
  const events: string[] = [];
  const waiting = new Set<() => void>();
  const replies = new Map<string, { reply: Reply; done: (reply: Reply) => void }>();
  let [sequence, interactions, refused] = [0, 0, 0];
  let intents: number | undefined;
  let socket: WebSocket | undefined;

  const happen = (event: string) => {
    events.push(event);
    for (const look of waiting) look();
  };
  const dispatch = (to: WebSocket, t: string, d: unknown) => {
    to.send(JSON.stringify({ op: DISPATCH, s: ++sequence, t, d }));
  };
  server.on('connection', (connection) => {
    if (!gateway.up) {
      refused++;
      connection.terminate();
      return;
    }
    socket = connection;
    connection.send(JSON.stringify({ op: HELLO, d: { heartbeat_interval: gateway.heartbeatInterval } }));
    connection.on('message', (bytes) => {
      const { op, d } = JSON.parse(String(bytes)) as { op: number; d: { token?: string; intents?: number } };
      if (op === HEARTBEAT) {
        connection.send(JSON.stringify({ op: HEARTBEAT_ACK }));
        happen('heartbeat');
      } else if (op === IDENTIFY) {
        if (d.token !== discord.botToken) {
          connection.close(4004, 'Authentication failed.');
          return;
        }
        intents = d.intents;
        if (!gateway.quiet) {
          dispatch(connection, 'READY', ready(url));
          dispatch(connection, 'GUILD_CREATE', guild());
        }
        happen('identify');
      } else if (op === RESUME) {
        dispatch(connection, 'RESUMED', {});
        happen('resume');
      }
    });
  });

  discord.more = ({ method, path }, body, authorization) => {
    const callback = path.match(/^\/api\/v10\/interactions\/\d+\/([\w-]+)\/callback$/);
    if (callback && method === 'POST') {
      const { type, data } = body.payload as unknown as { type: number; data?: { flags?: number } };
      const waits = replies.get(callback[1] ?? '');
      happen(`callback ${type}`);
      if (waits !== undefined) waits.reply.ephemeral = ((data?.flags ?? 0) & 64) !== 0;
      return { status: 204 };
    }
    const edit = path.match(/^\/api\/v10\/webhooks\/\d+\/(interaction-\d+)\/messages\/(?:@|%40)original$/);
    if (edit && method === 'PATCH') return answered(replies.get(edit[1] ?? ''), body);
    const routes = ['/api/v10/gateway/bot', `/api/v10/applications/${BOT_ID}/guilds/${GUILD_ID}/commands`];
    if (!routes.includes(path)) return undefined;
    if (authorization !== `Bot ${discord.botToken}`) {
      return { status: 401, body: JSON.stringify({ message: '401: Unauthorized', code: 0 }) };
    }
    if (path === routes[0]) {
      const session_start_limit = { total: 1000, remaining: 1000, reset_after: 0, max_concurrency: 1 };
      return { body: JSON.stringify({ url, shards: 1, session_start_limit }) };
    }
    if (method === 'PUT') {
      gateway.commands = body.payload as unknown as unknown[];
      happen('commands put');
    } else happen('commands read');
    return { body: JSON.stringify(gateway.commands) };
  };

  const ask = (type: number, data: object, permissions: bigint, from = GUILD_ID): Promise<Reply> => {
    const token = `interaction-${++interactions}`;
    return new Promise((done, fail) => {
      if (socket === undefined) fail(new Error('no bot is connected'));
      else {
        replies.set(token, { reply: { ephemeral: false, content: '', embeds: [], files: [] }, done });
        const sent = interaction(interactions, token, type, data, permissions, gateway.person, gateway.nick);
        dispatch(socket, 'INTERACTION_CREATE', { ...sent, guild_id: from });
      }
    });
  };

  const gateway: GatewayStandIn = {
    port,
    events,
    intents: () => intents,
    commands: [],
    happened: (event, times = 1) =>
      new Promise((resolve) => {
        const look = () => {
          if (events.filter((one) => one === event).length < times) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    command: (name, options = {}, permissions = 0n, from = GUILD_ID) =>
      ask(
        2,
        {
          id: '1',
          name,
          type: 1,
          options: Object.entries(options).map(([option, value]) => ({
            name: option,
            type: typeof value === 'boolean' ? 5 : 3,
            value,
          })),
        },
        permissions,
        from,
      ),
    person: '1417934283201413190',
    nick: null,
    press: (customId) => ask(3, { custom_id: customId, component_type: 2 }, 0n),
    askToReconnect: () => socket?.send(JSON.stringify({ op: RECONNECT, d: null })),
    invalidate: () => socket?.send(JSON.stringify({ op: INVALID_SESSION, d: false })),
    cut: () => socket?.terminate(),
    closeWith: (code) => socket?.close(code),
    heartbeatInterval: 45_000,
    up: true,
    quiet: false,
    get refused() {
      return refused;
    },
    dispatch: (name, data) => {
      if (socket !== undefined) dispatch(socket, name, data);
    },
    close: () =>
      new Promise((resolve) => {
        for (const client of server.clients) client.terminate();
        server.close(() => resolve());
      }),
  };
  return gateway;
}

function answered(waits: { reply: Reply; done: (reply: Reply) => void } | undefined, { payload, files }: Body): Answer {
  if (waits === undefined) return { status: 404, body: JSON.stringify({ message: 'Unknown Webhook', code: 10015 }) };
  const reply = { ...waits.reply, content: payload.content ?? '', embeds: payload.embeds ?? [], files };
  waits.done(reply);
  return {
    body: JSON.stringify({
      id: '1417934283201413199',
      type: 20,
      channel_id: CHANNEL_ID,
      author: user(BOT_ID, true),
      content: reply.content,
      embeds: reply.embeds,
      attachments: [],
      ...messageFields(POSTED),
    }),
  };
}
