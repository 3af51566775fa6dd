import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '../../src/settings/settings.ts';
import { BELIEVED, everybody, type Fault } from './fault.ts';

const ROOT = join(import.meta.dirname, '../..');
/** What a container or a shell sets; the rest is in `.env`. */
const OUTSIDE = ['DATABASE_PATH', 'MARKET_SOURCE', 'YAHOO_FINANCE_URL', 'DISCORD_API_URL'];

/** The story's settings come from a `.env` in a package folder of their own. */
function fromEnv(strike: (path: string, text: string) => () => void): Fault['strike'] {
  return (story) => {
    const root = mkdtempSync(join(tmpdir(), 'breakout-bell-root-'));
    mkdirSync(join(root, 'data'));
    cpSync(join(ROOT, 'config'), join(root, 'config'), { recursive: true });
    cpSync(join(ROOT, 'data/before-yahoo.csv'), join(root, 'data/before-yahoo.csv'));
    const path = join(root, '.env');
    const variables = Object.entries({ ...story.environment, OUTBOX_DIR: join(root, 'outbox') });
    const text = variables.flatMap(([name, value]) => (OUTSIDE.includes(name) ? [] : [`${name}=${value}\n`])).join('');
    const outside = Object.fromEntries(variables.filter(([name]) => OUTSIDE.includes(name)));
    writeFileSync(path, text, { mode: 0o600 });
    const mend = strike(path, text);
    // Read anew by every run, as a process of its own does.
    story.load = () => loadSettings(root, outside);
    return { mend, end: () => rmSync(root, { recursive: true, force: true }) };
  };
}

/** Written back as it was. */
function rewritten(path: string, text: string | Buffer, good: string): () => void {
  rmSync(path);
  writeFileSync(path, text, { mode: 0o600 });
  return () => {
    rmSync(path);
    writeFileSync(path, good, { mode: 0o600 });
  };
}

export const SETTINGS_FAULTS: readonly Fault[] = [
  {
    service: 'Settings',
    what: '.env missing',
    strike: fromEnv((path, text) => {
      rmSync(path);
      return () => writeFileSync(path, text, { mode: 0o600 });
    }),
    expect: {
      printed: /^Problem .*discord-webhook, .* were set up before, but no channel is now: is \.env still in place\?/,
      code: 1,
      stored: BELIEVED,
      arrives: everybody(2),
      tries: [0, 0],
    },
  },
  {
    service: 'Settings',
    what: '.env is a folder: it cannot be read',
    strike: fromEnv((path, text) => {
      rmSync(path);
      mkdirSync(path);
      return () => {
        rmSync(path, { recursive: true });
        writeFileSync(path, text, { mode: 0o600 });
      };
    }),
    expect: {
      printed: /\.env is a folder; a file is needed/,
      code: 2,
      stored: 'cannot be read',
      arrives: everybody(2),
      tries: [0, 0],
    },
  },
  {
    service: 'Settings',
    what: '.env with Windows line ends',
    strike: fromEnv((path, text) => rewritten(path, text.replaceAll('\n', '\r\n'), text)),
    expect: { printed: null, code: 0, stored: BELIEVED, tries: [1, 0] },
  },
  {
    service: 'Settings',
    what: '.env in UTF-16, as Notepad may write it',
    strike: fromEnv((path, text) => rewritten(path, Buffer.from(`\ufeff${text}`, 'utf16le'), text)),
    expect: { printed: null, code: 0, stored: BELIEVED, tries: [1, 0] },
  },
  {
    service: 'Settings',
    what: '.env that others can read',
    strike: fromEnv((path) => {
      chmodSync(path, 0o644);
      return () => chmodSync(path, 0o600);
    }),
    expect: {
      printed: /\.env can be read by every user of this machine; it holds passwords: chmod 600 /,
      code: 0,
      stored: BELIEVED,
      tries: [1, 0],
    },
  },
  {
    service: 'Settings',
    what: 'a bad value',
    strike: fromEnv((path, text) => rewritten(path, `${text}DISCORD_MENTION=@everyone\n`, text)),
    expect: {
      printed: /DISCORD_MENTION is '@everyone'; allowed: /,
      code: 2,
      stored: 'cannot be read',
      arrives: everybody(2),
      tries: [0, 0],
    },
  },
  {
    service: 'Settings',
    what: 'the token of the page cut short',
    strike: fromEnv((path, text) => rewritten(path, `${text}DASHBOARD_TOKEN=0123456789\n`, text)),
    expect: {
      printed: /DASHBOARD_TOKEN has 10 characters; allowed: at least 16/,
      code: 2,
      stored: 'cannot be read',
      arrives: everybody(2),
      tries: [0, 0],
    },
  },
  {
    service: 'Settings',
    what: 'the page opened to the network without a token: it stays closed, and the watch goes on',
    strike: fromEnv((path, text) => rewritten(path, `${text}DASHBOARD_HOST=0.0.0.0\n`, text)),
    expect: { printed: null, code: 0, stored: BELIEVED, tries: [1, 0] },
  },
];
