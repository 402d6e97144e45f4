// A training whose parameters come down to one number: equal numbers mean equal bits.
import { createHash } from 'node:crypto';
import { relu, tanh } from '@neurite/activations';
import { sequential, train } from '@neurite/core';
import { dense, dropout } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { adam } from '@neurite/optimizers';
import { sampleNumbers } from '@neurite/testing';
import { wasm } from '../../src/index.ts';

export interface Trained {
  readonly hash: string;
  readonly loss: number;
  readonly mode: string;
}

/** Large enough that threads share its work. The trainer is not released. */
export async function trainedHash(threads: number, deterministic: boolean): Promise<Trained> {
  const backend = wasm({ threads, deterministic });
  const network = sequential(
    [50],
    [
      dense({ units: 90, activation: relu() }),
      dropout({ rate: 0.2 }),
      dense({ units: 33, activation: tanh() }),
      dense({ units: 10 }),
    ],
  );
  const trainer = await train(network, { loss: softmaxCrossEntropy(), optimizer: adam(), backend, seed: 2 });
  const data = {
    inputs: Float32Array.from(sampleNumbers(300 * 50, { seed: 1 })),
    targets: Int32Array.from(sampleNumbers(300, { seed: 2, low: 0, high: 10 }), Math.floor),
  };
  const { epochs } = await trainer.fit(data, { batchSize: 64, epochs: 10 });
  const hash = createHash('sha256');
  for (const values of Object.values(await trainer.readParameters())) hash.update(values);
  return {
    hash: hash.digest('hex'),
    loss: epochs.at(-1)?.loss ?? Number.NaN,
    mode: backend.report()?.mode ?? '',
  };
}
