// The known training where browsers run it: in the page, and in a worker.
import { expect } from 'vitest';
import { type Known, knownLosses, trainKnown } from './knownTraining.ts';

export const places: readonly (readonly [place: string, train: (threads: number) => Promise<Known>])[] = [
  ['the page', trainKnown],
  ['a worker', trainInWorker],
];

function trainInWorker(threads: number): Promise<Known> {
  const worker = new Worker(new URL('./trainingWorker.ts', import.meta.url), { type: 'module' });
  return new Promise<Known>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Known & { readonly error?: string }>) => {
      worker.terminate();
      if (data.error) reject(new Error(data.error));
      else resolve(data);
    };
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(threads);
  });
}

export function expectKnown({ losses }: Known): void {
  losses.forEach((loss, i) => void expect(loss).toBeCloseTo(knownLosses[i] as number, 4));
  expect(losses).toHaveLength(knownLosses.length);
}
