import { pino } from 'pino';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { startBotThread } from '../../src/bot/start.ts';
import { createDiscordBotChannel } from '../../src/channel/discord-bot/transport.ts';
import { createDiscordWebhookChannel } from '../../src/channel/discord-webhook/transport.ts';
import { createWebhookChannel } from '../../src/channel/webhook/transport.ts';
import { heartbeat } from '../../src/health/heartbeat.ts';
import { createCboeWitness } from '../../src/market/cboe.ts';
import { createYahooSource } from '../../src/market/yahoo.ts';
import { cleanWords } from '../../src/message/clean-words.ts';
import { type ProxySettings, useProxy } from '../../src/settings/proxy.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import { startCboe } from '../support/cboe-server.ts';
import { runCli } from '../support/cli.ts';
import { startGateway } from '../support/discord-gateway.ts';
import { startDiscord } from '../support/discord-server.ts';
import { BOT } from '../support/discord-stand-in.ts';
import { outgoing } from '../support/examples.ts';
import { startHeartbeat } from '../support/heartbeat-server.ts';
import { startPosting } from '../support/posting-server.ts';
import { closedPort, type ProxyStandIn, startProxy, startTls } from '../support/proxy-server.ts';
import { SEP_17, SEP_18, startStory } from '../support/story.ts';
import { temporaryFolder, useStandIn } from '../support/temporary.ts';
import { startYahoo } from '../support/yahoo-server.ts';

const ROOT = `${import.meta.dirname}/../..`;
const LOGIN = 'watcher:s3cr%40t-proxy';
const NOW = Date.parse(SEP_18);
const HISTORY = [
  { session: '2025-09-17', close: 2407.34 },
  { session: '2025-09-18', close: 2467.7 },
];

/** Everything that is called over HTTP, behind TLS, and a call of each. */
async function startServices() {
  const yahoo = await useStandIn(startYahoo());
  yahoo.now = NOW;
  yahoo.closes.set('^RUT', HISTORY);
  const discord = await useStandIn(startDiscord());
  const cboe = await useStandIn(startCboe());
  cboe.now = NOW;
  cboe.closes.set('_RUT', HISTORY);
  const alive = await useStandIn(startHeartbeat());
  const ports: string[] = [];
  const secured = async (url: string) => {
    const { origin, port, pathname } = new URL(url);
    const front = await useStandIn(startTls(Number(port)));
    ports.push(`127.0.0.1:${front.port}`);
    return { url: `https://127.0.0.1:${front.port}${pathname.replace(/\/$/, '')}`, plain: origin };
  };
  const hook = await useStandIn(startPosting(() => ({ answer: { status: 204 }, takes: true })));
  const [yahooUrl, discordUrl, cboeUrl, aliveUrl, hookUrl] = [
    await secured(yahoo.url),
    await secured(discord.url),
    await secured(cboe.url),
    await secured(alive.url),
    await secured(`http://127.0.0.1:${hook.port}/bell`),
  ].map(({ url }) => url) as [string, string, string, string, string];
  // Slack, Telegram and ntfy go the same way: src/channel/http/ask.ts.
  const own = createWebhookChannel({ url: new URL(hookUrl), key: undefined });
  const patience = { attempts: 1, firstDelay: 0, maxDelay: 0, sleep: async () => {}, random: () => 0 };
  const [, id = '', token = ''] = new URL(discord.webhookUrl).pathname.match(/webhooks\/(\d+)\/(.*)$/) ?? [];
  const webhook = createDiscordWebhookChannel({ id, token, threadId: undefined, api: discordUrl }, undefined);
  const bot = createDiscordBotChannel(
    { token: BOT.DISCORD_BOT_TOKEN, channelId: BOT.DISCORD_CHANNEL_ID, api: discordUrl },
    undefined,
  );
  return {
    ports,
    urls: { yahooUrl, discordUrl, cboeUrl, aliveUrl },
    discord,
    calls: {
      yahoo: () => createYahooSource({ url: yahooUrl, timeout: 5000, patience }).read('^RUT', undefined, NOW),
      webhook: () => webhook.send(outgoing()),
      bot: () => bot.send(outgoing()),
      heartbeat: () => heartbeat(aliveUrl, 'ok'),
      own: () => own.send(outgoing()),
      witness: () => createCboeWitness({ url: cboeUrl, timeout: 5000 }).ask('^RUT', NOW),
    },
  };
}

/** Uses a proxy until the test ends, and trusts every certificate. */
function through({ url }: Pick<ProxyStandIn, 'url'>, except?: string): void {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  onTestFinished(() => void vi.unstubAllEnvs());
  const undo = useProxy({ https: url, http: url, except });
  if (undo === undefined) throw new Error('this Node has no proxies');
  onTestFinished(undo);
}

describe('a proxy', () => {
  test('is used by everything that is called over HTTP', async () => {
    const proxy = await useStandIn(startProxy(LOGIN));
    const { calls, ports } = await startServices();
    through(proxy);
    expect((await calls.yahoo()).bars).toHaveLength(2);
    expect(await calls.webhook()).toMatchObject({ state: 'sent' });
    expect(await calls.bot()).toMatchObject({ state: 'sent' });
    expect(await calls.own()).toMatchObject({ state: 'sent' });
    expect(await calls.witness()).toMatchObject({ session: '2025-09-18' });
    expect(await calls.heartbeat()).toBeNull();
    expect(new Set(proxy.requests)).toEqual(new Set(ports.map((port) => `CONNECT ${port}`)));
    expect(new Set(proxy.logins)).toEqual(new Set([`Basic ${Buffer.from('watcher:s3cr@t-proxy').toString('base64')}`]));
  });

  test('is passed by for what NO_PROXY names', async () => {
    const proxy = await useStandIn(startProxy());
    const { calls, ports } = await startServices();
    through(proxy, `example.com, ${ports[0]},${ports[2]}`);
    for (const call of Object.values(calls)) await call();
    expect(new Set(proxy.requests)).toEqual(new Set([1, 3, 4].map((index) => `CONNECT ${ports[index]}`)));
  });

  test.each(['*', '127.0.0.1'])('is not used at all with NO_PROXY=%s', async (except) => {
    const proxy = await useStandIn(startProxy());
    const { calls } = await startServices();
    through(proxy, except);
    for (const call of Object.values(calls)) await call();
    expect(proxy.requests).toEqual([]);
  });

  test.each([
    [403, 'the proxy refused the connection (HTTP 403)'],
    [502, 'the proxy refused the connection (HTTP 502)'],
    [407, 'the proxy rejected the login (HTTP 407); check HTTPS_PROXY'],
  ])('that answers CONNECT with %d is named, and nothing reaches the service', async (status, words) => {
    const proxy = await useStandIn(startProxy());
    proxy.refuses = status;
    const { calls, discord } = await startServices();
    through({ url: proxy.url.replace('//', `//${LOGIN}@`) });
    await expect(calls.yahoo()).rejects.toThrow(`^RUT: 127.0.0.1:`);
    await expect(calls.yahoo()).rejects.toThrow(`cannot be reached (${words}); the next run tries again`);
    await expect(calls.witness()).rejects.toThrow(`cannot be reached (${words})`);
    expect(await calls.heartbeat()).toBe(`HEARTBEAT_URL cannot be reached (${words})`);
    const outcome = await calls.webhook();
    expect(outcome.state).not.toBe('sent');
    expect(JSON.stringify(outcome)).not.toMatch(/s3cr|watcher/);
    expect(await calls.own()).toMatchObject({
      state: 'refused',
      permanent: false,
      reason: expect.stringContaining(words),
    });
    expect(discord.requests).toEqual([]);
  });

  test('that is not there is named by its code', async () => {
    const { calls } = await startServices();
    through({ url: `http://${LOGIN}@127.0.0.1:${await closedPort()}` });
    await expect(calls.yahoo()).rejects.toThrow('cannot be reached (ECONNREFUSED)');
    expect(await calls.webhook()).toMatchObject({ state: 'refused', permanent: false });
    expect(await calls.own()).toMatchObject({ state: 'refused', permanent: false });
  });

  test('does not open TLS: a certificate that nobody trusts is refused behind it too', async () => {
    const proxy = await useStandIn(startProxy());
    const { calls, discord } = await startServices();
    through(proxy);
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '1');
    await expect(calls.yahoo()).rejects.toThrow(/cannot be reached \(.*(CERT|SELF_SIGNED)/);
    expect(await calls.bot()).toMatchObject({ reason: expect.stringMatching(/^no trusted connection to Discord/) });
    expect(await calls.own()).toMatchObject({ state: 'refused', reason: expect.stringMatching(/CERT|SELF_SIGNED/) });
    expect(discord.requests).toEqual([]);
  });

  test('is used by the gateway of the bot, in its own thread', async () => {
    const proxy = await useStandIn(startProxy(LOGIN));
    const story = await startStory({ ...BOT, DISCORD_WEBHOOK_URL: '', SMTP_URL: '', EMAIL_FROM: '', EMAIL_TO: '' });
    const gateway = await startGateway(story.discord);
    onTestFinished(() => gateway.close());
    const routes = story.discord.more;
    let front: number | undefined;
    story.discord.more = (request, body, authorization) => {
      const answer = routes?.(request, body, authorization);
      if (request.path !== '/api/v10/gateway/bot' || answer?.status !== undefined) return answer;
      return { body: (answer?.body ?? '').replace(/ws:\/\/127\.0\.0\.1:\d+/, `wss://127.0.0.1:${front}`) };
    };
    front = (await useStandIn(startTls(gateway.port))).port;
    story.configure({ HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url });
    for (const [name, value] of Object.entries(story.environment)) vi.stubEnv(name, value);
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => void vi.unstubAllEnvs());
    const log: Record<string, unknown>[] = [];
    const lines = pino({}, { write: (line: string) => void log.push(JSON.parse(line)) });
    await story.at(SEP_17, async (app) => {
      const bot = startBotThread(app, lines, 100);
      await gateway.happened('identify');
      await gateway.happened('commands put');
      await bot.close();
    });
    expect(proxy.requests).toContain(`CONNECT 127.0.0.1:${front}`);
    expect(proxy.requests).toContain(`CONNECT ${new URL(story.discord.url).host}`);
    expect(JSON.stringify(log)).not.toMatch(/s3cr|watcher/);
  }, 30_000);
});

describe('the commands', () => {
  test('use it from .env or the environment, and say no login', async () => {
    const proxy = await useStandIn(startProxy(LOGIN));
    const { urls, ports, discord } = await startServices();
    const env = {
      HTTPS_PROXY: proxy.url,
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      YAHOO_FINANCE_URL: urls.yahooUrl,
      WITNESS: 'cboe',
      WITNESS_URL: urls.cboeUrl,
      DISCORD_WEBHOOK_URL: discord.webhookUrl,
      DISCORD_API_URL: urls.discordUrl,
      DATABASE_PATH: `${temporaryFolder()}/market.db`,
    };
    const { out, err } = await runCli(['doctor'], env);
    expect(out).toContain(`; proxy: ${new URL(proxy.url).host}`);
    expect(out).toMatch(/^ok {4}cboe: \^RUT: 2,467.70 of 18 Sep 2025, a delayed quote$/m);
    expect(out).toMatch(/^ok {4}discord-webhook: /m);
    expect(proxy.requests).toEqual(expect.arrayContaining(ports.slice(0, 3).map((port) => `CONNECT ${port}`)));
    expect(out + err).not.toMatch(/s3cr|watcher/);

    proxy.refuses = 407;
    const refused = await runCli(['doctor'], env);
    expect(refused.out).toMatch(/FAIL {2}yahoo: .*the proxy rejected the login \(HTTP 407\)/);
    expect(refused.out).toMatch(
      /FAIL {2}cboe: Cboe cannot be reached \(the proxy rejected the login.*alerts still go out/,
    );
    expect(refused.out + refused.err).not.toMatch(/s3cr|watcher/);
  });
});

describe('the settings', () => {
  const proxyOf = (env: Record<string, string>): ProxySettings | undefined => loadSettings(ROOT, env).proxy;

  test('name none by default; NO_PROXY alone is none', () => {
    expect(proxyOf({})).toBeUndefined();
    expect(proxyOf({ NO_PROXY: 'example.com' })).toBeUndefined();
    expect(proxyOf({ HTTPS_PROXY: '' })).toBeUndefined();
  });

  test.each([
    [{ HTTPS_PROXY: 'http://p:3128' }, { https: 'http://p:3128/', http: undefined, except: undefined }],
    [{ HTTP_PROXY: 'http://p:3128' }, { https: 'http://p:3128/', http: 'http://p:3128/', except: undefined }],
    [
      { HTTPS_PROXY: 'p.example:3128', NO_PROXY: 'a,b' },
      { https: 'http://p.example:3128/', except: 'a,b' },
    ],
    [{ HTTPS_PROXY: 'http://upper:1', https_proxy: 'http://lower:1' }, { https: 'http://lower:1/' }],
    [
      { HTTPS_PROXY: 'https://p', no_proxy: 'c', NO_PROXY: 'd' },
      { https: 'https://p/', except: 'c' },
    ],
  ])('%j', (env, expected) => {
    expect(proxyOf(env as Record<string, string>)).toMatchObject(expected);
  });

  test.each(['socks5://p:1080', 'http://', 'http://us%er:pass@p', 'http://user:100%@p:1', ':'])(
    "'%s' is refused without its value",
    (value) => {
      expect(() => proxyOf({ HTTPS_PROXY: value })).toThrow(
        /^HTTPS_PROXY is not the address of a proxy; allowed: http:/,
      );
      expect(() => proxyOf({ HTTPS_PROXY: value })).not.toThrow(/us%er|100%|1080/);
    },
  );

  test('the login is a secret, as it is written and as it is sent', () => {
    for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY']) {
      const { secrets } = loadSettings(ROOT, { [name]: `http://${LOGIN}@p:3128` });
      const sent = Buffer.from('watcher:s3cr@t-proxy').toString('base64');
      for (const text of [`http://${LOGIN}@p:3128/`, 's3cr@t-proxy', 's3cr%40t-proxy', sent]) {
        expect(cleanWords(`it says ${text} here`, secrets)).not.toContain(text);
      }
    }
  });
});
