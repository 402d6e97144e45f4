// Handwritten digits, few enough for an emulated GPU, and an epoch of learning them.
import { relu } from '@neurite/activations';
import { accuracy, type Backend, sequential, train } from '@neurite/core';
import { dense, flatten } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { momentum } from '@neurite/optimizers';

interface Packed {
  /** Bytes of [examples, 28, 28] in base64: a page is told texts. */
  readonly inputs: string;
  readonly targets: readonly number[];
}

export interface PackedDigits {
  readonly training: Packed;
  readonly test: Packed;
}

const unpack = ({ inputs, targets }: Packed) => ({
  inputs: Uint8Array.from(atob(inputs), (character) => character.charCodeAt(0)),
  targets: Int32Array.from(targets),
});

/** The accuracy on the test digits after one epoch. */
export async function learnDigits(backend: Backend, { training, test }: PackedDigits): Promise<number> {
  const network = sequential(
    [28, 28],
    [flatten(), dense({ units: 32, activation: relu() }), dense({ units: 10 })],
  );
  const trainer = await train(network, {
    loss: softmaxCrossEntropy(),
    optimizer: momentum({ learningRate: 0.05 }),
    metrics: [accuracy()],
    backend,
    seed: 1,
  });
  await trainer.fit(unpack(training), { batchSize: 50 });
  const scores = await trainer.evaluate(unpack(test));
  trainer.release();
  return scores.accuracy as number;
}
