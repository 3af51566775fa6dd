/** Where a PostgreSQL is, and how to log in. */
export interface PostgresAddress {
  /** As messages may show it: `bell on db.example.com:5432`. */
  readonly shown: string;
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  /** How the connection is encrypted; undefined: it is not. */
  readonly tls:
    | { readonly verify: boolean; readonly ca?: string; readonly cert?: string; readonly key?: string }
    | undefined;
}
