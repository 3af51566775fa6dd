/**
 * Whom a mail server's certificate may be signed by: those whom Node knows, those whom this machine trusts, and one's own.
 * Mail servers of companies and families often have an authority of their own, which the system knows and Node does not.
 * To read the system's takes 65 ms, once; so it is done where a connection is made, and never before.
 * @param own certificates in PEM form
 */
export async function authorities(own?: string): Promise<string[]> {
  const { getCACertificates } = await import('node:tls');
  const known = [...getCACertificates('default'), ...getCACertificates('system')];
  return [...new Set(known), ...(own === undefined ? [] : [own])];
}
