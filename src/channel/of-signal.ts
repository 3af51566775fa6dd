import { kindOf } from '../message/channel-kind.ts';
import type { Signal } from '../signal/signal.ts';
import { type Channel, isCalled, namesOf } from './channel.ts';
import { SettingsError } from './settings-error.ts';

// Where the messages of a signal go: to the channels that it names in `config/signals.json`, or to all.

type Named = Pick<Channel, 'id' | 'alias'>;
type Naming = Pick<Signal, 'channels'>;

/** The ids of the channels that a signal's messages go to, in the order of the settings. */
export function channelsOf({ channels: names }: Naming, all: readonly Named[]): string[] {
  const named = names === undefined ? all : all.filter((channel) => names.some((name) => isCalled(channel, name)));
  return named.map(({ id }) => id);
}

/** The same of channels that are not set up any more, of which only the ids are left. */
export function forgottenOf({ channels: names }: Naming, ids: readonly string[]): string[] {
  return ids.filter((id) => names === undefined || names.some((name) => wasCalled(id, name)));
}

/** The first of several webhooks is known by its kind alone, whatever its alias was. */
function wasCalled(id: string, name: string): boolean {
  return isCalled({ id }, name) || id === kindOf(name);
}

/**
 * Refuses a name that no channel answers to: its messages would go nowhere, and nobody would know.
 * @param signalsFile the path of the file as people are told it
 * @param forgotten the ids of channels that a lost `.env` set up before: their alerts are kept
 * @throws {SettingsError} with a line for each such name
 */
export function requireChannelsOf(
  signals: readonly Pick<Signal, 'id' | 'channels'>[],
  channels: readonly Named[],
  signalsFile: string,
  forgotten: readonly string[] = [],
): void {
  const unknown = signals.flatMap(({ id, channels: names = [] }) =>
    names
      .filter(
        (name) => !channels.some((channel) => isCalled(channel, name)) && !forgotten.some((id) => wasCalled(id, name)),
      )
      .map((name) => ({ id, name })),
  );
  if (unknown.length === 0) return;
  const cure = `correct the name, remove "channels" to use all of them, or set that channel up in .env`;
  throw new SettingsError(
    unknown
      .map(
        ({ id, name }) =>
          `${signalsFile}: channels of ${id} has ${JSON.stringify(name)}, which is not set up; allowed: ${namesOf(channels).join(', ')}; ${cure}`,
      )
      .join('\n'),
  );
}

/** The same signals without naming channels: for a run that has channels of its own. */
export function toAllChannels(signals: readonly Signal[]): Signal[] {
  return signals.map(({ channels: _, ...signal }) => signal);
}
