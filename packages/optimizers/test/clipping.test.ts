// Clipping: against PyTorch's clip_grad_value_ and clip_grad_norm_, in a real training.
import { cpu } from '@neurite/backend-cpu';
import {
  evaluate,
  layer,
  loss,
  type Optimizer,
  placeholder,
  registry,
  sequential,
  type Tensor,
  toData,
  train,
  zeros,
} from '@neurite/core';
import { describe, expect, test } from 'vitest';
import * as optimizers from '../src/index.ts';
import reference from './fixtures/pytorch.json' with { type: 'json' };
import { walk } from './walk.ts';

const { adam, clipByGlobalNorm, clipByNorm, clipByValue, exponentialDecay, momentum, sgd } = optimizers;

/** y = (a x₁₋₆, b x₇₋₈): with the sum as the loss, the gradients are the two parts of x. */
const parts = layer('parts', {}, () => ({
  parameters: () => ({
    a: { shape: [6], initializer: zeros(), fanIn: 1, fanOut: 1, role: 'weight' as const },
    b: { shape: [2], initializer: zeros(), fanIn: 1, fanOut: 1, role: 'bias' as const },
  }),
  apply: ({ a, b }, x) =>
    x
      .slice([0, 0], [1, 6])
      .mul(a)
      .sum(-1)
      .add(x.slice([0, 6], [1, 8]).mul(b).sum(-1))
      .reshape([1, 1]),
}));
const sum = loss('sum', {}, () => (y) => y.sum(-1));

const gradients = [
  [1, -2, 3, 0.5, 0, -4],
  [0.25, -6],
] as const;

/** The gradients that reach sgd of rate 1, or how far another optimizer moves: for each parameter. */
async function clipped(
  optimizer: Optimizer,
  dtype: 'float32' | 'float64' = 'float64',
  scale = 1,
): Promise<number[][]> {
  const network = sequential([8], [parts({ name: 'p' })]);
  const trainer = await train(network, { loss: sum(), optimizer, backend: cpu(), dtype });
  await trainer.step({ inputs: [gradients.flat().map((g) => g * scale)], targets: [[0]] });
  const after = await trainer.readParameters();
  trainer.release();
  return [after['p.a']!, after['p.b']!].map((values) => [...values].map((value) => 0 - value));
}

const plain = sgd({ learningRate: 1 });
const clippings = { global: clipByGlobalNorm, norm: clipByNorm, value: clipByValue };

describe.each(Object.entries(clippings))('clipping by %s', (kind, clip) => {
  test.each(Object.entries(reference.clipped))('to %s is as in PyTorch', async (limit, results) => {
    for (const [dtype, digits] of [
      ['float64', 14],
      ['float32', 5],
    ] as const) {
      const own = await clipped(clip({ optimizer: plain, limit: Number(limit) }), dtype);
      const pytorch = results[kind as keyof typeof results];
      pytorch.forEach((values, p) => {
        values.forEach((value, i) => void expect(own[p]![i]).toBeCloseTo(value, digits));
      });
    }
  });

  test('is to 1 by default', async () => {
    expect(await clipped(clip({ optimizer: plain }))).toEqual(
      await clipped(clip({ optimizer: plain, limit: 1 })),
    );
    expect(await clipped(clip({ optimizer: plain }))).not.toEqual(
      await clipped(clip({ optimizer: plain, limit: 2 })),
    );
  });

  test('leaves gradients within the limit as they are', async () => {
    expect(await clipped(clip({ optimizer: plain, limit: 1000 }))).toEqual(await clipped(plain));
  });

  test('of gradients that are 0 gives 0', async () => {
    expect((await clipped(clip({ optimizer: plain }), 'float64', 0)).flat()).toEqual(Array(8).fill(0));
  });

  test('needs an optimizer', () => {
    // @ts-expect-error it must be given
    expect(() => clip()).toThrow(/optimizer must be an optimizer, but got nothing/);
    // @ts-expect-error a definition is no optimizer
    expect(() => clip({ optimizer: sgd })).toThrow(/call it first/);
    expect(() => clip({ optimizer: plain, limit: 0 })).toThrow(/limit must be a number above 0/);
    // @ts-expect-error the learning rate is the inner optimizer's
    expect(() => clip({ optimizer: plain, learningRate: 1 })).toThrow(/has no option "learningRate"/);
  });

  test('has the learning rate of the inner optimizer, schedules too', async () => {
    const learningRate = exponentialDecay({ initial: 1, factor: 0.5, every: 1 });
    const wrapped = clip({ optimizer: sgd({ learningRate }), limit: 10 });
    expect(wrapped.learningRate).toBe(learningRate);
    expect(await walk(wrapped, [0], [[1], [1], [1]])).toEqual([[-1], [-1.5], [-1.75]]);
  });

  test.each([momentum(), adam(), optimizers.rmsprop({ centered: true, momentum: 0.9 }), optimizers.rprop()])(
    'keeps the state of $type: over steps it is the same as the optimizer on clipped gradients',
    async (optimizer) => {
      const long = [[3], [-0.5], [0.25], [-7], [2]];
      const by = kind === 'value' ? (g: number) => Math.sign(g) : (g: number) => g / (Math.abs(g) + 1e-6);
      const short = long.map(([g]) => [Math.abs(g!) > 1 ? by(g!) : g!]);
      const path = await walk(clip({ optimizer, limit: 1 }), [0.5], long);
      const wanted = await walk(optimizer, [0.5], short);
      path.forEach(([w], i) => void expect(w).toBeCloseTo(wanted[i]![0]!, 12));
    },
  );

  test('lets NaN through instead of hiding it', () => {
    const [g, single] = [placeholder('g', [2], { dtype: 'float64' }), placeholder('t', [])];
    const infos = [{ name: 'g', role: 'weight' }] as const;
    const beside = { parameters: [g], infos, states: [{}], memory: {}, loss: single, step: single };
    const prepared = clip({ optimizer: plain }).prepare!([g], beside);
    const [result] = evaluate(prepared as readonly Tensor[], { g: [Number.NaN, 3] });
    expect(result![0]).toBeNaN();
  });

  test('has nothing to do where nothing is trained', () => {
    const single = placeholder('t', []);
    const beside = { parameters: [], infos: [], states: [], memory: {}, loss: single, step: single };
    expect(clip({ optimizer: plain }).prepare!([], beside)).toEqual([]);
  });

  test('comes from data, by name, and goes there', () => {
    const neurite = registry().use(optimizers);
    const optimizer = { type: 'sgd', learningRate: 1 } as const;
    const makes: Record<string, () => Optimizer> = {
      global: () => neurite.make('optimizer', { type: 'clipByGlobalNorm', optimizer, limit: 2 }),
      norm: () => neurite.make('optimizer', { type: 'clipByNorm', optimizer, limit: 2 }),
      value: () => neurite.make('optimizer', { type: 'clipByValue', optimizer, limit: 2 }),
    };
    const wrapped = makes[kind]!();
    expect(toData(wrapped)).toEqual({
      type: clip.type,
      optimizer: { type: 'sgd', learningRate: 1, weightDecay: 0 },
      limit: 2,
    });
  });
});

test('by hand: values one by one, norms of one parameter, the norm of all', async () => {
  const one = (values: readonly number[]) => Math.hypot(...values);
  expect(await clipped(clipByValue({ optimizer: plain, limit: 2 }))).toEqual([
    [1, -2, 2, 0.5, 0, -2],
    [0.25, -2],
  ]);
  const [a, b] = await clipped(clipByNorm({ optimizer: plain, limit: 0.5 }));
  expect(one(a!)).toBeCloseTo(0.5, 6);
  expect(one(b!)).toBeCloseTo(0.5, 6);
  const together = await clipped(clipByGlobalNorm({ optimizer: plain, limit: 0.5 }));
  expect(one(together.flat())).toBeCloseTo(0.5, 6);
  // The direction stays.
  const factor = together[1]![1]! / -6;
  together.flat().forEach((g, i) => void expect(g).toBeCloseTo(gradients.flat()[i]! * factor, 14));
});

describe('clippings compose, the outer one first', () => {
  test('by value, then by the global norm', async () => {
    const both = clipByValue({ optimizer: clipByGlobalNorm({ optimizer: plain, limit: 2 }), limit: 1 });
    const values = [1, -1, 1, 0.5, 0, -1, 0.25, -1];
    const norm = Math.hypot(...values);
    const wanted = values.map((g) => g * (2 / (norm + 1e-6)));
    (await clipped(both)).flat().forEach((g, i) => void expect(g).toBeCloseTo(wanted[i]!, 14));
  });

  test('by the global norm, then by value', async () => {
    const both = clipByGlobalNorm({ optimizer: clipByValue({ optimizer: plain, limit: 1 }), limit: 2 });
    const norm = Math.hypot(...gradients.flat());
    const wanted = gradients.flat().map((g) => Math.max(-1, Math.min(1, g * (2 / (norm + 1e-6)))));
    (await clipped(both)).flat().forEach((g, i) => void expect(g).toBeCloseTo(wanted[i]!, 14));
  });

  test('three deep', async () => {
    const inner = clipByNorm({ optimizer: clipByValue({ optimizer: plain, limit: 0.1 }), limit: 1 });
    for (const g of (await clipped(clipByGlobalNorm({ optimizer: inner, limit: 3 }))).flat()) {
      expect(Math.abs(g)).toBeLessThanOrEqual(0.1);
    }
  });
});
