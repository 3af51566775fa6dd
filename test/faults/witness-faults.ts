import { startCboe } from '../support/cboe-server.ts';
import type { Fault as HttpFault } from '../support/http.ts';
import { BELIEVED, type Fault } from './fault.ts';

/** The second source is set up, and does this instead of confirming. */
function witnessThat(fault: HttpFault | undefined, close = 2467.7): Fault['strike'] {
  return async (story) => {
    const cboe = await startCboe();
    cboe.now = story.yahoo.now + 86_400_000;
    cboe.closes.set('_RUT', [
      { session: '2025-09-17', close: 2407.34 },
      { session: '2025-09-18', close },
    ]);
    cboe.fault = fault;
    story.configure({ WITNESS: 'cboe', WITNESS_URL: cboe.url });
    return {
      mend: () => {
        cboe.fault = undefined;
      },
      end: () => cboe.close(),
    };
  };
}

/** A second source that fails changes nothing: the alert goes out at once, with the close that Yahoo has. */
const unharmed: Fault['expect'] = { printed: null, code: 0, stored: BELIEVED };

export const WITNESS_FAULTS: readonly Fault[] = [
  { service: 'Second source', what: 'it never answers', strike: witnessThat('hang'), timeout: 1500, expect: unharmed },
  { service: 'Second source', what: 'it resets the connection', strike: witnessThat('reset'), expect: unharmed },
  {
    service: 'Second source',
    what: 'it answers 403, as to a name that it does not have',
    strike: witnessThat({ status: 403, body: '<Error><Code>AccessDenied</Code></Error>' }),
    expect: unharmed,
  },
  {
    service: 'Second source',
    what: 'it answers with a page',
    strike: witnessThat({ body: '<!doctype html><title>Just a moment...</title>' }),
    expect: unharmed,
  },
  {
    service: 'Second source',
    what: 'it reads another close',
    strike: witnessThat(undefined, 2437.7),
    expect: unharmed,
  },
];
