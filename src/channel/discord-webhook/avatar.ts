import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RESTPatchAPIWebhookWithTokenJSONBody } from 'discord.js';
import { connect } from '../discord/rest.ts';
import type { DiscordWebhookSettings } from './settings.ts';

/**
 * Gives a webhook that has no picture of its own the bell, once and for good. An address with every message
 * (`avatar_url`) would have to be one that Discord can fetch, and where it cannot, Discord shows its own picture instead
 * of the webhook's (discord-api-docs#6644). Never throws: without the bell a message says the same.
 * Source: Discord's reference, "Modify Webhook with Token", which needs no login.
 */
export async function giveBell({ id, token, api }: DiscordWebhookSettings, timeout: number): Promise<void> {
  try {
    const { Routes } = await import('discord.js');
    const rest = await connect(api, timeout);
    const webhook = Routes.webhook(id, token);
    const signal = () => AbortSignal.timeout(timeout);
    const known = (await rest.get(webhook, { auth: false, signal: signal() })) as { avatar?: unknown };
    if (known.avatar !== null) return;
    const bell = await readFile(join(import.meta.dirname, 'bell.png'));
    const body: RESTPatchAPIWebhookWithTokenJSONBody = { avatar: `data:image/png;base64,${bell.toString('base64')}` };
    await rest.patch(webhook, { auth: false, body, signal: signal() });
  } catch {
    // The drill that follows says what is wrong with the webhook, if anything is.
  }
}
