// Layers that are random in training and the identity in evaluation.
import { cpu } from '@neurite/backend-cpu';
import { normal, placeholder } from '@neurite/core';
import { computeOn, sampleNumbers } from '@neurite/testing';
import { describe, expect, test } from 'vitest';
import { alphaDropout, dropout, gaussianDropout, gaussianNoise } from '../src/index.ts';
import { applied } from './support/applied.ts';
import { mean, variance } from './support/statistics.ts';
import { titled } from './support/titled.ts';
import { trainerOf } from './support/trainerOf.ts';

describe('layers with noise', () => {
  const [alpha, factor] = [-1.7580993408473766, (rate: number) => Math.sqrt(rate / (1 - rate))];
  /** What a layer makes of a number of mean `center` and variance `spread`: mean, variance and fourth central moment. */
  const cases = [
    ...[0.1, 0.5, 0.9].map((rate) => ({
      ...titled(gaussianDropout({ rate })),
      of: 3,
      mean: 3,
      variance: 9 * factor(rate) ** 2,
      fourth: 3 * (9 * factor(rate) ** 2) ** 2,
    })),
    ...[0.1, 2].map((deviation) => ({
      ...titled(gaussianNoise({ standardDeviation: deviation })),
      of: -3,
      mean: -3,
      variance: deviation ** 2,
      fourth: 3 * deviation ** 4,
    })),
  ];
  test.each(cases)(
    '$layer.type, $layer.options, has the mean and variance that are promised, within 4 sigma',
    async ({ layer, of, ...wanted }) => {
      const draws = 100_000;
      const x = placeholder('x', [1]).broadcastTo([draws, 1]);
      const [y] = await computeOn(cpu(), [applied(layer, x).output], { x: [of] });
      expect(Math.abs(mean(y!) - wanted.mean)).toBeLessThan(4 * Math.sqrt(wanted.variance / draws));
      const sigma = Math.sqrt((wanted.fourth - wanted.variance ** 2) / draws);
      expect(Math.abs(variance(y!) - wanted.variance)).toBeLessThan(4 * sigma);
    },
  );

  test.each([0.1, 0.5, 0.9])(
    'alphaDropout of rate %d keeps mean 0 and variance 1 of normal numbers, within 4 sigma',
    async (rate) => {
      const draws = 200_000;
      const x = normal([draws], { seed: 3, purpose: 'x' }, 'float64');
      const [y] = await computeOn(cpu(), [applied(alphaDropout({ rate }), x).output]);
      expect(Math.abs(mean(y!))).toBeLessThan(4 / Math.sqrt(draws));
      // The fourth moment, of a mixture of normal numbers and one value, scaled and shifted.
      const scale = 1 / Math.sqrt((1 - rate) * (1 + rate * alpha ** 2));
      const shift = -scale * rate * alpha;
      const kept = 3 * scale ** 4 + 6 * scale ** 2 * shift ** 2 + shift ** 4;
      const fourth = (1 - rate) * kept + rate * (alpha * scale + shift) ** 4;
      expect(Math.abs(variance(y!) - 1)).toBeLessThan(4 * Math.sqrt((fourth - 1) / draws));
      const lowest = y!.filter((v) => Math.abs(v - (alpha * scale + shift)) < 1e-9).length / draws;
      expect(Math.abs(lowest - rate)).toBeLessThan(4 * Math.sqrt((rate * (1 - rate)) / draws));
    },
  );

  test.each([
    alphaDropout({ rate: 0.9 }),
    gaussianDropout({ rate: 0.9 }),
    gaussianNoise({ standardDeviation: 9 }),
  ])('$type is the identity in evaluation, and where it is not trainable', async (layer) => {
    const x = placeholder('x', [4, 3]);
    expect(applied(layer, x, { training: false }).output).toBe(x);
    expect(applied({ ...layer, trainable: false }, x).output).toBe(x);
    const inputs = Float32Array.from(sampleNumbers(30));
    const one = await trainerOf([3], [layer]);
    expect(await one.predict(inputs)).toEqual(inputs);
    const loss = (await one.evaluate({ inputs, targets: inputs })).loss!;
    expect(loss).toBeCloseTo(3 * mean(inputs), 5);
    expect(await one.step({ inputs, targets: inputs })).not.toBeCloseTo(loss, 3);
  });

  test('is none where there is nothing to add or to drop', () => {
    const x = placeholder('x', [4, 3]);
    for (const layer of [
      alphaDropout({ rate: 0 }),
      gaussianDropout({ rate: 0 }),
      gaussianNoise({ standardDeviation: 0 }),
    ])
      expect(applied(layer, x).output).toBe(x);
  });

  test('differs between seeds, layers and steps', async () => {
    for (const make of [alphaDropout, gaussianDropout, gaussianNoise, dropout]) {
      const x = placeholder('x', [50]);
      const of = async (seed: number) =>
        computeOn(cpu(), [applied(make(), x, { seed }).output], { x: new Float32Array(50).fill(1) });
      expect(await of(1)).toEqual(await of(1));
      expect(await of(1)).not.toEqual(await of(2));
      const one = await trainerOf([50], [make()]);
      const batch = { inputs: new Float32Array(50).fill(1), targets: new Float32Array(50) };
      expect(await one.step(batch)).not.toBe(await one.step(batch));
    }
  });
});
