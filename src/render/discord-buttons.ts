import type { APIActionRowComponent, APIButtonComponent } from 'discord.js';
import type { Message, MessageKind } from '../message/message.ts';
import { markedUnder } from '../message/seen.ts';
import { isTogether } from '../message/together.ts';

/** What a button asks for. Its id says everything, so that it works after a restart too. */
export type ButtonAction = 'seen' | 'evidence' | 'charts' | 'now';

const LABELS: Readonly<Record<ButtonAction, string>> = {
  seen: 'Seen',
  evidence: 'Show the evidence',
  charts: 'Show the charts',
  now: 'Where are we now?',
};

/** What has evidence to show; a drill, so that the buttons are proven too. */
const WITH_BUTTONS: readonly MessageKind[] = ['alert', 'correction', 'follow-up', 'reminder', 'drill'];

// Discord's numbers of an action row, a button and its styles, grey and green. Source: its reference, "Component Reference".
const ACTION_ROW = 1;
const BUTTON = 2;
const SECONDARY = 2;
const SUCCESS = 3;
/** Discord's limit of an id. */
const LONGEST_ID = 100;

/**
 * The row of buttons under a message; none under what has nothing to show. Those of a reminder are those of its alert. What
 * each of many events stands on does not fit behind one button; that somebody has seen them does.
 */
export function buttonsUnder(
  message: Pick<Message, 'id' | 'kind' | 'refersTo' | 'tells'>,
): APIActionRowComponent<APIButtonComponent>[] {
  if (!WITH_BUTTONS.includes(message.kind)) return [];
  const marked = markedUnder(message);
  const ofMany = message.tells !== undefined || isTogether(marked ?? '');
  const components = (Object.keys(LABELS) as ButtonAction[]).flatMap((action) => {
    const custom_id = `${action}/${marked ?? message.id}`;
    if (custom_id.length > LONGEST_ID || (action === 'seen' ? marked === undefined : ofMany)) return [];
    const style = action === 'seen' ? SUCCESS : SECONDARY;
    return [{ type: BUTTON, style, label: LABELS[action], custom_id } satisfies APIButtonComponent];
  });
  return components.length === 0 ? [] : [{ type: ACTION_ROW, components }];
}

/** What a button asks for, and under which message; undefined for a button that is not ours. */
export function parseButton(customId: string): { readonly action: ButtonAction; readonly message: string } | undefined {
  const slash = customId.indexOf('/');
  const action = customId.slice(0, slash);
  return slash > 0 && Object.hasOwn(LABELS, action)
    ? { action: action as ButtonAction, message: customId.slice(slash + 1) }
    : undefined;
}
