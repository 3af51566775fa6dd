/**
 * What the bot needs in its channel, by Discord's names, and the bit of each. Source: Discord's reference, "Permissions".
 */
const NEEDED: readonly (readonly [name: string, bit: bigint])[] = [
  ['View Channel', 1n << 10n],
  ['Send Messages', 1n << 11n],
  ['Embed Links', 1n << 14n],
  ['Attach Files', 1n << 15n],
  ['Read Message History', 1n << 16n],
];
const ADMINISTRATOR = 1n << 3n;
const FOR_ROLE = 0;

interface Overwrite {
  readonly id: string;
  readonly type: number;
  readonly allow: string;
  readonly deny: string;
}

/**
 * The permissions that the bot lacks in its channel, by name. Nothing where Discord does not tell: a test message does.
 * Source: Discord's reference, "Permission Hierarchy": roles first, then the channel's overwrites for everybody, for
 * roles, for the member.
 * @param get asks Discord
 * @param channel its answer about the channel
 */
export async function missingPermissions(
  get: (route: string) => Promise<unknown>,
  channel: unknown,
  token: string,
): Promise<string[]> {
  const { guild_id: guild, permission_overwrites: overwrites = [] } = channel as {
    guild_id?: string;
    permission_overwrites?: readonly Overwrite[];
  };
  const self = botIdOf(token);
  if (guild === undefined || self === undefined) return [];
  try {
    const { roles: own } = (await get(`/guilds/${guild}/members/${self}`)) as { roles: readonly string[] };
    const roles = (await get(`/guilds/${guild}/roles`)) as readonly {
      readonly id: string;
      readonly permissions: string;
    }[];
    const held = permissionsOf(guild, self, own, roles, overwrites);
    return NEEDED.filter(([, bit]) => (held & bit) === 0n).map(([name]) => name);
  } catch {
    return [];
  }
}

function permissionsOf(
  guild: string,
  self: string,
  own: readonly string[],
  roles: readonly { readonly id: string; readonly permissions: string }[],
  overwrites: readonly Overwrite[],
): bigint {
  // The role of everybody has the id of the server.
  const mine = roles.filter(({ id }) => id === guild || own.includes(id));
  const base = mine.reduce((held, { permissions }) => held | BigInt(permissions), 0n);
  if ((base & ADMINISTRATOR) !== 0n) return ~0n;
  const steps = [
    overwrites.filter(({ id }) => id === guild),
    overwrites.filter(({ id, type }) => type === FOR_ROLE && own.includes(id)),
    overwrites.filter(({ id }) => id === self),
  ];
  return steps.reduce((held, step) => {
    const deny = step.reduce((bits, one) => bits | BigInt(one.deny), 0n);
    const allow = step.reduce((bits, one) => bits | BigInt(one.allow), 0n);
    return (held & ~deny) | allow;
  }, base);
}

/** A token begins with the base64 of the bot's id. */
export function botIdOf(token: string): string | undefined {
  const id = Buffer.from(token.split('.')[0] ?? '', 'base64').toString('latin1');
  return /^\d{15,}$/.test(id) ? id : undefined;
}
