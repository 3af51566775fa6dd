import { randomBytes } from 'node:crypto';

/** What a field holds: a text, or a file with its name. */
export type FormField = string | { readonly name: string; readonly type: string; readonly bytes: Uint8Array };

/** A form as a request carries it. */
export interface Form {
  readonly type: string;
  readonly body: Uint8Array;
}

/**
 * Fields as multipart/form-data, each text as it is. FormData makes two characters of every line break, and counts that are
 * sent beside a text would be wrong. Source: RFC 7578; the HTML standard, "multipart/form-data encoding algorithm".
 * @param fields by names of ASCII letters and underscores
 */
export function formOf(fields: Readonly<Record<string, FormField>>): Form {
  const boundary = `bell-${randomBytes(16).toString('hex')}`;
  const parts = Object.entries(fields).flatMap(([name, field]) => {
    const disposition = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"`;
    if (typeof field === 'string') return [Buffer.from(`${disposition}\r\n\r\n${field}\r\n`)];
    const head = `${disposition}; filename="${field.name}"\r\nContent-Type: ${field.type}\r\n\r\n`;
    return [Buffer.from(head), field.bytes, Buffer.from('\r\n')];
  });
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
  };
}
