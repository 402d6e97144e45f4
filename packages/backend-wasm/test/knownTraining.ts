// A training whose losses are written down, so that Node, pages and workers can be held to the same numbers.
import { relu } from '@neurite/activations';
import { type BackendReport, sequential, train } from '@neurite/core';
import { dense, dropout } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { momentum } from '@neurite/optimizers';
import { sampleNumbers } from '@neurite/testing';
import { wasm } from '../src/index.ts';

/** Mean loss of each epoch. */
export const knownLosses: readonly number[] = [
  2.64888, 2.59656, 2.52401, 2.42744, 2.37129, 2.29798, 2.25256, 2.20765,
];

export interface Known {
  readonly losses: readonly number[];
  readonly report: BackendReport | undefined;
}

/** Large enough that threads share its work, if there are any. */
export async function trainKnown(threads: number): Promise<Known> {
  const backend = wasm({ threads, deterministic: true });
  const network = sequential(
    [64],
    [dense({ units: 100, activation: relu() }), dropout({ rate: 0.1 }), dense({ units: 10 })],
  );
  const trainer = await train(network, {
    loss: softmaxCrossEntropy(),
    optimizer: momentum(),
    backend,
    seed: 6,
  });
  const data = {
    inputs: Float32Array.from(sampleNumbers(320 * 64, { seed: 7 })),
    targets: Int32Array.from(sampleNumbers(320, { seed: 8, low: 0, high: 10 }), Math.floor),
  };
  const { epochs } = await trainer.fit(data, { batchSize: 64, epochs: 8 });
  trainer.release();
  return { losses: epochs.map(({ loss }) => loss), report: backend.report() };
}
