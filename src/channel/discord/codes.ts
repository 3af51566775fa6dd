/** What an error of Discord's means here. */
export interface DiscordCode {
  /** What is wrong and what to do, for the bot and for the webhook; the same for both where it is one text. */
  readonly says: string | { readonly bot: string; readonly webhook: string };
  /** True where it passes by itself: absent, trying the same again cannot help. */
  readonly passes?: true;
  /** True where it is about who posts and where, so that the text without its pictures is refused as well. */
  readonly notThePictures?: true;
}

const CHANNEL = "the channel's settings in Discord";
const NEW_WEBHOOK = 'Discord does not know this webhook; create a new one and set DISCORD_WEBHOOK_URL';
const NEW_TOKEN =
  "Discord does not know this bot; copy the token from the application's page and set DISCORD_BOT_TOKEN";
const NO_POSTS =
  'this kind of channel takes no messages; set DISCORD_CHANNEL_ID to a text channel, a thread or a forum post';

/**
 * Discord's error codes that a message can meet, and what to do about each. The code decides the sentence, not the HTTP
 * status: a 404 is as well a webhook that is gone as a thread that is.
 * Source: Discord's reference, "Opcodes and Status Codes", JSON Error Codes.
 */
export const DISCORD_CODES: Readonly<Record<number, DiscordCode>> = {
  10003: {
    says: {
      bot: 'the channel or thread is gone; copy the id of another one and set DISCORD_CHANNEL_ID',
      webhook:
        'the channel or thread is gone; set another thread_id in DISCORD_WEBHOOK_URL, or create a new webhook in another channel',
    },
    notThePictures: true,
  },
  10004: { says: 'the server is gone, or the bot is no longer in it; invite it again', notThePictures: true },
  10008: { says: 'the message it replies to is gone' },
  10015: { says: NEW_WEBHOOK, notThePictures: true },
  20009: { says: 'Discord considers its content or pictures explicit' },
  20016: { says: 'the channel is in slow mode', passes: true, notThePictures: true },
  20028: { says: 'too many messages are being sent to the channel', passes: true, notThePictures: true },
  20029: { says: 'too many messages are being sent to the server', passes: true, notThePictures: true },
  30015: { says: 'it has too many attachments' },
  30033: { says: 'the thread has reached its limit of members; use another one', notThePictures: true },
  40001: { says: { bot: NEW_TOKEN, webhook: NEW_WEBHOOK }, notThePictures: true },
  40002: { says: "the account must be verified first; see the application's page", notThePictures: true },
  40004: { says: 'Discord has turned off sending messages for now', passes: true, notThePictures: true },
  40005: { says: 'it is too big for this server' },
  40006: { says: 'Discord has turned off this feature for now', passes: true },
  40007: { says: 'the bot is banned from this server', notThePictures: true },
  40058: {
    says: 'a forum takes posts, not messages; set DISCORD_CHANNEL_ID to a post in it, or to a text channel',
    notThePictures: true,
  },
  40062: { says: 'Discord asks to slow down', passes: true, notThePictures: true },
  40067: {
    says: 'this forum requires a tag on every post; use a thread (thread_id) or another channel',
    notThePictures: true,
  },
  40333: { says: 'Cloudflare, in front of Discord, blocks this machine', passes: true, notThePictures: true },
  50001: {
    says: {
      bot: 'the bot lacks permission; give it View Channel, Send Messages, Embed Links, Attach Files and Read Message History',
      webhook: 'the webhook may not post there; create a new one in the channel and set DISCORD_WEBHOOK_URL',
    },
    notThePictures: true,
  },
  50006: { says: 'Discord found it empty' },
  50008: { says: NO_POSTS, notThePictures: true },
  50009: { says: "the server's verification level is too high for it", notThePictures: true },
  50013: {
    says: {
      bot: 'the bot lacks permission; give it View Channel, Send Messages, Embed Links, Attach Files and Read Message History',
      webhook: `the webhook lacks permission; check ${CHANNEL}`,
    },
  },
  50014: { says: { bot: NEW_TOKEN, webhook: NEW_WEBHOOK }, notThePictures: true },
  50024: { says: NO_POSTS, notThePictures: true },
  50027: { says: { bot: NEW_TOKEN, webhook: NEW_WEBHOOK }, notThePictures: true },
  50035: { says: 'Discord refuses the format of the message' },
  50045: { says: 'a picture is too big for this server' },
  50046: { says: 'Discord refuses a picture' },
  50055: { says: 'the server no longer exists', notThePictures: true },
  50083: { says: 'the thread is archived; open it again in Discord, or set another one', notThePictures: true },
  130000: { says: 'Discord is overloaded', passes: true },
  160002: { says: 'to reply to its first message the bot needs Read Message History', notThePictures: true },
  160005: {
    says: {
      bot: 'the thread is locked; unlock it, give the bot Manage Threads, or set another one',
      webhook: 'the thread is locked; unlock it, or set another thread_id in DISCORD_WEBHOOK_URL',
    },
    notThePictures: true,
  },
  160006: { says: 'the server has reached its limit of active threads; archive some', notThePictures: true },
  200000: { says: "the server's AutoMod blocks it; allow the bot or webhook there", notThePictures: true },
  200001: { says: "the server's AutoMod blocks its title; allow the bot or webhook there", notThePictures: true },
  220001: {
    says: 'the webhook belongs to a forum, which takes posts only; append ?thread_name=… (a new post) or ?thread_id=… (an existing one) to DISCORD_WEBHOOK_URL',
    notThePictures: true,
  },
  220002: {
    says: 'a post in a forum has either a name or an id; set thread_name or thread_id in DISCORD_WEBHOOK_URL, not both',
    notThePictures: true,
  },
  220003: {
    says: "thread_name works only with a forum's webhook; remove it from DISCORD_WEBHOOK_URL",
    notThePictures: true,
  },
  240000: { says: 'Discord considers a link in it harmful' },
  400001: { says: 'Discord has limited uploads in this server' },
};
