import type { ChannelKind } from '../kind.ts';
import { loginSecrets } from '../login-secrets.ts';
import { type EmailSettings, readEmail, trustRemarks, unencryptedServer } from './settings.ts';

/** Mail, to each address by itself, over one server. */
export const EMAIL: ChannelKind<EmailSettings> = {
  kind: 'email',
  variables: ['SMTP_URL', 'EMAIL_FROM', 'EMAIL_TO'],
  takesDigests: true,
  recipients: { of: ({ to }) => to, all: 'all addresses', pattern: String.raw`\S+@\S+`, example: 'ann@example.com' },
  read: readEmail,
  secrets: ({ smtpUrl }) => loginSecrets(smtpUrl),
  unencrypted: unencryptedServer,
  remarks: trustRemarks,
  create: async (own, _all, { timeout }) => {
    const { createMailServer } = await import('./mail-server.ts');
    const { createEmailChannel } = await import('./transport.ts');
    const server = createMailServer(own.smtpUrl, timeout);
    return own.to.map((recipient) => createEmailChannel(own, recipient, timeout, server));
  },
};
