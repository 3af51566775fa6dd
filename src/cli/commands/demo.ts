import type { App } from '../../app/app.ts';
import { demo } from '../../demo/demo.ts';
import { print } from '../output.ts';

/** Tells the story of the demo, and then serves its page where that is asked for. */
export async function runDemo({ dashboard }: { readonly dashboard: boolean }): Promise<void> {
  await demo(print, dashboard ? serve : undefined);
}

async function serve(app: App): Promise<void> {
  const { serveUntilStopped } = await import('./serve.ts');
  await serveUntilStopped(app);
}
