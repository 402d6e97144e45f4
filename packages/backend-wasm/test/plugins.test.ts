// What plugins are made of, on this backend: their formulas and gradients against the oracle.
import * as activations from '@neurite/activations';
import { cpu } from '@neurite/backend-cpu';
import {
  type Activation,
  type Backend,
  grad,
  type Loss,
  type NumberArray,
  type Optimizer,
  placeholder,
  sequential,
  type Tensor,
  train,
} from '@neurite/core';
import { dense } from '@neurite/layers';
import * as losses from '@neurite/losses';
import * as optimizers from '@neurite/optimizers';
import { checkComputation, requireClose, sampleNumbers } from '@neurite/testing';
import { describe, it } from 'vitest';
import { wasm } from '../src/index.ts';

const backend = wasm({ threads: 1 });

/** Those of a package that can do without options. */
function plugins<Product>(
  exported: Record<string, unknown>,
  kind: string,
): [name: string, plugin: Product][] {
  return Object.entries(exported).flatMap(([name, definition]) => {
    if ((definition as { kind?: string }).kind !== kind) return [];
    try {
      return [[name, (definition as () => Product)()]];
    } catch {
      return [];
    }
  });
}

describe('activations', () => {
  it.each(plugins<Activation>(activations, 'activation'))('%s and its slope', async (_, activation) => {
    const x = placeholder('x', [6, 17]);
    const y = activation.apply(x);
    const weights = placeholder('weights', [6, 17]);
    const [slope] = grad(y.mul(weights).sum(), [x]) as [Tensor];
    const values = {
      x: sampleNumbers(102, { seed: 1, low: -5, high: 5 }).map(Math.fround),
      weights: sampleNumbers(102, { seed: 2 }),
    };
    await checkComputation(backend, { outputs: { y, slope } }, values, { tolerance: 1e-5 });
  });
});

describe('losses', () => {
  const positive = { low: 0.05, high: 0.95 };
  it.each(plugins<Loss>(losses, 'loss'))('%s and its gradient', async (_, loss) => {
    const [x, target] = [placeholder('x', [9, 5]), placeholder('target', [9, 5])];
    const each = loss.compute(x, target);
    const [gradient] = grad(each.mean(), [x]) as [Tensor];
    const values = {
      x: sampleNumbers(45, { seed: 3, ...positive }).map(Math.fround),
      target: sampleNumbers(45, { seed: 4, ...positive }).map(Math.fround),
    };
    await checkComputation(backend, { outputs: { each, gradient } }, values, { tolerance: 1e-5 });
  });
});

describe('optimizers', () => {
  const network = sequential([7], [dense({ units: 9, activation: activations.tanh() }), dense({ units: 3 })]);
  const data = {
    inputs: Float32Array.from(sampleNumbers(20 * 7, { seed: 5 })),
    targets: Int32Array.from(sampleNumbers(20, { seed: 6, low: 0, high: 3 }), Math.floor),
  };
  const wrapped: [string, Optimizer][] = [
    ['clipByGlobalNorm', optimizers.clipByGlobalNorm({ optimizer: optimizers.sgd(), limit: 0.1 })],
  ];
  it.each([...plugins<Optimizer>(optimizers, 'optimizer'), ...wrapped])('%s', async (_, optimizer) => {
    const run = async (on: Backend) => {
      const trainer = await train(network, { loss: losses.softmaxCrossEntropy(), optimizer, backend: on });
      await trainer.fit(data, { batchSize: 10, epochs: 5 });
      const parameters = await trainer.readParameters();
      trainer.release();
      return parameters;
    };
    const [actual, expected] = [await run(backend), await run(cpu())];
    for (const [name, numbers] of Object.entries(expected)) {
      requireClose(actual[name] as NumberArray, numbers, 2e-5, name);
    }
  });
});
