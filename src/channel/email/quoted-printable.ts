import { encode, wrap } from 'nodemailer/lib/qp';

/** A text, or a piece of one, in quoted-printable (RFC 2045, section 6.7), its line breaks as mail has them. */
export function quotedPrintable(text: string): string {
  return wrap(encode(text.replace(/\r?\n/g, '\r\n')));
}

/** Puts pieces together that were encoded one by one: a soft line break keeps the lines of each short. */
export function joinPieces(pieces: readonly string[]): string {
  return pieces
    .filter((piece) => piece !== '')
    .reduce((all, piece) => (all === '' || all.endsWith('\r\n') ? all + piece : `${all}=\r\n${piece}`), '');
}
