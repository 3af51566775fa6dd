import type { Message, Outgoing } from '../../message/message.ts';
import { renderText } from '../../render/text.ts';

/** What is posted. docs/webhook.md describes it; within a version fields are only added. */
export interface WebhookBody {
  readonly schema: 'breakout-bell/message';
  readonly version: 1;
  /** The message's id; a repeat has the same one. */
  readonly id: string;
  /** True where an earlier attempt may have arrived. */
  readonly repeat: boolean;
  /** The address of its place on the page; null where nobody has said under which one readers reach it. */
  readonly page: string | null;
  /** Without what only the table of another message needs. */
  readonly message: Omit<Message, 'line'>;
  /** The same for people, as plain text. */
  readonly text: string;
}

export function webhookBody(outgoing: Outgoing): WebhookBody {
  const { repeat, page = null } = outgoing;
  const { line: _, ...message } = outgoing.message;
  const text = renderText(outgoing);
  return { schema: 'breakout-bell/message', version: 1, id: message.id, repeat, page, message, text };
}
