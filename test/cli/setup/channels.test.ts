import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { planSetup } from '../../../src/cli/setup/setup.ts';
import { createFakePrompter } from '../../support/fake-prompter.ts';
import { startSetup } from '../../support/setup-stage.ts';

describe('what is set elsewhere', () => {
  test('is said, tried, and left alone', async () => {
    const setup = await startSetup();
    const file = `${setup.root}/smtp`;
    writeFileSync(file, setup.smtp.url, { mode: 0o600 });
    setup.write(`SMTP_URL_FILE=${file}\nEMAIL_FROM=bell@example.com\n`);
    const prompter = createFakePrompter([[/^To/, 'ann@example.com']]);
    const stage = await setup.stage(prompter, { DISCORD_WEBHOOK_URL: '', HEARTBEAT_URL: setup.heartbeat.url });
    await planSetup(stage);
    expect(prompter.left()).toEqual([]);
    expect(stage.draft.changes()).toEqual({ EMAIL_TO: 'ann@example.com' });
    expect(prompter.seen.filter((line) => line.startsWith('note: '))).toEqual([
      'note: DISCORD_WEBHOOK_URL is set in the environment of this shell, which overrides .env, but empty there. It stays as it is.',
      'note: SMTP_URL is read from the file in SMTP_URL_FILE. It stays as it is.',
      'note: HEARTBEAT_URL is set in the environment of this shell, which overrides .env. It stays as it is.',
    ]);
    expect(prompter.seen.filter((line) => /^\? (Mail|Port|User|Password|Use a|Ping|Webhook)/.test(line))).toEqual([]);
    expect(prompter.seen).toContainEqual(expect.stringMatching(/^good: email:ann@example.com: .* accepts the login/));
    expect(setup.heartbeat.calls).toEqual(['start']);
  });

  test('a list of readers in a file is left alone, and tried in one line', async () => {
    const setup = await startSetup();
    const readers = Array.from({ length: 12 }, (_, at) => `reader-${at}@example.com`);
    writeFileSync(`${setup.root}/readers.txt`, readers.join('\n'));
    setup.write(`SMTP_URL=${setup.smtp.url}\nEMAIL_FROM=bell@example.com\nEMAIL_TO_FILE=readers.txt\n`);
    const prompter = createFakePrompter([]);
    const stage = await setup.stage(prompter, { DISCORD_WEBHOOK_URL: '', HEARTBEAT_URL: setup.heartbeat.url });
    await planSetup(stage);
    expect(stage.draft.changes()).toEqual({});
    expect(prompter.seen).toContain('note: EMAIL_TO is read from the file in EMAIL_TO_FILE. It stays as it is.');
    expect(prompter.seen.filter((line) => line.startsWith('? To'))).toEqual([]);
    expect(prompter.seen).toContainEqual(
      expect.stringMatching(/^good: email \(12 recipients\): .* accepts the login, and mail to each$/),
    );
  });

  test('a setting that nobody is asked for and that cannot be used is not passed over', async () => {
    const setup = await startSetup();
    setup.write('LOG_LEVEL=loud\nSMTP_URL=nonsense\n');
    const { draft } = await setup.stage();
    // What is asked for may be wrong: it is asked again.
    expect(() => draft.settings()).toThrow(/^LOG_LEVEL is 'loud'; allowed: .*$/);
  });
});
