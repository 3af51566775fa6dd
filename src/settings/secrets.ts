import { channelSecrets } from '../channel/channel-settings.ts';
import { loginSecrets } from '../channel/login-secrets.ts';
import type { ChannelSettings } from '../channel/registry.ts';
import type { Variables } from '../channel/variables.ts';
import type { PostgresAddress } from '../store/postgres/address.ts';
import { postgresSecrets } from './postgres-settings.ts';
import { PROXY_VARIABLES } from './proxy-settings.ts';

/** Shorter ones are no words of their own in a text. */
const SHORTEST = 4;

/** Every text that must never be shown, in every spelling, the longest first. */
export function secretsOf(env: Variables, channels: ChannelSettings, postgres: PostgresAddress | undefined): string[] {
  const { HEARTBEAT_URL, DASHBOARD_TOKEN } = env;
  const secrets = [
    ...channelSecrets(channels, env),
    DASHBOARD_TOKEN,
    // Who knows the address of the heartbeat can say in our name that all is well.
    HEARTBEAT_URL,
    ...pathSecrets(HEARTBEAT_URL),
    ...PROXY_VARIABLES.flatMap((name) => loginSecrets(env[name])),
    ...postgresSecrets(env, postgres),
  ];
  const spelled = secrets.flatMap((text) => (text === undefined ? [] : spellings(text)));
  // A URL goes as a whole before the token inside it.
  return [...new Set(spelled)].filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length);
}

/** The path of an address and the keys in it: what a server echoes. Shorter parts are words. */
function pathSecrets(address: string | undefined): string[] {
  const path = URL.parse(address ?? '')?.pathname ?? '/';
  return [...(path.length > 8 ? [path] : []), ...path.split('/').filter((part) => part.length >= 16)];
}

/** The ways in which services write a text back: in addresses, forms, JSON, HTML, base64 and hexadecimal. */
function spellings(text: string): string[] {
  const bytes = Buffer.from(text);
  const percent = encodeURIComponent(text);
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  const everyByte = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  const json = JSON.stringify(text).slice(1, -1);
  const ascii = json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const html = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const hex = bytes.toString('hex');
  return [
    text,
    percent,
    percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    form,
    form.replaceAll('+', '%20'),
    form.replaceAll('+', '%20').replaceAll('%7E', '~'),
    percent.replaceAll('%20', '+'),
    encodeURI(text),
    everyByte,
    everyByte.toUpperCase(),
    json,
    ascii,
    json.replaceAll('/', '\\/'),
    html,
    html.replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
    bytes.toString('base64'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    hex,
    hex.toUpperCase(),
    bytes.toString('latin1'),
  ];
}
