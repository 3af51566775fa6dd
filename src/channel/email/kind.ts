import type { ChannelKind, CheckResult } from '../kind.ts';
import { loginSecrets } from '../login-secrets.ts';
import { type DkimSettings, dkimSecrets } from './dkim-settings.ts';
import { type EmailSettings, readEmail, serverRemarks, unencryptedServer } from './settings.ts';

/** How long a look into the DNS may take, in milliseconds. */
const DNS_TIMEOUT = 3000;

/** Mail, to each address by itself, over one server. */
export const EMAIL: ChannelKind<EmailSettings> = {
  kind: 'email',
  variables: [
    'SMTP_URL',
    'SMTP_CA_FILE',
    'EMAIL_FROM',
    'EMAIL_TO',
    'EMAIL_TO_FILE',
    'LIST_UNSUBSCRIBE',
    'DKIM_DOMAIN',
    'DKIM_SELECTOR',
    'DKIM_KEY_FILE',
  ],
  lists: ['EMAIL_TO'],
  secretVariables: ['SMTP_URL'],
  takesDigests: true,
  showsDark: true,
  recipients: { of: ({ to }) => to, all: 'all addresses', pattern: String.raw`\S+@\S+`, example: 'ann@example.com' },
  read: readEmail,
  secrets: ({ smtpUrl, dkim }) => [...loginSecrets(smtpUrl), ...(dkim === undefined ? [] : dkimSecrets(dkim))],
  unencrypted: unencryptedServer,
  remarks: serverRemarks,
  asks: async () => (await import('./asks.ts')).EMAIL_ASKS,
  checks: ({ dkim }) => (dkim === undefined ? [] : [{ what: 'dkim', look: () => lookForRecord(dkim) }]),
  create: async (own, _all, { timeout }) => {
    const { createEmailChannel, shareMail } = await import('./transport.ts');
    const shared = shareMail(own, timeout);
    return own.to.map((recipient) => createEmailChannel(own, recipient, timeout, shared));
  },
};

async function lookForRecord(dkim: DkimSettings): Promise<CheckResult> {
  const [{ checkDkimRecord }, { Resolver }] = await Promise.all([
    import('./dkim-record.ts'),
    import('node:dns/promises'),
  ]);
  const resolver = new Resolver({ timeout: DNS_TIMEOUT, tries: 2 });
  return checkDkimRecord(dkim, (name) => resolver.resolveTxt(name));
}
