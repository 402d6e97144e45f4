// Optimizers that see all gradients together, and those on top of others.
import { cpu } from '@neurite/backend-cpu';
import {
  type Optimizer,
  optimizer,
  optimizerWrapper,
  option,
  registry,
  sequential,
  type Tensor,
  train,
  zeros,
} from '@neurite/core';
import { dense } from '@neurite/layers';
import { meanSquaredError } from '@neurite/losses';
import { adam, exponentialDecay, momentum, sgd } from '@neurite/optimizers';
import { describe, expect, test } from 'vitest';

/** Every parameter after `steps` steps on one row. */
async function trained(chosen: Optimizer, steps = 3): Promise<number[]> {
  const network = sequential([2], [dense({ units: 3 }), dense({ units: 1, initializer: zeros() })]);
  const options = { loss: meanSquaredError(), optimizer: chosen, backend: cpu(), dtype: 'float64' } as const;
  const trainer = await train(network, options);
  for (let step = 0; step < steps; step++) await trainer.step({ inputs: [[1, -2]], targets: [[3 - step]] });
  const values = await trainer.readParameters();
  trainer.release();
  return Object.values(values).flatMap((numbers) => [...numbers]);
}

/** Wraps without changing anything. */
const same = optimizerWrapper('same', {}, () => ({}));
/** Multiplies each gradient. */
const scale = optimizerWrapper('scale', { by: option.positive(1) }, (inner, { by }) => ({
  prepare: (gradients, context) => {
    const scaled = gradients.map((gradient) => gradient.mul(by));
    return inner.prepare?.(scaled, context) ?? scaled;
  },
}));

describe('prepare', () => {
  test('is called with the gradient of each parameter, in their order, once for a traced step', async () => {
    const calls: (readonly (readonly number[])[])[] = [];
    const watching = optimizer('watching', 0.1, {}, () => ({
      state: () => ({}),
      prepare: (gradients) => {
        calls.push(gradients.map(({ shape }) => shape));
        return gradients;
      },
      update: ({ gradient }) => ({ direction: gradient, state: {} }),
    }));
    expect(await trained(watching())).toEqual(await trained(sgd({ learningRate: 0.1 })));
    expect(calls).toEqual([[[2, 3], [3], [3, 1], [1]]]);
  });

  test('decides what the updates get', async () => {
    const swapped = optimizer('swapped', 1, {}, () => ({
      state: () => ({}),
      prepare: (gradients) => gradients.map((gradient, i) => gradient.mul(0).add(i + 1)),
      update: ({ gradient }) => ({ direction: gradient, state: {} }),
    }));
    const [before, after] = [await trained(swapped(), 0), await trained(swapped(), 1)];
    const moved = before.map((value, i) => value - after[i]!);
    [...Array(6).fill(1), ...Array(3).fill(2), ...Array(3).fill(3), 4].forEach((wanted, i) => {
      expect(moved[i]).toBeCloseTo(wanted, 12);
    });
  });

  test.each<[string, (gradients: readonly Tensor[]) => readonly Tensor[], string]>([
    ['fewer', (gradients) => gradients.slice(1), 'must prepare 4 gradients, but gave 3'],
    ['more', (gradients) => [...gradients, ...gradients], 'must prepare 4 gradients, but gave 8'],
    [
      'other',
      (gradients) => gradients.toReversed(),
      'must prepare a gradient of [2, 3] for "hidden1.weight", but gave [1]',
    ],
  ])('that gives %s gradients is refused', async (_, prepare, message) => {
    const wrong = optimizer('wrong', 1, {}, () => ({
      state: () => ({}),
      prepare,
      update: ({ gradient }) => ({ direction: gradient, state: {} }),
    }));
    await expect(trained(wrong(), 1)).rejects.toThrow(`optimizer "wrong" ${message}`);
  });
});

describe('optimizerWrapper', () => {
  test.each([sgd(), momentum(), adam(), adam({ learningRate: exponentialDecay({ initial: 0.1 }) })])(
    'that changes nothing is $type itself',
    async (inner) => {
      const wrapped = same({ optimizer: inner });
      expect(wrapped.learningRate).toBe(inner.learningRate);
      expect(await trained(wrapped)).toEqual(await trained(inner));
      expect(await trained(same({ optimizer: wrapped }))).toEqual(await trained(inner));
    },
  );

  test('passes prepared gradients on to those within', async () => {
    const twice = scale({ optimizer: scale({ optimizer: momentum(), by: 2 }), by: 4 });
    expect(await trained(twice)).toEqual(await trained(scale({ optimizer: momentum(), by: 8 })));
    expect(await trained(same({ optimizer: scale({ optimizer: momentum(), by: 8 }) }))).toEqual(
      await trained(twice),
    );
    expect(await trained(twice)).not.toEqual(await trained(momentum()));
  });

  test('calls the inner optimizer as a whole: its methods find each other', async () => {
    const inner = { ...sgd(), half: 0.5, update: halved };
    function halved(this: { half: number }, { gradient }: { gradient: Tensor }) {
      return { direction: gradient.mul(this.half), state: {} };
    }
    expect(await trained(same({ optimizer: inner as Optimizer }))).toEqual(
      await trained(scale({ optimizer: sgd(), by: 0.5 })),
    );
  });

  test('needs an optimizer, and has no learning rate of its own', () => {
    expect(Object.keys(scale.schema)).toEqual(['optimizer', 'by']);
    // @ts-expect-error it must be given
    expect(() => scale()).toThrow('scale: optimizer must be an optimizer, but got nothing');
    // @ts-expect-error it must be an optimizer
    expect(() => scale({ optimizer: exponentialDecay() })).toThrow('scale: optimizer must be an optimizer');
    // @ts-expect-error it is the inner optimizer's
    expect(() => scale({ optimizer: sgd(), learningRate: 1 })).toThrow('scale has no option "learningRate"');
  });

  test('by name takes an optimizer by name', async () => {
    const neurite = registry().use(sgd, momentum, scale);
    const made = neurite.make('optimizer', {
      type: 'scale',
      optimizer: { type: 'scale', optimizer: 'momentum', by: 2 },
      by: 4,
    });
    expect(await trained(made)).toEqual(await trained(scale({ optimizer: momentum(), by: 8 })));
    // @ts-expect-error there is no such optimizer
    expect(() => neurite.make('optimizer', { type: 'scale', optimizer: 'momentun' })).toThrow(
      'optimizer: optimizer of scale: there is no optimizer "momentun"',
    );
  });
});
