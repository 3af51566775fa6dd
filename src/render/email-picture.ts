import { createHash } from 'node:crypto';
import type { Message, Picture } from '../message/message.ts';
import { escapeHtml } from './escape-html.ts';

/** One of the two looks of a picture. */
export type PictureLook = 'light' | 'dark';

/** Where a picture is. */
export type SourceOf = (picture: Picture, look: PictureLook) => string;

const IMAGE = 'width:100%;max-width:640px;height:auto;border:0;border-radius:8px';

/** Where a mail has its pictures: in itself. */
export function sourceInMail({ id }: Pick<Message, 'id'>): SourceOf {
  return ({ name }, look) => `cid:${contentId(id, name, look)}`;
}

/**
 * The Content-ID of a picture: the same in every attempt, another in every message, as some programs keep pictures by it.
 * @param messageId id of the message
 */
export function contentId(messageId: string, name: Picture['name'], look: PictureLook): string {
  const mark = createHash('sha256').update(messageId).digest('hex').slice(0, 16);
  return `${pictureName(name, look)}.${mark}@breakout-bell`;
}

/** What a picture is called: record, record-dark. */
export function pictureName(name: Picture['name'], look: PictureLook): string {
  return look === 'light' ? name : `${name}-dark`;
}

/**
 * A picture, and its dark twin that a style sheet puts in its place. Both are images that the mail names: what it does not
 * name is listed as an attachment. Word, which draws Outlook's mails, takes no style sheet for a dark display and does
 * not hide: it is not shown the twin.
 */
export function pictureHtml(picture: Picture, source: SourceOf): string {
  const image = (look: PictureLook) =>
    `<img src="${escapeHtml(source(picture, look))}" alt="${escapeHtml(picture.alt)}" width="640" style="display:block;${IMAGE}">`;
  const twin =
    picture.dark === undefined
      ? ''
      : `<!--[if !mso]><!--><div class="dark" style="display:none;max-height:0;overflow:hidden">${image('dark')}</div><!--<![endif]-->`;
  const light = picture.dark === undefined ? image('light') : `<div class="light">${image('light')}</div>`;
  // Outlook marks what is in a colour of its own, where it has changed that for a dark display.
  return `<div class="pictures" style="margin:0 0 14px;color:#57606a">${light}${twin}</div>`;
}
