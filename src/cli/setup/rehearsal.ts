import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp } from '../../app/open.ts';
import type { Runtime } from '../../app/runtime.ts';
import type { Channel } from '../../channel/channel.ts';
import { toAllChannels } from '../../channel/of-signal.ts';
import { dryRun } from '../../check/dry-run.ts';
import type { Finding } from '../../health/finding.ts';
import { drill, whatBecameOf } from '../../jobs/drill.ts';
import type { Settings } from '../../settings/settings.ts';

/** Drills before anything is set up. */
export interface Rehearsal {
  /**
   * Sends a drill to some channels, down the path of a real alert but with a ledger of its own: nothing is left of it. The
   * first one reads the history, so that it looks like an alert.
   */
  drill(settings: Settings, isMeant: (channel: Channel) => boolean): Promise<Finding[]>;
  close(): void;
}

export function createRehearsal(runtime: Runtime): Rehearsal {
  const folder = mkdtempSync(join(tmpdir(), 'breakout-bell-setup-'));
  const databasePath = join(folder, 'setup.db');
  let isRead = false;
  return {
    drill: async (settings, isMeant) => {
      const own = { postgres: undefined, databasePath, outboxDir: undefined, signals: toAllChannels(settings.signals) };
      const app = await openApp({ ...settings, ...own }, runtime);
      try {
        // Without closes a drill is words only; why they cannot be read was told when the source was tried.
        if (!isRead) await dryRun(app, { offline: false, command: 'setup' });
        isRead = true;
        const result = await drill({ ...app, channels: app.channels.filter(isMeant) });
        if ('skipped' in result) return [{ ok: false, what: 'drill', text: result.skipped }];
        return result.deliveries.map(({ channel, state, reason }) => ({
          ok: state === 'sent',
          what: channel,
          text: `${whatBecameOf(state)}${reason === null ? '' : `: ${reason}`}`,
        }));
      } finally {
        app.close();
      }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
