import { parse } from 'dotenv';
import { describe, expect, test } from 'vitest';
import { planSetup } from '../../../src/cli/setup/setup.ts';
import { createFakePrompter } from '../../support/fake-prompter.ts';
import { closedPort, startProxy } from '../../support/proxy-server.ts';
import { startSetup } from '../../support/setup-stage.ts';
import { useStandIn } from '../../support/temporary.ts';

describe('a source that does not answer', () => {
  test('is told, tried again, and gone on without', async () => {
    const setup = await startSetup();
    setup.yahoo.fault = () => ({ status: 500 });
    const prompter = createFakePrompter([
      [/cannot be read/, 'again'],
      [/cannot be read/, 'on'],
      [/Which ones/, ['discord-webhook']],
      [/Webhook URL/, setup.discord.webhookUrl],
    ]);
    await planSetup(await setup.stage(prompter));
    expect(prompter.left()).toEqual([]);
    expect(prompter.seen).toContainEqual('bad: yahoo: ^RUT: Yahoo answered HTTP 500; the next run tries again');
    // A drill in words only.
    expect(setup.discord.messages).toHaveLength(1);
    expect(JSON.stringify(setup.discord.messages)).not.toContain('13 Nov 2020');
  });

  test('may take a browser for what it refuses a program', async () => {
    const setup = await startSetup();
    setup.yahoo.fault = () =>
      setup.yahoo.headers.at(-1)?.['user-agent']?.includes('Firefox') ? undefined : { status: 403 };
    const prompter = createFakePrompter([[/cannot be read/, 'YAHOO_USER_AGENT']]);
    const stage = await setup.stage(prompter);
    await planSetup(stage);
    expect(prompter.left()).toEqual([]);
    expect(stage.draft.changes()).toEqual({ YAHOO_USER_AGENT: expect.stringMatching(/^Mozilla\/5\.0 .*Firefox/) });
    expect(parse(stage.draft.text())).toMatchObject(stage.draft.changes());
  });

  test('is asked over a proxy, whose login is a secret', async () => {
    const setup = await startSetup();
    const proxy = await useStandIn(startProxy('ann:hush-hush'));
    // Only https:// goes over it; how far it leads does not matter.
    proxy.refuses = 503;
    const port = await closedPort();
    setup.write(`YAHOO_FINANCE_URL=https://127.0.0.1:${port}\n`);
    const prompter = createFakePrompter([
      [/cannot be read/, 'HTTPS_PROXY'],
      [/Proxy address/, 'socks5://ann:hush-hush@proxy'],
      [/cannot be read/, 'HTTPS_PROXY'],
      [/Proxy address$/, proxy.url],
      [/cannot be read/, 'on'],
    ]);
    const stage = await setup.stage(prompter);
    await planSetup(stage);
    expect(prompter.left()).toEqual([]);
    expect(stage.draft.changes()).toEqual({ HTTPS_PROXY: proxy.url });
    expect(prompter.seen).toContainEqual(expect.stringMatching(/^bad: HTTPS_PROXY is not the address of a proxy/));
    expect(prompter.seen).toContainEqual(
      expect.stringMatching(/^bad: yahoo: .*the proxy refused the connection \(HTTP 503\)/),
    );
    expect(prompter.seen.join('\n')).not.toContain('hush');
    expect(new Set(proxy.requests)).toEqual(new Set([`CONNECT 127.0.0.1:${port}`]));
    expect(new Set(proxy.logins)).toEqual(new Set([`Basic ${Buffer.from('ann:hush-hush').toString('base64')}`]));
    // Once it was tried, nothing of this process goes through it.
    const { length } = proxy.requests;
    await fetch(`https://127.0.0.1:${port}`).catch(() => undefined);
    expect(proxy.requests).toHaveLength(length);
  });

  test('a proxy that cannot be used is not kept', async () => {
    const setup = await startSetup();
    setup.write('HTTPS_PROXY=socks5://hush\n');
    const stage = await setup.stage(createFakePrompter([[/cannot be read/, 'on']]));
    await planSetup(stage);
    expect(stage.draft.changes()).toEqual({ HTTPS_PROXY: '' });
  });

  test('is no reason to ask for a proxy that is set elsewhere', async () => {
    const setup = await startSetup();
    setup.yahoo.fault = () => ({ status: 500 });
    const prompter = createFakePrompter([[/cannot be read/, 'HTTPS_PROXY']]);
    const planning = planSetup(await setup.stage(prompter, { https_proxy: setup.yahoo.url }));
    await expect(planning).rejects.toThrow("'HTTPS_PROXY' is no choice");
  });
});
