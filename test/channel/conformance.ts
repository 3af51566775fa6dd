import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type Channel, ChannelError } from '../../src/channel/channel.ts';
import type { Receipt } from '../../src/message/message.ts';
import { exampleMessage, outgoing } from '../support/examples.ts';

/** A channel on a service of its own. */
export interface Stage {
  readonly channel: Channel;
  /** All that arrived, as the service shows it. */
  arrived(): string[];
  /** What in the second of two arrivals leads to the first, and what it has to be. */
  reference(first: Receipt): { readonly found: unknown; readonly expected: unknown };
  /** Does something wrong from now on. */
  readonly faults: Readonly<Record<string, () => void>>;
  /** The same channel, set up wrongly. */
  readonly bad: readonly Channel[];
  readonly secrets: readonly string[];
}

/** How long a channel waits for its service, in milliseconds: long where it answers, short where it does not. */
const PATIENT = 5000;
const SHORT = 50;

/** Everything that a log could show of a value: messages, stacks, causes and properties, hidden ones too. */
function allOf(value: unknown): string {
  return inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null });
}

function expectNoSecret(value: unknown, { secrets }: Stage): void {
  const shown = allOf(value);
  // Base64 is how SMTP sends a login.
  const plain = Buffer.from('\0user\0secret').toString('base64');
  for (const secret of [...secrets, plain]) expect(shown).not.toContain(secret);
}

const LETTER = outgoing();
const CORRECTION = exampleMessage({
  id: 'russell-2000/2025-09-18/correction',
  kind: 'correction',
  refersTo: LETTER.message.id,
});

/** What a channel is to the rest of the program. */
interface Expected {
  readonly id: string;
  readonly needsNetwork: boolean;
  /** @param timeout how long the channel waits for its service, in milliseconds */
  start(timeout: number): Promise<Stage>;
}

/** What every channel must do, whatever its service: each has a conformance.test.ts that calls this. */
export function conforms({ id, needsNetwork, start }: Expected): void {
  describe(`the channel ${id}`, () => {
    test('has a name for the ledger, says whether it needs the network, and shows a mark of its settings', async () => {
      const { channel, bad } = await start(PATIENT);
      expect(channel).toMatchObject({ id, needsNetwork, fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/) });
      const marks = [channel, ...bad].map(({ fingerprint }) => fingerprint);
      expect(new Set(marks).size).toBe(marks.length);
    });

    test('sends, and keeps what it takes to refer to the message', async () => {
      const stage = await start(PATIENT);
      const result = await stage.channel.send(LETTER);
      expect(result).toEqual({ state: 'sent', receipt: expect.any(Object) });
      if (result.state === 'sent') expect(JSON.parse(JSON.stringify(result.receipt))).toEqual(result.receipt);
      expect(stage.arrived()).toHaveLength(1);
      expectNoSecret(result, stage);
    });

    test('what arrives holds the id of the message, its title, and what followed beside any day', async () => {
      const { channel, arrived } = await start(PATIENT);
      await channel.send(LETTER);
      expect(arrived()[0]).toContain('russell-2000/2025-09-18/alert');
      expect(arrived()[0]).toContain('Russell 2000: first record close in over a year');
      expect(arrived()[0]).toMatch(/higher a year later in\W+2 of 3\s+\(any day:\s+61%\)/);
    });

    test('only a repeat says that it may be one', async () => {
      const { channel, arrived } = await start(PATIENT);
      await channel.send(LETTER);
      expect(arrived().at(-1)).not.toContain('may be a repeat');
      await channel.send({ ...LETTER, repeat: true });
      expect(arrived().at(-1)).toContain('may be a repeat');
    });

    test('a correction leads to the first message', async () => {
      const { channel, reference } = await start(PATIENT);
      const first = await channel.send(LETTER);
      if (first.state !== 'sent') throw new Error(first.reason);
      expect(await channel.send(outgoing(CORRECTION, { refersTo: first.receipt }))).toMatchObject({ state: 'sent' });
      const { found, expected } = reference(first.receipt);
      expect(found).toEqual(expected);
    });

    test('a correction goes its way where the first message is not known', async () => {
      const { channel, arrived } = await start(PATIENT);
      expect(await channel.send(outgoing(CORRECTION))).toMatchObject({ state: 'sent' });
      expect(await channel.send(outgoing(CORRECTION, { refersTo: {} }))).toMatchObject({ state: 'sent' });
      expect(arrived().at(-1)).not.toMatch(/undefined|null\b/);
    });

    test('text beyond ASCII arrives as it was', async () => {
      const { channel, arrived } = await start(PATIENT);
      const text = 'Größer − „Rekord" 指数 🔔 é';
      const said = { title: text, lead: text, followed: text, doubt: text };
      expect(await channel.send(outgoing(exampleMessage(said)))).toMatchObject({
        state: 'sent',
      });
      expect(arrived()[0]?.split('Größer − „Rekord').length).toBeGreaterThan(3);
      expect(arrived()[0]).toContain('指数 🔔 é');
    });

    test('its test succeeds on a good set-up, in one line, and sends nothing', async () => {
      const stage = await start(PATIENT);
      const line = await stage.channel.test();
      expect(line).toMatch(/^\S.*\S$/);
      expectNoSecret(line, stage);
      await stage.channel.send(LETTER);
      expect(stage.arrived()).toHaveLength(1);
    });

    test('its test fails on a bad set-up with a ChannelError of one line', async () => {
      const { bad } = await start(PATIENT);
      for (const channel of bad) {
        const error = await channel.test().then(String, (thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(ChannelError);
        expect((error as ChannelError).message).toMatch(/^\S.*\S$/);
      }
    });

    test('a bad set-up is refused when it sends', async () => {
      const { bad } = await start(PATIENT);
      for (const channel of bad) expect(await channel.send(LETTER)).toMatchObject({ state: 'refused' });
    });

    test('it never throws and leaks no secret, whatever the service does', async () => {
      const stage = await start(SHORT);
      for (const [name, fail] of Object.entries(stage.faults)) {
        fail();
        const result = await stage.channel.send(outgoing(CORRECTION, { refersTo: { messageId: '1', channelId: '2' } }));
        expect.soft(result, name).toMatchObject({ reason: expect.stringMatching(/^\S.*\S$/) });
        expectNoSecret(result, stage);
      }
      for (const channel of stage.bad) expectNoSecret(await channel.send(LETTER), stage);
    });

    // The errors of a client hold its whole URL, so they must not be the cause of ours.
    test('an error of its test leaks no secret either, nor does the cause of it', async () => {
      const stage = await start(SHORT);
      const failing = [
        ...stage.bad.map((channel) => () => channel.test()),
        ...Object.values(stage.faults).map((fail) => () => {
          fail();
          return stage.channel.test();
        }),
      ];
      for (const fails of failing) {
        await fails().catch((error: unknown) => {
          expect(error).toBeInstanceOf(ChannelError);
          expectNoSecret(error, stage);
        });
      }
    });
  });
}
