import type { Answer } from './http.ts';
import { type PostingStandIn, startPosting } from './posting-server.ts';

/**
 * ntfy on loopback. Shapes: docs.ntfy.sh, "Publishing" (the message as JSON is the answer), "Subscribe via API", "Fetch
 * cached messages" (`/topic/json?poll=1&since=…`, a line each) and "Authentication"; errors: ntfy's server/errors.go. What
 * breaks for others: a server without attachments (binwiederhier/ntfy#1154), one whose files are gone before their message
 * (#1692), a title beyond Latin-1 in a header (pgoutsos/pumpsleeper v4.4).
 */
export interface NtfyStandIn extends PostingStandIn {
  readonly topicUrl: string;
  /** What the topic keeps, a line of JSON each; a server without a file loses it when it starts again. */
  readonly lines: string[];
}

export const NTFY_TOKEN = 'tk_abcdefghijklmnopqrstuvwxyz012';
const TOPIC = 'secret-topic-5f2c';

const error = (status: number, code: number, words: string): Answer => ({
  status,
  body: JSON.stringify({ code, http: status, error: words, link: 'https://ntfy.sh/docs/publish/' }),
});

/** What ntfy was seen to refuse with. */
export const NTFY_ERRORS: Readonly<Record<string, Answer>> = {
  'too many requests': error(429, 42901, 'limit reached: too many requests, please be nice'),
  'the daily limit of messages': error(429, 42908, 'limit reached: too many messages'),
  'the daily traffic of files': error(429, 42905, 'limit reached: daily bandwidth'),
  'an attachment too large': error(413, 41301, 'attachment too large, or bandwidth limit reached'),
  'no attachments': error(400, 40014, 'invalid request: attachments not allowed'),
  unauthorized: error(401, 40101, 'unauthorized'),
  forbidden: error(403, 40301, 'forbidden'),
  'an error of the server': error(500, 50001, 'internal server error'),
};

export async function startNtfy(): Promise<NtfyStandIn> {
  const lines: string[] = [];
  const standIn = await startPosting(({ method, url, headers, body, at }, count) => {
    const { pathname } = url;
    const mine = pathname === `/${TOPIC}` || pathname.startsWith(`/${TOPIC}/`);
    if (!mine || headers.authorization !== `Bearer ${NTFY_TOKEN}`)
      return { answer: error(403, 40301, 'forbidden'), takes: false };
    if (pathname.endsWith('/auth')) return { answer: { body: '{"success":true}\n' }, takes: false };
    if (pathname.endsWith('/json')) return { answer: { body: lines.join('\n') }, takes: false };
    if (method !== 'PUT' && method !== 'POST') return { answer: error(404, 40401, 'page not found'), takes: false };
    // Source: nginx, `large_client_header_buffers`, which the documentation's own example leaves at 8 kB.
    if (url.href.length > 8000)
      return { answer: { status: 414, body: '<html>Request-URI Too Large</html>' }, takes: false };
    const filename = url.searchParams.get('filename');
    const message = url.searchParams.get('message') ?? body.toString();
    // Source: docs.ntfy.sh, "Limitations": longer ones become an attachment.
    if (Buffer.byteLength(message) > 4096)
      return { answer: error(400, 40014, 'attachments not allowed'), takes: false };
    const line = JSON.stringify({
      id: `msg${count}`,
      time: Math.floor(at / 1000),
      event: 'message',
      topic: TOPIC,
      title: url.searchParams.get('title') ?? undefined,
      message,
      priority: Number(url.searchParams.get('priority') ?? 3),
      tags: url.searchParams.get('tags')?.split(','),
      click: url.searchParams.get('click') ?? undefined,
      ...(filename === null ? {} : { attachment: { name: filename, type: 'image/png', size: body.length } }),
    });
    return { answer: { body: `${line}\n` }, takes: true, keep: () => lines.push(line) };
  });
  return Object.assign(standIn, { topicUrl: `http://127.0.0.1:${standIn.port}/${TOPIC}`, lines });
}
