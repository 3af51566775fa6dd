import { SettingsError } from './settings-error.ts';

/** What is set, in `.env` or by the process, by the names of the variables. None is empty. */
export type Variables = Readonly<Record<string, string>>;

/** @throws {SettingsError} for what is no address of the web, or holds a password */
export function webUrl(variable: string, text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return url;
  throw new SettingsError(
    `${variable} must be an address that begins with https:// or http:// and contains no password`,
  );
}

/** An address as others are appended to it: without its final slash. */
export function withoutSlash({ href }: URL): string {
  return href.replace(/\/$/, '');
}

/** True for an address of an unencrypted protocol, such as `http:`, that leads to another machine. */
export function isOpenTo(url: URL | null, protocol: string): boolean {
  return url?.protocol === protocol && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
}
