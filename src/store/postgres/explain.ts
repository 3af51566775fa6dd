import { DatabaseError, UnreachableError } from '../errors.ts';
import type { PostgresAddress } from './address.ts';

/** The connection ended, or could not be made: what was asked may be asked again on a new one. */
const LOST =
  /^(08...|57P0[1235]|25P03|53300|ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EAI_AGAIN|ENOTFOUND)$/;
const LOST_WORDS =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|server closed the connection|server conn crashed|server_login_retry/i;
/** Two writes were in each other's way; or the server is just being replaced by another one. */
const IN_THE_WAY = /^(40001|40P01|25006)$/;
/** What has another code, or none, where pg says it, or a proxy in the server's place: the code that the server has for it. */
const SAID: readonly (readonly [RegExp, string])[] = [
  [/^SASL|authentication failed|no such user/, '28000'],
  [/^database ".*" does not exist|no such database/, '3D000'],
  // A replica that is asked how far it has written.
  [/recovery is in progress/, '25006'],
];

interface Failure {
  readonly code?: string;
  readonly message: string;
}

/** True where the same may succeed a moment later. */
export function isPassing(error: unknown): boolean {
  const code = codeOf(error as Failure);
  return isUnreachable(code, (error as Failure).message) || IN_THE_WAY.test(code);
}

function codeOf({ code = '', message }: Failure): string {
  return SAID.find(([words]) => words.test(message))?.[1] ?? code;
}

/** Nobody answers: the server is down, starts, or cannot be reached from here. */
function isUnreachable(code: string, message: string): boolean {
  return LOST.test(code) || (code === '' && LOST_WORDS.test(message));
}

/** One line that says why PostgreSQL cannot be used, and what to do; an error that is not PostgreSQL's stays what it is. */
export function explainPostgresError(error: unknown, { shown, user, database }: PostgresAddress): Error {
  const { message } = error as Failure;
  const code = codeOf(error as Failure);
  if (code === '' && !LOST_WORDS.test(message) && !tlsReason(code, message)) return error as Error;
  const [why, cure] = reasonOf(code, message, { user, database });
  const cause = cure === '' ? '' : `; ${cure}`;
  const Kind = isUnreachable(code, message) ? UnreachableError : DatabaseError;
  return new Kind(`the database ${shown} ${why}${cause}`, { cause: error });
}

type Reason = readonly [why: string, cure: string];

function reasonOf(code: string, message: string, names: { readonly user: string; readonly database: string }): Reason {
  const known: readonly (readonly [RegExp, Reason])[] = [
    [
      /^28/,
      [`refuses the login of ${names.user} (${message})`, 'correct user and password in DATABASE_URL, or pg_hba.conf'],
    ],
    [/^3D000$/, [`is not there (${message})`, `create it: createdb ${names.database}`]],
    [/^42501$/, [`gives ${names.user} too few privileges (${message})`, 'make it the owner of the database']],
    [/^25006$/, ['is a read-only replica', 'point DATABASE_URL to the primary']],
    [/^53300$/, [`takes no more connections (${message})`, 'raise max_connections, or put pgbouncer in front of it']],
    [/^53100$/, [`has no space left (${message})`, 'free some space on its disk']],
    [
      /^(57014|55P03)$/,
      [
        `took too long (${message})`,
        'check what locks its tables or keeps it busy, and whether a replica that it waits for is down (synchronous_standby_names)',
      ],
    ],
  ];
  const found = known.find(([pattern]) => pattern.test(code))?.[1];
  return found ?? tlsReason(code, message) ?? reachReason(code, message);
}

function tlsReason(code: string, message: string): Reason | undefined {
  if (/does not support SSL/.test(message)) {
    return ['speaks no TLS', 'set it up there; or, on a network you trust, add ?sslmode=disable to DATABASE_URL'];
  }
  if (/SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|CERT_|ALTNAME|ERR_TLS/.test(code)) {
    return [
      `presents a certificate that cannot be verified (${message})`,
      'name its authority with ?sslrootcert=FILE in DATABASE_URL, and the host as the certificate does',
    ];
  }
  return undefined;
}

function reachReason(code: string, message: string): Reason {
  if (isUnreachable(code, message)) {
    return [
      `cannot be reached (${message || code})`,
      'check that PostgreSQL runs there, that DATABASE_URL is right, and that no firewall is in the way',
    ];
  }
  return [`answers with an error: ${message}`, ''];
}
