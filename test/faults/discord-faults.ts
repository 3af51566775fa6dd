import { discordError, INVALID_TOKEN, rateLimited } from '../support/discord-answers.ts';
import type { Answer } from '../support/http.ts';
import { SEP_18, SEP_19, SEP_22 } from '../support/story.ts';
import { BELIEVED, discordFault, type Expectation, type Fault } from './fault.ts';

const page = { status: 502, body: '<html>Bad Gateway</html>' };

/** Surely not taken: mail has arrived, Discord gets it as soon as it works. */
const refused = (printed: RegExp, tries: readonly [number, number]): Expectation => ({
  printed,
  code: 1,
  stored: BELIEVED,
  arrives: { webhook: 2, bot: 2 },
  tries,
});
const words = (text: string) => new RegExp(`^Delivery .* to discord-webhook: .*${text}`);

/** What should be Discord is at another address. */
function elsewhere(address: string): Fault['strike'] {
  return (story) => {
    const { DISCORD_API_URL = '' } = story.environment;
    story.configure({ DISCORD_API_URL: address });
    return () => story.configure({ DISCORD_API_URL });
  };
}

/** Discord takes everything but files. */
function refusedPictures(answer: Answer): Fault['strike'] {
  return (story) => {
    story.pictures = true;
    story.discord.more = ({ method }, { files }) => (method === 'POST' && files.length > 0 ? answer : undefined);
    return () => {
      story.discord.more = undefined;
    };
  };
}

export const DISCORD_FAULTS: readonly Fault[] = [
  {
    service: 'Discord',
    what: '401',
    strike: discordFault(INVALID_TOKEN),
    expect: refused(words('failed .*set DISCORD_WEBHOOK_URL'), [1, 1]),
  },
  {
    service: 'Discord',
    what: '403',
    strike: discordFault(discordError(403, 50013, 'Missing Permissions')),
    // It may be about Attach Files: the file with the evidence is left out at once.
    expect: refused(words('failed .*Missing Permissions'), [2, 2]),
  },
  {
    service: 'Discord',
    what: '404',
    strike: discordFault(discordError(404, 10015, 'Unknown Webhook')),
    expect: refused(words('failed .*set DISCORD_WEBHOOK_URL'), [1, 1]),
  },
  {
    service: 'Discord',
    what: '429 for 2 seconds, once',
    strike: discordFault(rateLimited(2), 'webhook', 1),
    expect: { printed: null, code: 0, stored: BELIEVED, tries: [2, 0] },
  },
  {
    service: 'Discord',
    what: '429 for an hour',
    strike: discordFault(rateLimited(3600)),
    expect: refused(words('pending .*slow down \\(HTTP 429\\) for 360[01] s'), [1, 0]),
  },
  {
    service: 'Discord',
    what: '429 for an hour, for all routes',
    strike: discordFault(rateLimited(3600, true)),
    expect: refused(words('pending .*slow down \\(HTTP 429\\) for 360[01] s'), [1, 0]),
  },
  {
    service: 'Discord',
    what: '500',
    strike: discordFault({ status: 500 }),
    expect: refused(words('pending after 3 attempts .*HTTP 500'), [3, 3]),
  },
  {
    service: 'Discord',
    what: '502 with a page',
    strike: discordFault(page),
    expect: refused(words('pending after 3 attempts .*HTTP 502'), [3, 3]),
  },
  {
    service: 'Discord',
    what: 'a redirect to another host',
    strike: discordFault({ status: 307, headers: { location: 'http://127.0.0.1:1/' } }),
    expect: refused(words('pending .*did not come from Discord .*redirects elsewhere'), [1, 1]),
  },
  {
    service: 'Discord',
    what: 'nobody listens',
    strike: elsewhere('http://127.0.0.1:1/api'),
    expect: refused(words('pending after 3 attempts .*cannot be reached \\(ECONNREFUSED\\)'), [3, 3]),
  },
  {
    service: 'Discord',
    what: 'no address',
    // A name with a part of over 63 letters, which no resolver ever asks for.
    strike: elsewhere(`http://${'x'.repeat(64)}.invalid/api`),
    expect: refused(words('pending after 3 attempts .*cannot be reached'), [3, 3]),
  },
  {
    service: 'Discord',
    what: 'the login page of a network, with 200',
    strike: discordFault({ body: '<html>Log in to this network</html>' }),
    expect: refused(words('pending .*did not come from Discord .*so it was not sent'), [1, 1]),
  },
  {
    service: 'Discord',
    what: 'the login page of a proxy, with 407',
    strike: discordFault({ status: 407, body: '<html>Log in</html>' }),
    expect: refused(words('pending .*did not come from Discord .*a proxy asks for a login'), [1, 1]),
  },
  {
    service: 'Discord',
    what: '413 for the pictures',
    strike: refusedPictures(discordError(413, 40005, 'Request entity too large')),
    expect: { printed: null, code: 0, stored: BELIEVED, tries: [2, 0] },
  },
  {
    service: 'Discord',
    what: '403 for Attach Files',
    strike: refusedPictures(discordError(403, 50013, 'Missing Permissions')),
    expect: { printed: null, code: 0, stored: BELIEVED, tries: [2, 0] },
  },
  {
    service: 'Discord',
    what: 'the webhook is of a forum',
    strike: ({ discord }) => {
      discord.channel = { type: 15 };
      return () => {
        discord.channel = { type: 0 };
      };
    },
    expect: refused(words('failed .*append \\?thread_name='), [1, 1]),
  },
  {
    service: 'Discord',
    what: 'hang before the body',
    timeout: 400,
    strike: discordFault('hang-before-body'),
    // Nobody could know: the webhook's only copy says so. The bot looks, and sees that it is not there.
    expect: { ...refused(words('unknown .*did not answer in time'), [1, 0]), marked: ['webhook'] },
  },
  {
    service: 'Discord',
    what: 'hang after the body, not taken',
    timeout: 400,
    strike: discordFault('hang'),
    expect: { ...refused(words('unknown .*did not answer in time'), [1, 0]), marked: ['webhook'] },
  },
  {
    service: 'Discord',
    what: 'webhook: taken, then a hang, once',
    timeout: 400,
    strike: discordFault('accept-then-hang', 'webhook', 1),
    expect: {
      printed: words('unknown .*did not answer in time'),
      code: 1,
      stored: BELIEVED,
      copies: { webhook: 2 },
      tries: [1, 0],
    },
  },
  {
    service: 'Discord',
    what: 'webhook: taken, then a reset, every time',
    strike: discordFault('accept-then-reset', 'webhook'),
    runs: [SEP_18, '2025-09-18T21:30:00Z', '2025-09-19T12:30:00Z', SEP_19, SEP_22, '2025-09-23T20:45:00Z'],
    mended: 6,
    // Four attempts that may have arrived, spread over days, are enough: it stays unknown, and the daemon says so
    // through the others.
    expect: {
      printed: words('unknown .*connection to Discord broke'),
      code: 1,
      stored: BELIEVED,
      copies: { webhook: 4 },
      tries: [1, 0],
      left: /to discord-webhook: unknown after 4 attempts/,
    },
  },
  {
    service: 'Discord',
    what: 'bot: taken, then a hang, once',
    timeout: 400,
    strike: discordFault('accept-then-hang', 'bot', 1),
    // Read back in the same run.
    expect: { printed: null, code: 0, stored: BELIEVED, copies: { bot: 1 }, tries: [1, 0] },
  },
  {
    service: 'Discord',
    what: 'bot: taken, then a reset, and no reading back that evening',
    strike: discordFault('accept-then-reset', 'bot'),
    expect: {
      printed: /to discord-bot: unknown .*connection to Discord broke/,
      code: 1,
      stored: BELIEVED,
      copies: { bot: 1 },
      tries: [1, 0],
    },
  },
  {
    service: 'Discord',
    what: 'reset',
    strike: discordFault('reset'),
    expect: { ...refused(words('unknown .*connection to Discord broke'), [1, 0]), marked: ['webhook'] },
  },
];
