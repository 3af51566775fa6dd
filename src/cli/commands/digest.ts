import type { App } from '../../app/app.ts';
import { digest, sendDigest } from '../../jobs/digest.ts';
import { DID_NOT_WORK, DONE, note, print, printJson } from '../output.ts';
import { deliveryLines, haveArrived } from './deliveries.ts';
import { tellSkipped } from './report.ts';

interface Form {
  readonly json?: true;
}

/** Prints the digest, and sends nothing. */
export async function printDigest(app: App, { json }: Form): Promise<number> {
  const { facts, posting } = await digest(app);
  if (json) printJson({ id: posting.message.id, ...facts });
  else {
    const { renderText } = await import('../../render/text.ts');
    print(renderText({ message: posting.message, repeat: false, refersTo: null }).trimEnd());
  }
  return DONE;
}

/** Sends the digest to the channels that take it. */
export async function postDigest(app: App, form: Form): Promise<number> {
  const { json } = form;
  const result = await sendDigest(app);
  if ('skipped' in result) return tellSkipped(result, form);
  const { id, facts, writtenBefore, deliveries } = result;
  if (json) printJson({ id, ...facts });
  // With --json the document is the answer, and what became of it goes to standard error.
  const say = json ? note : print;
  if (writtenBefore !== null) say(`${id} was sent before; channels that received it do not get it again.`);
  deliveryLines(deliveries).forEach(say);
  if (deliveries.length === 0) {
    const { schedule } = app.settings.configFiles;
    say(`No channel takes digests: add one that is set up and not paused to digest.channels in ${schedule}.`);
  }
  return haveArrived(deliveries) ? DONE : DID_NOT_WORK;
}
