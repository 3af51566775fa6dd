import { messageFields } from './discord-messages.ts';
import { BOT_ID, CHANNEL_ID, GUILD_ID } from './discord-stand-in.ts';

/** When the gateway's messages were posted; nothing goes by it. */
export const POSTED = Date.parse('2025-09-18T20:45:00Z');

/** A person or the bot, as Discord shows them. */
export function user(id: string, bot = false): object {
  return { id, username: bot ? 'Breakout Bell' : 'ann', discriminator: '0', avatar: null, global_name: null, bot };
}

/** What follows an identify that is right. */
export function ready(url: string): object {
  return {
    v: 10,
    user: user(BOT_ID, true),
    guilds: [{ id: GUILD_ID, unavailable: true }],
    session_id: 'session',
    resume_gateway_url: url,
    application: { id: BOT_ID, flags: 0 },
  };
}

/** The server that the bot is in. */
export function guild(): object {
  return {
    id: GUILD_ID,
    name: 'Watchers',
    owner_id: '1417934283201413190',
    joined_at: '2025-01-01T00:00:00.000Z',
    large: false,
    member_count: 2,
    members: [],
    channels: [{ id: CHANNEL_ID, type: 0, name: 'alerts', position: 0, permission_overwrites: [] }],
    threads: [],
    roles: [
      {
        id: GUILD_ID,
        name: '@everyone',
        permissions: '0',
        position: 0,
        color: 0,
        hoist: false,
        managed: false,
        mentionable: false,
      },
    ],
    emojis: [],
    stickers: [],
    features: [],
    voice_states: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
    preferred_locale: 'en-US',
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    premium_tier: 0,
    system_channel_flags: 0,
  };
}

/** A slash command (type 2) or a button (type 3) of somebody. */
export function interaction(
  number: number,
  token: string,
  type: number,
  data: object,
  permissions: bigint,
  person: string,
  nick: string | null,
): object {
  return {
    id: String(1417934283201415000n + BigInt(number)),
    application_id: BOT_ID,
    type,
    data,
    guild_id: GUILD_ID,
    channel_id: CHANNEL_ID,
    channel: { id: CHANNEL_ID, type: 0, name: 'alerts' },
    member: {
      user: user(person),
      nick,
      roles: [],
      joined_at: '2025-01-01T00:00:00.000Z',
      permissions: String(permissions),
      deaf: false,
      mute: false,
      flags: 0,
    },
    token,
    version: 1,
    app_permissions: '0',
    locale: 'en-US',
    guild_locale: 'en-US',
    entitlements: [],
    authorizing_integration_owners: {},
    context: 0,
    ...(type === 3
      ? {
          message: {
            id: '1417934283201413198',
            type: 0,
            channel_id: CHANNEL_ID,
            author: user(BOT_ID, true),
            content: '',
            embeds: [],
            attachments: [],
            ...messageFields(POSTED),
          },
        }
      : {}),
  };
}
