import { createEmailChannel } from '../../../src/channel/email/transport.ts';
import { type SmtpFault, startSmtp } from '../../support/smtp-server.ts';
import { useStandIn } from '../../support/temporary.ts';
import { conforms, type Stage } from '../conformance.ts';

const ANN = 'ann@example.org';
const SMTP_FAULTS: Readonly<Record<string, SmtpFault>> = {
  stall: 'stall',
  'drop before data': 'drop-before-data',
  'drop in data': 'drop-in-data',
  'drop after data': 'drop-after-data',
  'stall after data': 'stall-after-data',
  '421 at connect': { connect: 421 },
  '554 at connect': { connect: 554 },
  '535 at login': { login: 535 },
  '454 at login': { login: 454 },
  '451 for the recipient': { recipients: { [ANN]: 451 } },
  '550 for the recipient': { recipients: { [ANN]: 550 } },
  '451 for the message': { data: 451 },
  '550 for the message': { data: 550 },
};

conforms({ id: 'email:ann@example.org', needsNetwork: true, start });

async function start(timeout: number): Promise<Stage> {
  const smtp = await useStandIn(startSmtp());
  const settings = { smtpUrl: smtp.url, from: 'Bell <bell@example.org>', to: [ANN] };
  const create = (smtpUrl: string) => createEmailChannel({ ...settings, smtpUrl }, ANN, timeout);
  const wrong = [
    smtp.url.replace('secret', 'pass%2Fword'),
    smtp.url.replace(/:\d+\?/, ':1?'),
    smtp.url.replace('ignoreTLS', 'requireTLS'),
  ];
  return {
    channel: create(smtp.url),
    arrived: () => smtp.messages.map(({ subject, text, html }) => [subject, text, html].join('\n')),
    reference: ({ messageId }) => ({
      found: [smtp.messages[1]?.inReplyTo, smtp.messages[1]?.references],
      expected: [messageId, messageId],
    }),
    faults: Object.fromEntries(
      Object.entries(SMTP_FAULTS).map(([name, fault]) => [name, () => Object.assign(smtp, { fault: () => fault })]),
    ),
    bad: wrong.map(create),
    secrets: ['secret', 'pass%2Fword', 'pass/word', ...wrong, smtp.url],
  };
}
