/** The server was reached, and cannot be used as SMTP_URL is. `code` is ours, beside nodemailer's. */
export class SmtpSessionError extends Error {
  override name = 'SmtpSessionError';
  readonly code: 'NO_PASSWORDS' | 'ASCII_ONLY';

  constructor(code: 'NO_PASSWORDS' | 'ASCII_ONLY', message: string) {
    super(message);
    this.code = code;
  }
}
