// Trains inside a Web Worker.
import { trainKnown } from './knownTraining.ts';

addEventListener('message', async ({ data: threads }: MessageEvent<number>) => {
  const answer = await trainKnown(threads).catch((error: unknown) => ({ error: String(error) }));
  (postMessage as (message: unknown) => void)(answer);
});
