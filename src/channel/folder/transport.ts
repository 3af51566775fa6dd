import { randomUUID } from 'node:crypto';
import { access, chmod, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Message } from '../../message/message.ts';
import { renderDiscord } from '../../render/discord-embed.ts';
import { renderHtml } from '../../render/email-html.ts';
import type { SourceOf } from '../../render/email-picture.ts';
import { eventsCsv } from '../../render/events-csv.ts';
import { renderText } from '../../render/text.ts';
import { isShared } from '../../store/sqlite/rights.ts';
import { type Channel, ChannelError, fingerprintOf, type MayWrite } from '../channel.ts';

/** Files in a folder: what works on every machine without an account. Writing again overwrites, so nothing doubles. */
export function createFolderChannel(folder: string): Channel {
  return {
    id: 'folder',
    needsNetwork: false,
    fingerprint: fingerprintOf(folder),
    send: async (outgoing, mayWrite) => {
      const path = join(folder, fileName(outgoing.message.id));
      let drawing = false;
      try {
        await mkdir(folder, { recursive: true });
        drawing = true;
        for (const { name, png } of outgoing.pictures ?? []) await writeWhole(`${path}-${name}.png`, png, mayWrite);
        drawing = false;
        await writeWhole(`${path}.html`, renderHtml(outgoing, sourceBeside(outgoing.message)), mayWrite);
        await writeWhole(
          `${path}.json`,
          `${JSON.stringify(renderDiscord(outgoing, { evidence: 'file' }), null, 2)}\n`,
          mayWrite,
        );
        const csv = eventsCsv(outgoing);
        if (csv !== undefined) await writeWhole(`${path}.csv`, csv, mayWrite);
        // The text comes last: where it stands, all of them do.
        await writeWhole(`${path}.txt`, renderText(outgoing), mayWrite);
        return { state: 'sent', receipt: { file: `${path}.txt` } };
      } catch (error) {
        return {
          state: 'refused',
          permanent: false,
          reason: `${folder} cannot be written: ${(error as Error).message}`,
          ...(drawing && { perhapsPictures: true }),
        };
      }
    },
    find: async (messageId) => {
      const file = `${join(folder, fileName(messageId))}.txt`;
      return access(file).then(
        () => ({ file }),
        () => undefined,
      );
    },
    test: async () => {
      const probe = join(folder, '.doctor');
      try {
        await mkdir(folder, { recursive: true });
        await writeWhole(probe, 'ok\n');
        await rm(probe);
      } catch (error) {
        throw new ChannelError(
          `${folder} cannot be written: ${(error as Error).message}; set OUTBOX_DIR to another folder`,
        );
      }
      return `messages are written to ${folder}`;
    },
  };
}

/** `<session>-<signal>-<kind>` of an event's message, so that a folder sorts by time; other ids as they are. */
export function fileName(messageId: Message['id']): string {
  const [signal = '', session = '', ...kind] = messageId.split('/');
  const name =
    kind.length > 0 && /^\d{4}-\d{2}-\d{2}$/.test(session) ? [session, signal, ...kind].join('-') : messageId;
  return name.replace(/[^\w.-]+/g, '-');
}

/** Where the page has its pictures: in the files beside it; their dark twins in itself, as they have no files. */
function sourceBeside({ id }: Message): SourceOf {
  return ({ name, dark = new Uint8Array() }, look) =>
    look === 'dark' ? `data:image/png;base64,${Buffer.from(dark).toString('base64')}` : `${fileName(id)}-${name}.png`;
}

/** A reader, or a crash, never sees half a file. */
async function writeWhole(path: string, text: string | Uint8Array, mayWrite?: MayWrite): Promise<void> {
  // A name of its own: who wakes in the middle of writing must not write into the file that another has put there.
  const unfinished = `${path}.${process.pid}-${randomUUID().slice(0, 8)}.tmp`;
  try {
    await writeFile(unfinished, text);
    // Who shares the folder with a group wants it to read what is in there.
    if (isShared(await stat(dirname(path)))) await chmod(unfinished, 0o640);
    await mayWrite?.();
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw error;
  }
}
