// The gradients of the family, in training and in evaluation, for inputs, parameters and state.
import type { Layer } from '@neurite/core';
import { checkGradient, type GradientInput } from '@neurite/testing';
import fc from 'fast-check';
import { describe, test } from 'vitest';
import {
  alphaDropout,
  batchNorm,
  embedding,
  gaussianDropout,
  gaussianNoise,
  layerNorm,
  maxout,
  prelu,
  rescale,
  reshape,
  rmsNorm,
  standardize,
} from '../src/index.ts';
import { applied, parametersOf } from './support/applied.ts';
import { titled } from './support/titled.ts';

describe('gradients are those of central differences', () => {
  const seeds = fc.nat(10_000);
  const axes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });

  /** For x, the parameters and the state, in both phases. */
  function check(layer: Layer, shape: readonly number[], seed: number, x: Partial<GradientInput> = {}): void {
    const input = shape.slice(1);
    const parameters = parametersOf(layer, input);
    const kept = Object.entries(layer.state?.(input) ?? {}).map(([name, spec]) => ({ name, ...spec }));
    const all = [...parameters, ...kept];
    for (const training of [true, false]) {
      checkGradient(
        (first, ...rest) =>
          applied(layer, first!, {
            values: Object.fromEntries(all.map(({ name }, i) => [name, rest[i]!])),
            training,
            seed,
          }).output,
        [
          { shape, ...x },
          ...parameters.map((spec) => ({ shape: spec.shape })),
          ...kept.map((spec) => ({ shape: spec.shape, range: [0.5, 2] as const })),
        ],
        { seed },
      );
    }
  }

  test.each(
    [
      prelu(),
      alphaDropout({ rate: 0.4 }),
      gaussianDropout({ rate: 0.4 }),
      gaussianNoise(),
      rescale({ scale: -3, offset: 2 }),
      standardize(),
      // Without an epsilon of some size, rows of one or two numbers have no slope that a difference could see.
      batchNorm({ epsilon: 0.1 }),
      batchNorm({ epsilon: 0.1, affine: false }),
      layerNorm({ epsilon: 0.1 }),
      layerNorm({ epsilon: 0.1, affine: false }),
      rmsNorm({ epsilon: 0.1 }),
      rmsNorm({ epsilon: 0.1, affine: false }),
    ].map(titled),
  )('$title', ({ layer }) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), axes, seeds, (batch, input, seed) =>
        check(layer, [batch, ...input], seed),
      ),
      { numRuns: 15 },
    );
  });

  test('maxout, away from where pieces are equal', () => {
    fc.assert(
      fc.property(
        fc.tuple(...[1, 2, 3, 4].map(() => fc.integer({ min: 1, max: 4 }))),
        fc.boolean(),
        seeds,
        ([batch, fanIn, units, pieces], bias, seed) =>
          check(maxout({ units: units!, pieces: pieces!, bias }), [batch!, fanIn!], seed),
      ),
      { numRuns: 25 },
    );
  });

  test('reshape', () => check(reshape({ sizes: [2, 3, 1] }), [4, 6], 1));

  test('embedding, whose rows may be taken more than once', () => {
    const values = [0, 2, 2, 1, 0, 2];
    check(embedding({ count: 4, size: 3 }), [3, 2], 1, { values, dtype: 'int32' });
    check(embedding({ count: 3, size: 1 }), [6], 1, { values, dtype: 'int32' });
  });
});
