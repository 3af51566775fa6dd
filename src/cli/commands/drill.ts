import type { App } from '../../app/app.ts';
import { noticesOf } from '../../health/notices.ts';
import { drill } from '../../jobs/drill.ts';
import { commandLine } from '../../message/command-line.ts';
import { home } from '../app.ts';
import { DID_NOT_WORK, DONE, note, print } from '../output.ts';
import { deliveryLines, haveArrived } from './deliveries.ts';
import { tellSkipped } from './report.ts';

/** Sends a test message through every channel, and says where it arrived. */
export async function runDrill(app: App): Promise<number> {
  const result = await drill(app);
  if ('skipped' in result) return tellSkipped(result);
  deliveryLines(result.deliveries).forEach(print);
  if (result.deliveries.length === 0)
    print(`Every channel is paused, so nothing was sent. To resume: ${commandLine('resume')}`);
  const { notLoaded } = await noticesOf(app, home());
  // What has arrived here may not arrive from there.
  notLoaded.forEach(note);
  return haveArrived(result.deliveries) ? DONE : DID_NOT_WORK;
}
