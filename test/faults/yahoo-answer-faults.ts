import type { Fault as HttpFault } from '../support/http.ts';
import type { Story } from '../support/story.ts';
import { BELIEVED, everybody, type Fault } from './fault.ts';
import { unharmed, unread, words } from './yahoo-expectations.ts';

function answers(fault: HttpFault, times = Number.POSITIVE_INFINITY, symbol?: string): Fault['strike'] {
  return ({ yahoo }: Story) => {
    let left = times;
    yahoo.fault = (request) => {
      if (left <= 0 || (symbol !== undefined && request.symbol !== symbol)) return undefined;
      left -= 1;
      return fault;
    };
    return () => {
      yahoo.fault = undefined;
    };
  };
}

const page = '<html><body>Our engineers are working quickly to resolve the issue.</body></html>';

/** What goes wrong before there is a chart to read. */
export const YAHOO_ANSWER_FAULTS: readonly Fault[] = [
  {
    service: 'Yahoo',
    what: '429 without Retry-After',
    strike: answers({ status: 429 }),
    expect: unread(words('slow down \\(HTTP 429\\)'), [3, 3]),
  },
  {
    service: 'Yahoo',
    what: '429 with Retry-After: 2, twice',
    strike: answers({ status: 429, headers: { 'retry-after': '2' } }, 2, '^RUT'),
    expect: unharmed([4, 1]),
  },
  {
    service: 'Yahoo',
    what: '429 with Retry-After: 3600',
    strike: answers({ status: 429, headers: { 'retry-after': '3600' } }),
    expect: unread(words('slow down \\(HTTP 429\\)'), [1, 1]),
  },
  { service: 'Yahoo', what: '500, once', strike: answers({ status: 500 }, 1, '^RUT'), expect: unharmed([3, 1]) },
  {
    service: 'Yahoo',
    what: '500',
    strike: answers({ status: 500, body: page }),
    expect: unread(words('HTTP 500'), [3, 3]),
  },
  { service: 'Yahoo', what: '502', strike: answers({ status: 502 }), expect: unread(words('HTTP 502'), [3, 3]) },
  {
    service: 'Yahoo',
    what: 'hang',
    timeout: 400,
    strike: answers('hang'),
    expect: unread(words('did not answer in time'), [3, 3]),
  },
  {
    service: 'Yahoo',
    what: 'half an answer, then silence',
    timeout: 400,
    strike: answers('stall'),
    expect: unread(words('did not answer in time'), [3, 3]),
  },
  {
    service: 'Yahoo',
    what: 'reset',
    strike: answers('reset'),
    expect: unread(words('cannot be reached \\(ECONNRESET\\)'), [3, 3]),
  },
  {
    service: 'Yahoo',
    what: 'HTML with 200',
    strike: answers({ body: page }),
    expect: unread(words('an HTML page instead of a chart'), [3, 3]),
  },
  {
    service: 'Yahoo',
    what: 'an empty body',
    strike: answers({ body: '' }),
    expect: unread(words('an empty page instead of a chart'), [3, 3]),
  },
  {
    service: 'Yahoo',
    what: 'JSON cut off by the connection',
    strike: answers('truncate'),
    expect: unread(words('cannot be reached'), [3, 3]),
  },
  {
    service: 'Yahoo',
    what: 'JSON cut off by Yahoo',
    strike: answers({ body: '{"chart":{"result":[{"meta":{"currency":"USD"' }),
    expect: unread(words('broken JSON instead of a chart'), [3, 3]),
  },
  {
    service: 'Yahoo',
    what: 'unknown symbol',
    strike: answers({
      status: 404,
      body: '{"chart":{"result":null,"error":{"code":"Not Found","description":"No data found, symbol may be delisted"}}}',
    }),
    expect: unread(words('does not know this symbol'), [1, 1]),
  },
  {
    service: 'Yahoo',
    what: 'a redirect to another host',
    strike: answers({ status: 302, headers: { location: 'http://127.0.0.1:1/' } }),
    expect: unread(words('HTTP 302'), [1, 1]),
  },
  {
    service: 'Yahoo',
    what: '100 MB',
    strike: answers({ body: `{"chart":"${'x'.repeat(100_000_000)}"}` }),
    expect: unread(words('exceeds 8 MB'), [1, 1]),
  },
  {
    service: 'Yahoo',
    what: 'JSON nested seven million deep',
    strike: answers({ body: '['.repeat(7_000_000) }),
    expect: unread(words('nested too deeply for a chart'), [1, 1]),
  },
  {
    service: 'Yahoo',
    what: '500 to the whole history that an alert asks for',
    strike: ({ yahoo }) => {
      yahoo.fault = ({ symbol, period1 }) => (symbol === '^RUT' && period1 < 0.6e9 ? { status: 500 } : undefined);
      return () => {
        yahoo.fault = undefined;
      };
    },
    expect: {
      printed: /^Problem +Russell 2000: a message is due, .* read again first: \^RUT: Yahoo answered HTTP 500/,
      code: 1,
      stored: BELIEVED,
      arrives: everybody(2),
      tries: [4, 4],
    },
  },
  {
    service: 'Yahoo',
    what: 'the benchmark cannot be read',
    strike: answers({ status: 500 }, Number.POSITIVE_INFINITY, '^GSPC'),
    expect: { ...unharmed(), printed: words('HTTP 500'), code: 1 },
  },
  {
    service: 'Yahoo',
    what: '403 to the name that the program has',
    strike: ({ yahoo }) => {
      yahoo.fault = ({ count }) =>
        /yahoo-finance2/.test(yahoo.headers[count - 1]?.['user-agent'] ?? '') ? { status: 403, body: page } : undefined;
      return () => {
        yahoo.fault = undefined;
      };
    },
    expect: unread(words('HTTP 403; the next run tries again; if this persists, set YAHOO_USER_AGENT'), [1, 1]),
  },
];
