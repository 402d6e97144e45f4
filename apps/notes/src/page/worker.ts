// Runs experiments beside the page, so that it stays alive meanwhile.
import { chapters } from '../chapters.ts';
import { digest } from '../digest.ts';
import type { Answer, Request } from './messages.ts';

const claims = new Map(chapters.flatMap((chapter) => chapter.claims.map(({ id, claim }) => [id, claim])));

addEventListener('message', async ({ data: { id, settings } }: MessageEvent<Request>) => {
  const start = performance.now();
  const answer = (parts: Omit<Answer, 'id' | 'milliseconds'>): void =>
    postMessage({ id, ...parts, milliseconds: performance.now() - start } satisfies Answer);
  try {
    const { figure, facts, result } = await claims.get(id)!.run(settings);
    answer({ figure, facts, digest: digest(result) });
  } catch (error) {
    answer({
      figure: '',
      facts: [],
      digest: '',
      error: error instanceof Error ? error.message : String(error),
    });
  }
});
