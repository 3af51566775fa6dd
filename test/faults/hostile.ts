import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { VARIABLES } from '../../src/settings/environment.ts';
import { BOT } from '../support/discord-stand-in.ts';
import { openStory, SEP_17, SEP_18 } from '../support/story.ts';

const ROOT = join(import.meta.dirname, '../..');
const CLOCK = join(ROOT, 'test/support/clock.js');
const TELL_MEMORY =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("maxrss "+process.resourceUsage().maxRSS))';

const meta = (zone: string) =>
  `{"currency":"USD","symbol":"^RUT","exchangeName":"X","instrumentType":"INDEX","firstTradeDate":1,"regularMarketTime":1758225600,"gmtoffset":-14400,"timezone":"EDT","exchangeTimezoneName":"${zone}","regularMarketPrice":1,"priceHint":2,"currentTradingPeriod":{${['pre', 'regular', 'post'].map((name) => `"${name}":{"timezone":"EDT","start":1,"end":2,"gmtoffset":0}`).join()}},"dataGranularity":"1d","range":"","validRanges":[]}`;

/** A chart of so many bars, with a second between them: as many as fit into what is read. */
function bars(count: number, zone = 'America/New_York'): string {
  const times = Array.from({ length: count }, (_, index) => index).join();
  const closes = '1,'.repeat(count - 1);
  return `{"chart":{"result":[{"meta":${meta(zone)},"timestamp":[${times}],"indicators":{"quote":[{"close":[${closes}1],"open":[],"high":[],"low":[],"volume":[]}]}}],"error":null}}`;
}

/** Answers that would cost memory or time without an end. */
export const HOSTILE: readonly { readonly what: string; readonly body: () => string }[] = [
  { what: 'an evening as it should be', body: () => '' },
  { what: '100 MB of text', body: () => `{"chart":"${'x'.repeat(100_000_000)}"}` },
  { what: 'JSON nested seven million deep', body: () => '['.repeat(7_000_000) },
  { what: 'a million bars', body: () => bars(1_000_000) },
  { what: 'half a million bars', body: () => bars(500_000) },
  { what: 'half a million bars of another time zone', body: () => bars(500_000, 'Asia/Tokyo') },
];

export interface Cost {
  readonly what: string;
  /** What the check said of it. */
  readonly printed: string;
  readonly code: number | null;
  readonly seconds: number;
  /** Peak memory of the process. */
  readonly megabytes: number;
}

/** A real check that gets such an answer for every symbol. */
export async function costOf({ what, body }: (typeof HOSTILE)[number]): Promise<Cost> {
  const { story, close } = await openStory(BOT);
  try {
    await story.check(SEP_17);
    const text = body();
    story.yahoo.now = Date.parse(SEP_18);
    if (text !== '') story.yahoo.fault = ({ symbol }) => ({ body: text.replace('"^RUT"', `"${symbol}"`) });
    const began = performance.now();
    const blank = Object.fromEntries(VARIABLES.map((name) => [name, '']));
    const child = spawn(
      process.execPath,
      ['--import', CLOCK, '--import', TELL_MEMORY, join(ROOT, 'src/launch.js'), 'check'],
      { env: { PATH: process.env.PATH, ...blank, ...story.environment, BELL_NOW: SEP_18 }, cwd: '/' },
    );
    const said = { out: '', err: '' };
    child.stdout.on('data', (chunk) => {
      said.out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      said.err += chunk;
    });
    const [code] = await once(child, 'close');
    const problem = said.out.match(/^Problem +(.*)$/m)?.[1] ?? said.out.match(/^Event .*$/m)?.[0] ?? '';
    return {
      what,
      printed: problem,
      code,
      seconds: (performance.now() - began) / 1000,
      megabytes: Number(said.err.match(/maxrss (\d+)/)?.[1] ?? 0) / 1000,
    };
  } finally {
    await close();
  }
}
