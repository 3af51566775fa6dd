import { expect, test } from 'vitest';
import { buttonsUnder } from '../../src/render/discord-buttons.ts';
import { connected, stage } from '../support/bot-stage.ts';
import { exampleMessage } from '../support/examples.ts';
import { EVENT, SEP_17, SEP_18 } from '../support/story.ts';

const ALERT = `${EVENT}/alert`;
const PRESS = `seen/${ALERT}`;
const MORNING = '2025-09-19T12:12:00Z';

async function alerted() {
  const at = await stage();
  await at.story.check(SEP_17);
  await at.story.check(SEP_18);
  return at;
}

test('who presses Seen is noted, told so alone, and told the same when pressing again, after a restart too', async () => {
  const at = await alerted();
  at.gateway.nick = 'Anna';
  const first = await connected(at, MORNING, async (app) => {
    const reply = await at.gateway.press(PRESS);
    expect(await app.ledger.acknowledgements([ALERT])).toEqual([
      {
        message: ALERT,
        channel: 'discord-bot',
        who: '1417934283201413190',
        name: 'Anna',
        at: '2025-09-19T12:12:00.000Z',
      },
    ]);
    return reply;
  });
  expect(first).toMatchObject({ ephemeral: true, content: 'Noted: you saw it on 19 Sep 2025, 08:12 New York.' });
  await connected(at, '2025-09-20T12:12:00Z', async (app) => {
    expect((await at.gateway.press(PRESS)).content).toBe(first.content);
    at.gateway.person = '1417934283201413191';
    at.gateway.nick = null;
    expect((await at.gateway.press(PRESS)).content).toBe(
      'Noted: you saw it on 20 Sep 2025, 08:12 New York. Also seen by Anna.',
    );
    expect((await app.ledger.acknowledgements([ALERT])).map(({ name }) => name)).toEqual(['Anna', 'ann']);
  });
  // The message in the channel stays as it was posted, and is found there again.
  expect(at.story.discord.messages).toHaveLength(1);
});

test('a name cannot mention, format or hide anything', async () => {
  const at = await alerted();
  at.gateway.nick = '@everyone **x** [y](https://evil.example) \u202e';
  await connected(at, MORNING, async (app) => {
    await at.gateway.press(PRESS);
    expect((await app.ledger.acknowledgements([ALERT]))[0]?.name).toBe('everyone x y https evil example');
  });
});

test.each(['seen/russell-2000/1999-12-29/alert', 'seen/digest/2025-09-19', 'seen/', `seen/${'x'.repeat(90)}`])(
  '%s is of no message that can be marked',
  async (id) => {
    const at = await alerted();
    await connected(at, MORNING, async (app) => {
      expect((await at.gateway.press(id)).content).toContain('is not in my ledger any more');
      expect(await app.ledger.acknowledgements([id.slice(5)])).toEqual([]);
    });
  },
);

test('the buttons of a reminder are those of its alert; a drill has its own, a correction none to mark', () => {
  const ids = (kind: 'alert' | 'reminder' | 'drill' | 'correction', id: string, refersTo: string | null = null) =>
    buttonsUnder(exampleMessage({ kind, id, refersTo })).flatMap(({ components }) =>
      components.flatMap((button) => ('custom_id' in button ? button.custom_id : [])),
    );
  expect(ids('reminder', `${ALERT}/reminder`, ALERT)).toEqual(ids('alert', ALERT));
  expect(ids('drill', 'drill/2025-10-01T16:00:00.000Z')[0]).toBe('seen/drill/2025-10-01T16:00:00.000Z');
  expect(ids('correction', `${EVENT}/correction`, ALERT).map((id) => id.split('/')[0])).toEqual([
    'evidence',
    'charts',
    'now',
  ]);
  // Discord takes 100 characters; a signal's id has 40 at most (config/signals.schema.json).
  const longest = ids('alert', `${'x'.repeat(40)}/2025-09-18/alert`);
  expect(longest).toHaveLength(4);
  expect(Math.max(...longest.map(({ length }) => length))).toBeLessThanOrEqual(100);
});
