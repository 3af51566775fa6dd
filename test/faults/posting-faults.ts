import type { Answer } from '../support/http.ts';
import { NTFY_ERRORS } from '../support/ntfy-server.ts';
import type { Posted, PostingFault } from '../support/posting-server.ts';
import type { Posting } from '../support/posting-services.ts';
import { SLACK_ERRORS } from '../support/slack-server.ts';
import { TELEGRAM_ERRORS, telegramRefusal } from '../support/telegram-server.ts';
import { BELIEVED, type Expectation, type Fault } from './fault.ts';
import type { Person } from './people.ts';

type Service = Fault['service'];

const SERVICE: Readonly<Record<Posting, Service>> = {
  slack: 'Slack',
  telegram: 'Telegram',
  ntfy: 'ntfy',
  webhook: 'A webhook of one’s own',
};
const WHO: Readonly<Record<Posting, Person>> = { slack: 'slack', telegram: 'telegram', ntfy: 'ntfy', webhook: 'own' };

/** A service answers like this to what is posted, so many times; it can be looked at meanwhile. */
function answers(channel: Posting, fault: PostingFault, times = Number.POSITIVE_INFINITY): Fault['strike'] {
  return (_story, posting) => {
    let left = times;
    posting[channel].fault = ({ method }: Posted) => (method !== 'GET' && left-- > 0 ? fault : undefined);
    return () => {
      posting[channel].fault = undefined;
    };
  };
}

const words = (channel: Posting, text: string) => new RegExp(`^Delivery .* to ${channel}: .*${text}`);

/** Surely not taken: the others have it, and this one gets it as soon as it works. */
function refused(channel: Posting, what: string, answer: PostingFault, text: string, second: 0 | 1 = 1): Fault {
  return {
    service: SERVICE[channel],
    what,
    strike: answers(channel, answer),
    expect: {
      printed: words(channel, text),
      code: 1,
      stored: BELIEVED,
      arrives: { [WHO[channel]]: 2 },
      tries: [1, second],
    },
  };
}

/** Over before anybody notices. */
function passing(channel: Posting, what: string, strike: Fault['strike']): Fault {
  return {
    service: SERVICE[channel],
    what,
    strike,
    expect: { printed: null, code: 0, stored: BELIEVED, arrives: { [WHO[channel]]: 0 }, tries: [2, 0] },
  };
}

/** It may have arrived, and nobody can look. @param taken whether it has */
function unknown(channel: Posting, what: string, fault: PostingFault, text: string, taken: boolean): Fault {
  const who = WHO[channel];
  const came: Partial<Expectation> = taken ? { copies: { [who]: 2 } } : { arrives: { [who]: 2 }, marked: [who] };
  return {
    service: SERVICE[channel],
    what,
    ...(/hang/.test(String(fault)) ? { timeout: 400 } : {}),
    strike: answers(channel, fault, taken ? 1 : Number.POSITIVE_INFINITY),
    expect: { printed: words(channel, text), code: 1, stored: BELIEVED, tries: [1, 0], ...came },
  };
}

/** What has pictures is refused. */
function refusesPictures(channel: Posting, answer: Answer): Fault['strike'] {
  return (story, posting) => {
    story.pictures = true;
    posting[channel].fault = ({ url, body }) =>
      /sendMediaGroup|sendPhoto/.test(url.pathname) || body.subarray(1, 4).toString() === 'PNG' ? answer : undefined;
    return () => {
      posting[channel].fault = undefined;
    };
  };
}

const PAGE: Answer = { body: '<html>Log in to this network</html>' };
const REDIRECT: Answer = { status: 307, headers: { location: 'http://127.0.0.1:1/' } };
const error = (of: Readonly<Record<string, Answer>>, name: string): Answer => of[name] ?? { status: 500 };

export const POSTING_FAULTS: readonly Fault[] = [
  refused('slack', 'the webhook was removed: 404 no_service', error(SLACK_ERRORS, 'no_service'), 'failed .*no_service'),
  refused('slack', 'the channel is archived: 410', error(SLACK_ERRORS, 'channel_is_archived'), 'failed .*unarchive it'),
  refused('slack', '400 invalid_payload', error(SLACK_ERRORS, 'invalid_payload'), 'failed .*invalid_payload'),
  refused('slack', '429 for 30 seconds', { status: 429, headers: { 'retry-after': '30' } }, 'pending .*HTTP 429'),
  refused('slack', '429 for an hour', { status: 429, headers: { 'retry-after': '3600' } }, 'pending .*HTTP 429', 0),
  refused('slack', '500 rollup_error', error(SLACK_ERRORS, 'rollup_error'), 'pending .*HTTP 500'),
  refused('slack', 'the login page of a network, with 200', PAGE, 'pending .*what answered is not Slack'),
  refused('slack', 'a redirect to another host', REDIRECT, 'pending .*redirects elsewhere'),
  unknown('slack', 'hang, not taken', 'hang', 'unknown .*did not answer in time', false),
  unknown('slack', 'taken, then a reset', 'accept-then-reset', 'unknown .*connection to Slack broke', true),

  refused('telegram', 'a revoked token: 401', error(TELEGRAM_ERRORS, 'a revoked token'), 'failed .*from @BotFather'),
  refused('telegram', 'no such chat: 400', error(TELEGRAM_ERRORS, 'no such chat'), 'failed .*TELEGRAM_CHAT_ID'),
  refused('telegram', 'blocked: 403', error(TELEGRAM_ERRORS, 'blocked by the person'), 'failed .*has blocked the bot'),
  refused(
    'telegram',
    'the group became a supergroup',
    error(TELEGRAM_ERRORS, 'the group became a supergroup'),
    'failed .*set TELEGRAM_CHAT_ID=-1009876543210',
  ),
  refused('telegram', '429 for 35 seconds', error(TELEGRAM_ERRORS, 'too many requests'), 'pending .*for 35 s'),
  passing(
    'telegram',
    '429 for 2 seconds, once',
    answers('telegram', telegramRefusal(429, 'Too Many Requests: retry after 2', { retry_after: 2 }), 1),
  ),
  passing(
    'telegram',
    '400 for the pictures',
    refusesPictures('telegram', telegramRefusal(400, 'Bad Request: PHOTO_INVALID_DIMENSIONS')),
  ),
  unknown('telegram', '502', error(TELEGRAM_ERRORS, 'a bad gateway'), 'unknown .*HTTP 502', false),
  unknown('telegram', 'taken, then a hang', 'accept-then-hang', 'unknown .*did not answer in time', true),

  refused('ntfy', '403', error(NTFY_ERRORS, 'forbidden'), 'failed .*check NTFY_TOKEN'),
  refused('ntfy', 'the messages of the day are used up', error(NTFY_ERRORS, 'the daily limit of messages'), 'HTTP 429'),
  passing('ntfy', '429, once', answers('ntfy', error(NTFY_ERRORS, 'too many requests'), 1)),
  passing('ntfy', '413 for the picture', refusesPictures('ntfy', error(NTFY_ERRORS, 'an attachment too large'))),
  {
    service: 'ntfy',
    what: 'taken, then a reset',
    strike: answers('ntfy', 'accept-then-reset', 1),
    // Read back in the same run.
    expect: { printed: null, code: 0, stored: BELIEVED, arrives: { ntfy: 0 }, copies: { ntfy: 1 }, tries: [1, 0] },
  },
  {
    service: 'ntfy',
    what: 'taken, then a reset, as the server starts again and forgets it',
    strike: (story, posting) => {
      const undo = answers('ntfy', 'accept-then-reset', 1)(story, posting);
      const { push } = posting.ntfy.lines;
      posting.ntfy.lines.push = () => 0;
      return () => {
        posting.ntfy.lines.push = push;
        if (typeof undo === 'function') return undo();
      };
    },
    expect: {
      printed: words('ntfy', 'unknown .*connection to ntfy \\(NTFY_URL\\) broke'),
      code: 1,
      stored: BELIEVED,
      copies: { ntfy: 2 },
      tries: [1, 0],
    },
  },

  refused('webhook', '500', { status: 500 }, 'pending .*HTTP 500'),
  refused('webhook', '410', { status: 410 }, 'failed .*HTTP 410'),
  refused('webhook', 'a redirect to another host', REDIRECT, 'pending .*redirects elsewhere'),
  refused('webhook', 'a page with 200', PAGE, 'pending .*a page for people'),
  unknown('webhook', '502, not taken', { status: 502 }, 'unknown .*HTTP 502', false),
  unknown('webhook', 'taken, then a reset', 'accept-then-reset', 'unknown .*broke', true),
];
