import { readAll, SettingsError } from '../channel/settings-error.ts';
import type { Variables } from '../channel/variables.ts';
import type { ProxySettings } from './proxy.ts';

/** The variables that may hold a proxy's login. */
export const PROXY_VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'];

/** As curl and most programs read them: names in lower case win, and an address may leave its `http://` out. @throws {SettingsError} */
export function readProxy(env: Variables): ProxySettings | undefined {
  const { https, http } = readAll({
    https: () => proxyAddress('HTTPS_PROXY', env.https_proxy ?? env.HTTPS_PROXY),
    http: () => proxyAddress('HTTP_PROXY', env.http_proxy ?? env.HTTP_PROXY),
  });
  if (https === undefined && http === undefined) return undefined;
  return { https: https ?? http, http, except: env.no_proxy ?? env.NO_PROXY };
}

function proxyAddress(variable: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  const login = decodable(url?.username ?? '') && decodable(url?.password ?? '');
  if (url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '' && login) return url.href;
  // The value may hold a password.
  throw new SettingsError(
    `${variable} is not the address of a proxy; allowed: http://host:port or http://user:password@host:port, with special ` +
      'characters in user and password percent-encoded (SOCKS is not supported)',
  );
}

function decodable(text: string): boolean {
  return !/%(?![0-9a-f]{2})/i.test(text);
}
