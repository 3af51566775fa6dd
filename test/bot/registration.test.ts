import { expect, test } from 'vitest';
import { connected, stage } from '../support/bot-stage.ts';
import { SEP_17 } from '../support/story.ts';

test('asks for no intent but Guilds, and registers its commands for its own server, only when they changed', async () => {
  const at = await stage();
  await connected(at, SEP_17, async () => {
    await at.gateway.happened('commands put');
    // 1 << 0 is Guilds. Source: Discord's reference, "Gateway Intents".
    expect(at.gateway.intents()).toBe(1);
    expect((at.gateway.commands as { name: string }[]).map(({ name }) => name)).toEqual([
      'status',
      'history',
      'chart',
      'asof',
      'check',
      'drill',
    ]);
    const guarded = at.gateway.commands.filter(
      (command) => (command as { default_member_permissions?: string }).default_member_permissions === '32',
    );
    expect(guarded).toHaveLength(2);
  });
  // As Discord gives them back, with fields of its own.
  at.gateway.commands = at.gateway.commands.map((command, id) => ({
    ...(command as object),
    id: String(id),
    version: '1',
    nsfw: false,
  }));
  await connected(at, SEP_17, async () => {
    expect(at.gateway.events.filter((event) => event === 'commands put')).toHaveLength(1);
  });
});
