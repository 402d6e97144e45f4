// A training that goes from backend to backend, along every pair of them.
import { tanh } from '@neurite/activations';
import { type Backend, sequential, type Trainer, train } from '@neurite/core';
import { dense } from '@neurite/layers';
import { softmaxCrossEntropy } from '@neurite/losses';
import { momentum } from '@neurite/optimizers';
import { sampleNumbers } from '@neurite/testing';

const stepsOnEach = 10;

const batch = {
  inputs: Float32Array.from(sampleNumbers(60, { seed: 2, low: -1, high: 1 })),
  targets: Int32Array.from({ length: 30 }, (_, i) => i % 3),
};

function trainerOn(backend: Backend): Promise<Trainer> {
  const network = sequential([2], [dense({ units: 6, activation: tanh() }), dense({ units: 3 })]);
  const optimizer = momentum({ learningRate: 0.05 });
  return train(network, { loss: softmaxCrossEntropy(), optimizer, backend, seed: 5 });
}

/**
 * The order in which to visit `count` places so that each is once reached from each other: for every pair there and back,
 * a round from the first.
 */
function tour(count: number): number[] {
  const rounds: number[] = [];
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) rounds.push(a, b);
    rounds.push(a);
  }
  return rounds.filter((place, i) => place !== rounds[i - 1]);
}

/** The loss of every step: of a training that stays on the first backend, and of one that moves after each few steps. */
export async function lossesOnTour(
  backends: readonly Backend[],
): Promise<{ moving: number[]; staying: number[]; pairs: string[] }> {
  const [first] = backends as [Backend];
  const [moved, stayed] = [await trainerOn(first), await trainerOn(first)];
  const [moving, staying]: [number[], number[]] = [[], []];
  const pairs = new Set<string>();
  let last = 0;
  for (const place of tour(backends.length)) {
    if (place !== last) pairs.add(`${last} ${place}`);
    if (place !== last) await moved.to(backends[place] as Backend);
    last = place;
    for (let step = 0; step < stepsOnEach; step++) {
      moving.push(await moved.step(batch));
      staying.push(await stayed.step(batch));
    }
  }
  moved.release();
  stayed.release();
  return { moving, staying, pairs: [...pairs] };
}
