import { isIPv4 } from 'node:net';

/** How a request says which host it means. */
export interface HostAsked {
  /** The values of all its Host headers. */
  readonly hosts: readonly string[];
  /** What stands behind its method: a path, or a whole address, whose host counts too. */
  readonly target: string;
}

/** A name or an address as Host headers have it: letters, digits, dots, dashes, or an IPv6 address in brackets; then a port. */
const HOST = /^(\[[\da-f:.]+\]|[a-z\d_](?:[a-z\d._-]*[a-z\d_])?)\.?(?::\d{1,5})?$/i;
const LONGEST = 300;
/** What listens on every address of a machine, and is none itself. */
const EVERY_ADDRESS = ['0.0.0.0', '[::]'];

/**
 * The one spelling of a host that is compared: lower case, without port and final dot, IPv6 in brackets and short.
 * @param text as in a Host header, in an address, or an IPv6 address without brackets
 * @returns undefined for what is no host
 */
export function hostName(text: string): string | undefined {
  const [, name] = (text.length <= LONGEST && HOST.exec(text)) || [];
  if (name !== undefined) return name.startsWith('[') ? URL.parse(`http://${name}`)?.hostname : name.toLowerCase();
  return text.includes(':') && !text.startsWith('[') ? hostName(`[${text}]`) : undefined;
}

/** True for a name or address by which a machine reaches itself and nobody else reaches it. */
export function isLoopback(host: string): boolean {
  const name = hostName(host) ?? '';
  if (name === 'localhost' || name === '[::1]') return true;
  // 127.0.0.1 in the clothes of IPv6; other spellings of it, such as 0x7f.1, are not what browsers send.
  return (isIPv4(name) && name.startsWith('127.')) || /^\[::ffff:7f[\da-f]{2}:[\da-f]{1,4}\]$/.test(name);
}

/**
 * The hosts that the page answers to beside loopback.
 * @param host what the page listens on
 * @param publicHosts the hosts of PUBLIC_URL
 */
export function hostsServed({
  host,
  publicHosts,
}: {
  readonly host: string;
  readonly publicHosts: readonly string[];
}): ReadonlySet<string> {
  const own = hostName(host);
  return new Set([...(own === undefined || EVERY_ADDRESS.includes(own) ? [] : [own]), ...publicHosts]);
}

/**
 * True where a request means this page. Any website can give its own name the address of this machine and ask from a
 * visitor's browser (DNS rebinding): only the Host header tells. A header that a proxy adds, as X-Forwarded-Host, can be
 * made up, and is not looked at.
 */
export function isServed({ hosts, target }: HostAsked, served: ReadonlySet<string>): boolean {
  const inTarget = /^[a-z][a-z\d+.-]*:/i.test(target) ? [URL.parse(target)?.host ?? ''] : [];
  return hosts.length === 1 && [...hosts, ...inTarget].every((host) => isKnown(host, served));
}

function isKnown(host: string, served: ReadonlySet<string>): boolean {
  // Without brackets a Host header with colons is a name with a port, and never IPv6.
  const name = HOST.test(host) ? hostName(host) : undefined;
  return name !== undefined && (isLoopback(name) || served.has(name));
}
