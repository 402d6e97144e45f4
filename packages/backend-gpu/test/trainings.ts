// Two trainings, and how well their networks do in the end.
import { relu, tanh } from '@neurite/activations';
import { accuracy, type Backend, sequential, train } from '@neurite/core';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { adam, momentum } from '@neurite/optimizers';
import { sampleNumbers } from '@neurite/testing';

/** Points in two rings. */
function rings() {
  const angles = sampleNumbers(200, { seed: 1, low: 0, high: 2 * Math.PI });
  const inputs = angles.flatMap((angle, i) => {
    const radius = i % 2 === 0 ? 0.4 : 1;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  return { inputs: Float32Array.from(inputs), targets: Int32Array.from(angles, (_, i) => i % 2) };
}

/** Images of 12 × 12 bytes: one of ten patterns, and noise. */
function digits() {
  const patterns = Array.from({ length: 10 }, (_, seed) => sampleNumbers(144, { seed, low: 0, high: 160 }));
  const noise = sampleNumbers(500 * 144, { seed: 11, low: 0, high: 96 });
  const inputs = Uint8Array.from(
    noise,
    (value, i) => value + (patterns[Math.floor(i / 144) % 10]?.[i % 144] ?? 0),
  );
  return { inputs, targets: Int32Array.from({ length: 500 }, (_, i) => i % 10) };
}

const trainings = {
  rings: async (backend: Backend) => {
    const network = sequential([2], [dense({ units: 12, activation: tanh() }), dense({ units: 2 })]);
    const options = { loss: softmaxCrossEntropy(), optimizer: momentum({ learningRate: 0.3 }) };
    const trainer = await train(network, { ...options, metrics: [accuracy()], backend, seed: 1 });
    await trainer.fit(rings(), { batchSize: 50, epochs: 30 });
    return { trainer, scores: await trainer.evaluate(rings()) };
  },
  digits: async (backend: Backend) => {
    const network = sequential([144], [dense({ units: 24, activation: relu() }), dense({ units: 10 })]);
    const options = { loss: softmaxCrossEntropy(), optimizer: adam({ learningRate: 0.003 }) };
    const trainer = await train(network, { ...options, metrics: [accuracy()], backend, seed: 2 });
    await trainer.fit(digits(), { batchSize: 48, epochs: 6 });
    return { trainer, scores: await trainer.evaluate(digits()) };
  },
};

/** A trainer that makes single steps on the rings. */
export async function ringsTrainer(backend: Backend) {
  const network = sequential([2], [dense({ units: 4, activation: tanh() }), dense({ units: 2 })]);
  const trainer = await train(network, { loss: softmaxCrossEntropy(), optimizer: momentum(), backend });
  return { trainer, step: () => trainer.step(rings()) };
}

/** The accuracy of each training on the data that it saw. */
export async function accuracies(backend: Backend): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const [name, run] of Object.entries(trainings)) {
    const { trainer, scores } = await run(backend);
    trainer.release();
    found[name] = scores.accuracy as number;
  }
  return found;
}
