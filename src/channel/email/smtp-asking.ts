/** Who writes to whom. */
export interface Envelope {
  readonly from: string;
  readonly to: string;
}

/** What the server said to the sender or the recipient. */
export interface Refusal {
  readonly command: 'MAIL FROM' | 'RCPT TO';
  readonly response: string;
  readonly responseCode: number;
}

/** A question in progress: its envelope, and what came of it. */
export interface Asked {
  envelope: Envelope;
  refusal: Refusal | undefined;
}

/** As far as a login method of one's own uses it. */
interface Commands {
  sendCommand(command: string): Promise<{ readonly response: string }>;
}

/** A login method of our own: none, but nodemailer lets it send commands. It knows no RCPT without DATA otherwise. */
export const ASKING = 'X-ASKING';

/** Names sender and recipient, and takes them back. */
export async function ask(asked: Asked, { sendCommand }: Commands): Promise<void> {
  const { envelope } = asked;
  asked.refusal = undefined;
  for (const [command, address] of [
    ['MAIL FROM', envelope.from],
    ['RCPT TO', envelope.to],
  ] as const) {
    const { response } = await sendCommand(`${command}:<${address}>`);
    if (response.startsWith('2')) continue;
    asked.refusal = { command, response, responseCode: Number.parseInt(response, 10) };
    break;
  }
  // After 421 the server has hung up.
  if (asked.refusal?.responseCode !== 421) await sendCommand('RSET');
}
