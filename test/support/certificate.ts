import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** A certificate that nobody but itself has signed, and its key: the paths of two files. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Why no certificates can be made; undefined: they can. */
export const NO_OPENSSL =
  spawnSync('openssl', ['version']).error === undefined ? undefined : 'openssl is not installed here';

/** Makes a certificate for some hosts: `localhost`, `127.0.0.1`. Needs openssl. */
export function selfSigned(folder: string, hosts: readonly string[]): Certificate {
  const [certificate, key] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  const names = hosts.map((host) => `${/^[\d.]+$/.test(host) ? 'IP' : 'DNS'}:${host}`).join(',');
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-subj', `/CN=${hosts[0]}`, '-addext', `subjectAltName=${names}`, '-keyout', key, '-out', certificate],
    ],
    { stdio: 'pipe' },
  );
  return { certificate, key };
}
