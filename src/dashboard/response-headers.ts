import { createHash } from 'node:crypto';
import { secureHeaders } from 'hono/secure-headers';
import { IMPORT_MAP } from './assets.ts';

/** What every page says of itself. */
export const EVERY_PAGE = {
  referrerPolicy: 'no-referrer',
  // Of use over https only.
  strictTransportSecurity: false,
  originAgentCluster: false,
};

/** Nothing but the page's own files may run, load or be asked. */
export function pageHeaders() {
  const mapHash = createHash('sha256').update(IMPORT_MAP).digest('base64');
  return secureHeaders({
    ...EVERY_PAGE,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'", `'sha256-${mapHash}'`],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  });
}

/** A message as an email shows it: its styles stand in its lines, and nothing may run. */
export function mailHeaders() {
  return secureHeaders({
    ...EVERY_PAGE,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'unsafe-inline'"],
      imgSrc: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
      // No scripts; of the same origin, so that its pictures may be shown.
      sandbox: ['allow-same-origin'],
    },
  });
}
