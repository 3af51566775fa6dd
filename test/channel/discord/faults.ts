import { discordError, INVALID_TOKEN, rateLimited } from '../../support/discord-answers.ts';
import type { DiscordFault, DiscordStandIn } from '../../support/discord-stand-in.ts';

const DISCORD_FAULTS: Readonly<Record<string, DiscordFault>> = {
  hang: 'hang',
  'hang before the body': 'hang-before-body',
  reset: 'reset',
  drop: 'drop',
  truncate: 'truncate',
  stall: 'stall',
  'accept, then reset': 'accept-then-reset',
  'accept, then hang': 'accept-then-hang',
  400: discordError(400, 50035, 'Invalid Form Body'),
  401: INVALID_TOKEN,
  403: discordError(403, 50013, 'Missing Permissions'),
  404: discordError(404, 10015, 'Unknown Webhook'),
  429: rateLimited(30),
  '429 for all': rateLimited(30, true),
  '429 without a word': { status: 429 },
  500: { status: 500, body: '<html>Internal Server Error</html>' },
  '200 with a page': { body: '<html>Log in to this network</html>' },
  '200 with half of a JSON': { headers: { 'content-type': 'application/json' }, body: '{"id": ' },
  '200 with nothing': { status: 200 },
  204: { status: 204 },
};

/** Each of these as a switch of the stand-in. */
export function faultsOf(discord: DiscordStandIn): Record<string, () => void> {
  return Object.fromEntries(
    Object.entries(DISCORD_FAULTS).map(([name, fault]) => [name, () => Object.assign(discord, { fault: () => fault })]),
  );
}
