import { expect, test } from 'vitest';
import { rememberSource } from '../../src/ingest/remember-source.ts';
import { OtherSourceError } from '../../src/store/errors.ts';
import { startStory } from '../support/story.ts';

test('the source of the first reading stays, and another one is refused: closes of two sources would mix', async () => {
  const story = await startStory();
  await story.at('2025-09-17T20:45:00Z', async (app) => {
    expect(app.closes.noted('source')).toBeUndefined();
    await rememberSource(app);
    await rememberSource(app);
    await expect(rememberSource({ ...app, source: { ...app.source, name: 'csv' } })).rejects.toThrow(OtherSourceError);
    expect(app.closes.noted('source')).toBe('yahoo');
  });
});
