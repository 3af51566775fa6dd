/** The password in an address: the whole address, as it stands in it, as it is, and as a login is sent. */
export function loginSecrets(address: string | undefined): string[] {
  const url = URL.parse(address === undefined || address.includes('://') ? (address ?? '') : `http://${address}`);
  const [user, password] = [decode(url?.username ?? ''), decode(url?.password ?? '')];
  if (url === null || address === undefined || password === '') return [];
  return [address, url.href, url.password, password, `\0${user}\0${password}`, `${user}:${password}`];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
