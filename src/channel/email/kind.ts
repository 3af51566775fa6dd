import type { ChannelKind } from '../kind.ts';
import { loginSecrets } from '../login-secrets.ts';
import { type EmailSettings, readEmail, serverRemarks, unencryptedServer } from './settings.ts';

/** Mail, to each address by itself, over one server. */
export const EMAIL: ChannelKind<EmailSettings> = {
  kind: 'email',
  variables: ['SMTP_URL', 'SMTP_CA_FILE', 'EMAIL_FROM', 'EMAIL_TO', 'LIST_UNSUBSCRIBE'],
  lists: ['EMAIL_TO'],
  secretVariables: ['SMTP_URL'],
  takesDigests: true,
  showsDark: true,
  recipients: { of: ({ to }) => to, all: 'all addresses', pattern: String.raw`\S+@\S+`, example: 'ann@example.com' },
  read: readEmail,
  secrets: ({ smtpUrl }) => loginSecrets(smtpUrl),
  unencrypted: unencryptedServer,
  remarks: serverRemarks,
  asks: async () => (await import('./asks.ts')).EMAIL_ASKS,
  create: async (own, _all, { timeout }) => {
    const { createEmailChannel, shareMail } = await import('./transport.ts');
    const shared = shareMail(own, timeout);
    return own.to.map((recipient) => createEmailChannel(own, recipient, timeout, shared));
  },
};
