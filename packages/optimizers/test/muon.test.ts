// Muon against PyTorch, its orthogonal directions, and the optimizer that it hands other parameters to.
import { cpu } from '@neurite/backend-cpu';
import { evaluate, layer, loss, type Optimizer, placeholder, sequential, train } from '@neurite/core';
import { describe, expect, test } from 'vitest';
import { adam, adamW, clipByGlobalNorm, exponentialDecay, momentum, muon, sgd } from '../src/index.ts';
import reference from './fixtures/pytorch.json' with { type: 'json' };
import { given } from './walk.ts';

interface Walk {
  readonly shape: readonly number[];
  readonly start: readonly number[];
  readonly gradients: readonly (readonly number[])[];
}

const sum = loss('sum', {}, () => (y) => y.sum(-1));

/** Where a matrix, and a vector of as many numbers beside it, are after each step: the same gradients for both. */
async function walkBoth(
  optimizer: Optimizer,
  { shape, start, gradients }: Walk,
  dtype: 'float32' | 'float64' = 'float64',
): Promise<{ matrix: number[][]; vector: number[][] }> {
  const count = start.length;
  const initializer = given({ numbers: start });
  const both = layer('both', {}, () => ({
    parameters: () => ({
      matrix: { shape, initializer, fanIn: 1, fanOut: 1, role: 'weight' as const },
      vector: { shape: [count], initializer, fanIn: 1, fanOut: 1, role: 'weight' as const },
    }),
    apply: ({ matrix, vector }, x) => x.mul(matrix.reshape([count])).add(x.mul(vector)),
  }));
  const trainer = await train(sequential([count], [both({ name: 'both' })]), {
    loss: sum(),
    optimizer,
    backend: cpu(),
    dtype,
  });
  const [matrix, vector]: [number[][], number[][]] = [[], []];
  for (const gradient of gradients) {
    await trainer.step({ inputs: [gradient], targets: [new Float32Array(count)] });
    const parameters = await trainer.readParameters();
    matrix.push([...parameters['both.matrix']!]);
    vector.push([...parameters['both.vector']!]);
  }
  trainer.release();
  return { matrix, vector };
}

const largestDifference = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number =>
  Math.max(...a.flatMap((row, step) => row.map((value, i) => Math.abs(value - b[step]![i]!))));

const optimizer = sgd({ learningRate: 0.02 });
const cases: Record<keyof typeof reference.muon, Optimizer> = {
  'muon()': muon({ optimizer }),
  'muon(momentum=0.5, weightDecay=0, iterations=3), wide': muon({
    optimizer,
    momentum: 0.5,
    weightDecay: 0,
    iterations: 3,
  }),
  'muon(nesterov=false)': muon({ optimizer, nesterov: false }),
};

test.each(Object.entries(cases))('%s moves a matrix as PyTorch does', async (name, chosen) => {
  const walk = reference.muon[name as keyof typeof cases];
  expect(largestDifference((await walkBoth(chosen, walk)).matrix, walk.path)).toBeLessThan(1e-12);
  expect(largestDifference((await walkBoth(chosen, walk, 'float32')).matrix, walk.path)).toBeLessThan(1e-5);
});

const walk: Walk = reference.muon['muon()'];

test.each([sgd({ learningRate: 0.1 }), momentum(), adam(), adamW({ weightDecay: 0.3 })])(
  'moves what is no matrix as $type does, at every step',
  async (inner) => {
    const [wrapped, alone] = [await walkBoth(muon({ optimizer: inner }), walk), await walkBoth(inner, walk)];
    expect(wrapped.vector).toEqual(alone.vector);
    expect(wrapped.matrix).not.toEqual(alone.matrix);
  },
);

describe('the direction', () => {
  const directionOf = (gradient: readonly number[], shape: readonly [number, number]): number[] => {
    const [w, g] = ['w', 'g'].map((name) => placeholder(name, shape, { dtype: 'float64' }));
    const chosen = muon({ optimizer, weightDecay: 0 });
    const step = placeholder('t', [], { dtype: 'float64' });
    const { direction } = chosen.update({
      name: 'w',
      role: 'weight',
      gradient: g!,
      parameter: w!,
      state: chosen.state(w!),
      step,
    });
    const [values] = evaluate([direction], { w: gradient.map(() => 0), g: gradient, t: [1] });
    return [...values!].map((value) => value / (0.2 * Math.sqrt(Math.max(...shape))));
  };

  test('of a diagonal gradient has singular values of about 1, whatever they were', () => {
    const [a, b, c, d] = directionOf([30, 0, 0, -2], [2, 2]) as [number, number, number, number];
    expect([b, c]).toEqual([0, 0]);
    for (const value of [a, -d]) {
      expect(value).toBeGreaterThan(0.6);
      expect(value).toBeLessThan(1.25);
    }
  });

  test('does not depend on the size of the gradient', () => {
    const gradient = [1, 2, -3, 0.5, 4, -1];
    const one = directionOf(gradient, [3, 2]);
    for (const size of [1e-4, 1e4]) {
      const other = directionOf(
        gradient.map((g) => g * size),
        [3, 2],
      );
      other.forEach((value, i) => void expect(value).toBeCloseTo(one[i]!, 10));
    }
  });

  test('of the transpose is the transpose', () => {
    const one = directionOf([1, 2, -3, 0.5, 4, -1], [3, 2]);
    const other = directionOf([1, -3, 4, 2, 0.5, -1], [2, 3]);
    [0, 2, 4, 1, 3, 5].forEach((from, i) => void expect(other[i]).toBeCloseTo(one[from]!, 12));
  });

  test('of a gradient of 0 is 0', () => {
    expect(directionOf([0, 0, 0, 0], [2, 2]).map(Math.abs)).toEqual([0, 0, 0, 0]);
  });
});

test('has the learning rate of the other optimizer, schedules too, and composes with clipping', async () => {
  const learningRate = exponentialDecay({ initial: 0.02, factor: 1 });
  const scheduled = muon({ optimizer: sgd({ learningRate }) });
  expect(scheduled.learningRate).toBe(learningRate);
  expect(await walkBoth(scheduled, walk)).toEqual(await walkBoth(muon({ optimizer }), walk));

  const outside = clipByGlobalNorm({ optimizer: muon({ optimizer }), limit: 0.1 });
  const inside = muon({ optimizer: clipByGlobalNorm({ optimizer, limit: 0.1 }) });
  expect(await walkBoth(inside, walk)).toEqual(await walkBoth(outside, walk));
});

test('iterates once, or a hundred times', () => {
  for (const iterations of [1, 100])
    expect(muon({ optimizer, iterations }).options).toMatchObject({ iterations });
});
