import { SettingsError } from '../settings-error.ts';
import type { Variables } from '../variables.ts';

/** Slack's own host, and that of its service for governments. Source: docs.slack.dev, "Slack for government". */
const HOSTS = ['hooks.slack.com', 'hooks.slack-gov.com'];

/**
 * The address of an incoming webhook; undefined where none is set. It goes to Slack alone, or to a stand-in on this machine.
 * @throws {SettingsError}
 */
export function readSlack({ SLACK_WEBHOOK_URL }: Variables): URL | undefined {
  if (SLACK_WEBHOOK_URL === undefined) return undefined;
  const url = URL.parse(SLACK_WEBHOOK_URL);
  const isSlack = url?.protocol === 'https:' && HOSTS.includes(url.hostname);
  const isLocal = url?.protocol === 'http:' && url.hostname === '127.0.0.1';
  const isBare = url?.username === '' && url.password === '' && url.search === '';
  if (url !== null && isBare && (isSlack || isLocal) && /^\/services\/\w+\/\w+\/\w+$/.test(url.pathname)) return url;
  throw new SettingsError(
    'SLACK_WEBHOOK_URL is not the address of an incoming webhook; copy it from your Slack app (Incoming Webhooks): ' +
      'https://hooks.slack.com/services/T…/B…/…',
  );
}
