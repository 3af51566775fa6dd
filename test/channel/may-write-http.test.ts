import { createNtfyChannel } from '../../src/channel/ntfy/transport.ts';
import { createSlackChannel } from '../../src/channel/slack/transport.ts';
import { createTelegramChannel } from '../../src/channel/telegram/transport.ts';
import { createWebhookChannel } from '../../src/channel/webhook/transport.ts';
import { asksBeforeItWrites } from './asks-before.ts';

const JSON_TYPE = /content-type: application\/json/i;
const FORM = /multipart\/form-data; boundary=/;

asksBeforeItWrites('webhook of one’s own', { answer: '{}', words: JSON_TYPE, picture: JSON_TYPE }, (url) =>
  createWebhookChannel({ url: new URL(url), key: undefined }, 2000),
);
asksBeforeItWrites('webhook of Slack', { answer: 'ok', words: JSON_TYPE, picture: JSON_TYPE }, (url) =>
  createSlackChannel(new URL(`${url}/services/T1/B1/x`), 2000),
);
asksBeforeItWrites(
  'topic of ntfy',
  { answer: '{"id":"a","event":"message"}', words: /PUT \/topic\?title=/, picture: /&filename=record.png/ },
  (url) => createNtfyChannel({ server: new URL(url), topic: 'topic', token: undefined }, 2000),
);
asksBeforeItWrites(
  'bot of Telegram',
  { answer: '{"ok":true,"result":{"message_id":1}}', words: FORM, picture: FORM },
  (url) => createTelegramChannel({ token: '1:t', chatId: '1', api: url }, 2000),
);
