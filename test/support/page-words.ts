import { thisProcess } from '../../src/app/this-process.ts';
import { createSite } from '../../src/dashboard/server.ts';
import { SEP_17, SEP_18, type Story, startStory } from './story.ts';

/** What a path answers, and its words without the tags. */
export async function get(story: Story, path: string, instant = SEP_18, headers: Record<string, string> = {}) {
  return story.at(instant, async (app) => {
    const answer = await createSite(app).request(path, { headers });
    const body = await answer.text();
    return { status: answer.status, headers: answer.headers, body, text: wordsOf(body) };
  });
}

/** The words of a page, on one line. */
export function wordsOf(html: string): string {
  return html
    .replace(/<(script|style|noscript)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ')
    .replace(/ ([.,;:])/g, '$1');
}

/** A story on the evening of its event. */
export async function storyOfTheEvent(): Promise<Story> {
  const story = await startStory();
  await story.round(SEP_17);
  await story.round(SEP_18);
  return story;
}

/** A daemon that leads, as this process. */
export async function leadBy(story: Story, instant: string): Promise<void> {
  const at = new Date(instant).toISOString();
  await story.at(instant, async ({ ledger }) => {
    await ledger.lead({ ...thisProcess(), startedAt: at, seenAt: at }, () => true);
  });
}
