import type { Channel } from './channel.ts';
import type { ChannelKind, ChannelOptions, Check } from './kind.ts';
import { type ChannelSettings, KINDS, type OwnSettings } from './registry.ts';
import type { Variables } from './variables.ts';

type Field = keyof OwnSettings;

/** A kind that is set up, together with its settings. */
export interface SetUp {
  readonly recipients: readonly string[];
  readonly showsDark: boolean;
  readonly checks: readonly Check[];
  secrets(env: Variables): readonly string[];
  create(options: ChannelOptions): Promise<Channel[]>;
}

/** The names that kinds have among all settings, in the order of the registry. */
export const FIELDS = Object.keys(KINDS) as Field[];

/** The kinds by these names. */
export const KIND: { readonly [F in Field]: ChannelKind<OwnSettings[F], ChannelSettings> } = KINDS;

/** The kinds that are set up. */
export function setUp(settings: ChannelSettings): SetUp[] {
  return FIELDS.flatMap((field) => joined(field, settings));
}

function joined<F extends Field>(field: F, settings: ChannelSettings): SetUp[] {
  const kind: ChannelKind<OwnSettings[F], ChannelSettings> = KIND[field];
  const all: { readonly [K in Field]: OwnSettings[K] | undefined } = settings;
  const own = all[field];
  if (own === undefined) return [];
  return [
    {
      recipients: kind.recipients?.of(own) ?? [],
      showsDark: kind.showsDark ?? false,
      checks: kind.checks?.(own) ?? [],
      secrets: (env) => kind.secrets(own, env),
      create: (options) => kind.create(own, settings, options),
    },
  ];
}
