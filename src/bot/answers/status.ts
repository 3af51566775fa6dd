import type { App } from '../../app/app.ts';
import { digest } from '../../jobs/digest.ts';
import type { Answer } from './answer.ts';

/** Where things stand: the digest of now. */
export async function status(app: App): Promise<Answer> {
  const { posting } = await digest(app, true);
  return { message: { ...posting.message, id: 'answer/status' }, pictures: [], files: [] };
}
