import { SettingsError } from '../settings-error.ts';
import { type Variables, webUrl } from '../variables.ts';

export interface NtfySettings {
  /** The address of the server, without the topic. */
  readonly server: URL;
  /** As good as a password on a server that everybody may read. */
  readonly topic: string;
  readonly token: string | undefined;
}

/** Source: ntfy's server.go, `topicRegex`. */
const TOPIC = /^[-_A-Za-z0-9]{1,64}$/;
/** Source: ntfy's user package: an access token is `tk_` and 29 signs. */
const TOKEN = /^tk_[a-z0-9]{29}$/;

/**
 * The topic that messages are published to; undefined where none is set.
 * @throws {SettingsError}
 */
export function readNtfy({ NTFY_URL, NTFY_TOKEN }: Variables): NtfySettings | undefined {
  if (NTFY_URL === undefined) {
    if (NTFY_TOKEN === undefined) return undefined;
    throw new SettingsError('NTFY_TOKEN is set without NTFY_URL; set the address of the topic');
  }
  const url = webUrl('NTFY_URL', NTFY_URL);
  const parts = url.pathname.split('/');
  const topic = parts.pop() ?? '';
  if (!TOPIC.test(topic) || url.search !== '' || url.hash !== '') {
    throw new SettingsError(
      'NTFY_URL does not end in a topic; allowed: the server and one topic of letters, digits, - and _, as in https://ntfy.sh/my-secret-topic',
    );
  }
  if (NTFY_TOKEN !== undefined && !TOKEN.test(NTFY_TOKEN)) {
    throw new SettingsError(
      'NTFY_TOKEN is not an access token; allowed: tk_ and 29 letters and digits, as ntfy shows it',
    );
  }
  return { server: new URL(`${parts.join('/')}/`, url), topic, token: NTFY_TOKEN };
}
