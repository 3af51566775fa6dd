import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { openApp } from '../../src/app/open.ts';
import type { Runtime } from '../../src/app/runtime.ts';
import { createLog } from '../../src/daemon/log.ts';
import { createSite } from '../../src/dashboard/server.ts';
import { doctor } from '../../src/health/doctor.ts';
import { drill } from '../../src/jobs/drill.ts';
import { loadSettings } from '../../src/settings/settings.ts';
import type { Fuzzing } from '../fuzz/fuzz.ts';
import { fileOf } from '../support/file-of.ts';
import { EVENT, openStory, SEP_17, SEP_18, type Story } from '../support/story.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Secrets as people have them: of letters that addresses, JSON, base64 and regular expressions write in other ways. */
const secret = fc.string({
  unit: fc.constantFrom(...'abcXYZ019-_.~!*+/=&?#%@:$"\\^ üñ'),
  minLength: 10,
  maxLength: 30,
});
const plain = fc.string({ unit: fc.constantFrom(...'abcdefXYZ0189-_'), minLength: 20, maxLength: 40 });

interface Planted {
  readonly webhook: string;
  readonly bot: string;
  readonly password: string;
  readonly heartbeat: string;
  readonly page: string;
  readonly slack: string;
  readonly telegram: string;
  readonly topic: string;
  readonly topicToken: string;
  readonly hook: string;
  readonly signing: string;
}

const letters = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'abcdefXYZ0189'), minLength: length, maxLength: length });

const planted: fc.Arbitrary<Planted> = fc.record({
  webhook: plain,
  bot: plain,
  password: secret,
  heartbeat: plain,
  page: plain,
  slack: letters(24),
  telegram: letters(35),
  topic: letters(20),
  // ntfy's begin so; half of one is none.
  topicToken: letters(29).map((text) => `tk_${text.toLowerCase()}`),
  hook: plain,
  signing: letters(32),
});

/** Every way in which a service could send a secret back to us. */
function spellings({ webhook, bot, password, heartbeat, page, ...posting }: Planted): string[] {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return [
    ...Object.values(posting),
    base64(posting.telegram),
    encodeURIComponent(`bot123456789:${posting.telegram}`),
    webhook,
    bot,
    password,
    encodeURIComponent(password),
    JSON.stringify(password).slice(1, -1),
    base64(password),
    base64(`\0bell\0${password}`),
    heartbeat,
    page,
    base64(page),
    // In other words than the program's own.
    new URLSearchParams({ p: password }).toString().slice(2),
    new URL(`http://x/?${encodeURIComponent(password)}`).search.slice(1),
    Buffer.from(password).toString('base64url'),
    Buffer.from(bot).toString('hex'),
    Buffer.from(webhook).toString('base64').replaceAll('=', ''),
    encodeURIComponent(password).replace(/%../g, (code) => code.toLowerCase()),
  ];
}

/**
 * Whatever the secrets are, and whatever services that know them say to us, they are in nothing that is printed, logged,
 * stored, sent or shown.
 */
export function fuzzSecrets(): Fuzzing {
  const property = fc.asyncProperty(planted, fc.constantFrom(400, 401, 403, 404, 500), async (secrets, status) => {
    const echo = spellings(secrets).join(' | ');
    const services = await startEchoes(echo, status);
    const { story, close } = await openStory();
    try {
      const shown = await everythingSaid(story, secrets, services);
      for (const [where, text] of shown) {
        for (const one of spellings(secrets))
          assert(!text.includes(one), `${where} shows ${one}: ${excerpt(text, one)}`);
      }
      assert(shown.length > 8);
    } finally {
      await close();
      await services.close();
    }
  });
  return { name: 'secrets', property: property as never, runs: 8 };
}

function excerpt(text: string, secretText: string): string {
  const at = text.indexOf(secretText);
  return text.slice(Math.max(0, at - 80), at + secretText.length + 40);
}

/** Discord, the heartbeat and the others that answer with what they were sent and more, and a mail server that says the password. */
async function startEchoes(echo: string, status: number) {
  const web = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        message: `no: ${echo}`,
        // As Telegram and ntfy say why.
        ok: false,
        description: `no: ${echo}`,
        error: `no: ${echo}`,
        code: 1,
        errors: { embeds: { _errors: [{ code: echo, message: echo }] } },
      }),
    );
  });
  const mail = createTcpServer((socket) => {
    socket.write('220 echo\r\n');
    socket.on('error', () => {});
    socket.on('data', (data) => {
      const line = data.toString();
      if (/^EHLO/i.test(line)) socket.write('250-echo\r\n250 AUTH PLAIN LOGIN\r\n');
      else socket.write(`535 5.7.8 no: ${echo.replace(/[^\x20-\x7e]/g, '?')} ${line.trim()}\r\n`);
    });
  });
  const ports = await Promise.all(
    [web, mail].map(
      (server) =>
        new Promise<number>((resolve) =>
          server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
        ),
    ),
  );
  return {
    web: `http://127.0.0.1:${ports[0]}`,
    mail: `127.0.0.1:${ports[1]}`,
    close: async () => {
      web.closeAllConnections();
      await Promise.all([web, mail].map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

/** Everything that the bot says in an evening with an event, a drill, the doctor and the daemon's round. */
async function everythingSaid(
  story: Story,
  { webhook, bot, password, heartbeat, page, ...posting }: Planted,
  services: Awaited<ReturnType<typeof startEchoes>>,
): Promise<[where: string, text: string][]> {
  const outbox = join(story.settings.databasePath, '../outbox');
  const environment = {
    ...story.environment,
    DISCORD_WEBHOOK_URL: `https://discord.com/api/webhooks/123/${webhook}`,
    DISCORD_BOT_TOKEN: bot,
    DISCORD_CHANNEL_ID: '456',
    DISCORD_API_URL: `${services.web}/api`,
    SMTP_URL: `smtp://bell:${encodeURIComponent(password)}@${services.mail}?ignoreTLS=true`,
    HEARTBEAT_URL: `${services.web}/ping/${heartbeat}`,
    OUTBOX_DIR: outbox,
    DASHBOARD_TOKEN: page,
    SLACK_WEBHOOK_URL: `${services.web}/services/T1/B1/${posting.slack}`,
    TELEGRAM_BOT_TOKEN: `123456789:${posting.telegram}`,
    TELEGRAM_CHAT_ID: '456',
    TELEGRAM_API_URL: services.web,
    NTFY_URL: `${services.web}/${posting.topic}`,
    NTFY_TOKEN: posting.topicToken,
    WEBHOOK_URL: `${services.web}/hooks/${posting.hook}`,
    WEBHOOK_SECRET: posting.signing,
  };
  const settings = loadSettings(ROOT, environment);
  story.load = () => settings;
  const said: [string, string][] = [];
  const say = (where: string, value: unknown) =>
    said.push([where, typeof value === 'string' ? value : JSON.stringify(value)]);

  await story.check(SEP_17);
  const stream = new PassThrough();
  const log = await createLog('trace', settings.secrets, stream);
  const done = await story.round(SEP_18);
  say('a round', { ...done, errors: [] });
  log.error({ err: new Error(`${JSON.stringify(environment)}`) }, `started with ${settings.secrets.join(' ')}`);
  say('the log', String(stream.read()));
  await story.at(SEP_18, async (app) => {
    say('a drill', await drill(app));
    const site = createSite(app);
    const pages = [
      '/',
      '/operations',
      '/preview',
      '/api/status',
      '/api/study',
      '/api/charts',
      '/api/ledger',
      '/nothing',
    ];
    const messages = (await app.ledger.newestMessages(30)).map(({ id }) => `/messages/${id}`);
    for (const path of ['/healthz', '/metrics', ...pages, ...messages]) {
      const answer = await site.request(path, { headers: { authorization: `Bearer ${page}` } });
      assert.notEqual(answer.status, 401);
      say(path, await answer.text());
      say(`${path} without the token`, await (await site.request(path)).text());
    }
  });
  const runtime: Runtime = {
    now: () => Date.parse(SEP_18),
    sleep: async () => {},
    random: () => 0,
    progress: () => {},
  };
  say('the doctor', await doctor(settings, runtime, ROOT));
  const app = await openApp(settings, runtime);
  say('deliveries', fileOf(app).prepare('select * from deliveries').all());
  app.close();
  for (const name of readdirSync(outbox)) say(name, readFileSync(join(outbox, name), 'utf8'));
  say('the database', readFileSync(settings.databasePath, 'latin1'));
  say('the database, as UTF-8', readFileSync(settings.databasePath, 'utf8'));
  assert(
    said.some(([where]) => where.includes(EVENT.replace('russell-2000/', ''))),
    'the alert lies in no folder',
  );
  return said;
}
