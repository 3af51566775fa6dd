import { expect, test } from 'vitest';
import { metricsOf } from '../../src/dashboard/metrics.ts';
import { EVENT, SEP_17, SEP_18, startStory } from '../support/story.ts';

test('/metrics tells state, distance, deliveries and health in the format of Prometheus', async () => {
  const story = await startStory();
  await story.round(SEP_17);
  story.discord.fault = () => ({ status: 404, body: '{"message":"Unknown Webhook","code":10015}' });
  await story.round(SEP_18);
  const { type, text } = await story.at(SEP_18, (app) => metricsOf(app, undefined));
  expect(type).toContain('text/plain');
  const lines = text.split('\n');
  for (const line of [
    'breakout_bell_healthy 0',
    'breakout_bell_armed{signal="russell-2000"} 0',
    'breakout_bell_close{signal="russell-2000"} 2467.7',
    'breakout_bell_to_record_ratio{signal="russell-2000"} 0',
    'breakout_bell_quiet_sessions{signal="russell-2000"} 0',
    'breakout_bell_unsent_deliveries{channel="discord-webhook"} 1',
    'breakout_bell_unsent_deliveries{channel="email 1 of 2"} 0',
    // 18 September 2025, 00:00 in New York.
    'breakout_bell_evaluated_session_timestamp_seconds 1758168000',
    `breakout_bell_last_delivery_timestamp_seconds{channel="email 1 of 2"} ${Date.parse(SEP_18) / 1000}`,
    'breakout_bell_working{part="channel-email"} 1',
  ]) {
    expect(lines).toContain(line);
  }
  expect(text).not.toContain(story.discord.token);
  expect((await story.at(SEP_18, ({ ledger }) => ledger.deliveriesOf([`${EVENT}/alert`]))).length).toBe(3);
});
