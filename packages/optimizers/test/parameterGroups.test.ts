// Parameters with an optimizer of their own; and every wrapper around every other, against plain numbers.
import { cpu } from '@neurite/backend-cpu';
import { type Optimizer, registry, toData } from '@neurite/core';
import { optimizerSuite } from '@neurite/testing';
import { describe, expect, test } from 'vitest';
import * as optimizers from '../src/index.ts';
import * as byHand from './byHand.ts';
import { distance, freeTrainer, gradientAt, isBias, type Place, start, walkFreely } from './freely.ts';

const {
  accumulated,
  adam,
  adamW,
  averaged,
  clipByGlobalNorm,
  exponentialDecay,
  lbfgs,
  momentum,
  muon,
  nadam,
  parameterGroup,
  sgd,
} = optimizers;

describe('parameterGroup', () => {
  const suite = optimizerSuite(parameterGroup, {
    given: { optimizer: momentum(), parameters: ['bias'], group: sgd({ learningRate: 0.1 }) },
    alternatives: {
      optimizer: [sgd({ learningRate: 0.1 })],
      parameters: [['weight'], ['bias', 'weight']],
      group: [momentum()],
    },
    refused: { parameters: [[], [1], 'bias', ['']] as never[] },
    registered: optimizers,
    backend: cpu,
  });
  for (const { name, run } of suite) test(name, run);

  test.each([
    [adam({ learningRate: 0.1 }), momentum()],
    [nadam({ learningRate: 0.1 }), adam()], // both remember a mean, each its own
    [adamW({ learningRate: 0.1, weightDecay: 0.4 }), adamW({ learningRate: 0.01, weightDecay: 0 })],
    [
      sgd({ learningRate: exponentialDecay({ initial: 1, factor: 0.5, every: 1 }) }),
      sgd({ learningRate: 0.3 }),
    ],
    [sgd(), sgd({ learningRate: exponentialDecay({ initial: 1, factor: 0.5, every: 2 }) })],
    [clipByGlobalNorm({ optimizer: sgd({ learningRate: 1 }), limit: 0.3 }), sgd()],
  ])('moves each side as its optimizer does alone: %#', async (optimizer, group) => {
    const path = await walkFreely(parameterGroup({ optimizer, parameters: ['free.bias'], group }), 6);
    // Clipped by the norm of its own side: the others' gradients are as if they were 0.
    const [rest, own] = [await alone(optimizer, (i) => !isBias(i)), await alone(group, isBias)];
    path.forEach(({ parameters }, step) => {
      parameters.forEach((w, i) => {
        expect(w).toBeCloseTo((isBias(i) ? own : rest)[step]![i]!, 13);
      });
    });
  });

  /** The parameters after each step, where gradients of the other side are 0. */
  async function alone(optimizer: Optimizer, keep: (i: number) => boolean): Promise<number[][]> {
    const trainer = await freeTrainer(optimizer);
    const path: number[][] = [];
    for (let step = 1; step <= 6; step++) {
      const gradient = gradientAt(step).map((g, i) => (keep(i) ? g : 0));
      await trainer.step({ inputs: [gradient], targets: [start] });
      path.push(Object.values(await trainer.readParameters()).flatMap((values) => [...values]));
    }
    return path;
  }

  test('names layers, parameters, or parameters of all layers', async () => {
    const [optimizer, group] = [sgd({ learningRate: 0.1 }), sgd({ learningRate: 0.7 })];
    const walk = (parameters: string[]) => walkFreely(parameterGroup({ optimizer, parameters, group }), 2);
    const bias = await walk(['free.bias']);
    expect(await walk(['bias'])).toEqual(bias);
    expect(await walk(['bias', 'free.bias'])).toEqual(bias);
    expect(await walk(['free'])).toEqual(await walkFreely(group, 2));
    expect(await walk(['bias', 'matrix'])).toEqual(await walkFreely(group, 2));
  });

  test('says which name is of no parameter', async () => {
    const trainer = await freeTrainer(
      parameterGroup({ optimizer: sgd(), parameters: ['bais'], group: sgd() }),
    );
    await expect(trainer.step({ inputs: [start], targets: [start] })).rejects.toThrow(
      'parameterGroup: no parameter that is trained has the name "bais": there are "bias"',
    );
  });

  test('the outer one chooses first', async () => {
    const inner = parameterGroup({
      optimizer: sgd({ learningRate: 0.1 }),
      parameters: ['free'],
      group: sgd({ learningRate: 0.2 }),
    });
    const both = parameterGroup({
      optimizer: inner,
      parameters: ['bias'],
      group: sgd({ learningRate: 0.3 }),
    });
    const [{ parameters }] = (await walkFreely(both, 1)) as [Place];
    const gradient = gradientAt(1);
    parameters.forEach((w, i) => {
      expect(w).toBeCloseTo(start[i]! - (isBias(i) ? 0.3 : 0.2) * gradient[i]!, 14);
    });
  });

  test('a group may have no mean where the rest has one, and the other way round', async () => {
    const mean = averaged({ optimizer: sgd({ learningRate: 0.2 }), decay: 0.5 });
    const plain = sgd({ learningRate: 0.2 });
    const everywhere = await walkFreely(mean, 4);
    for (const [optimizer, group, hasMean] of [
      [mean, plain, (i: number) => !isBias(i)],
      [plain, mean, isBias],
    ] as const) {
      const path = await walkFreely(parameterGroup({ optimizer, parameters: ['bias'], group }), 4);
      path.forEach(({ parameters, evaluated }, step) => {
        evaluated.forEach((a, i) => {
          expect(a).toBe(hasMean(i) ? everywhere[step]!.evaluated[i] : parameters[i]);
        });
      });
    }
  });

  test('lbfgs of one side sees that side alone', async () => {
    const of = (optimizer: Optimizer, group: Optimizer) =>
      walkFreely(parameterGroup({ optimizer, parameters: ['bias'], group }), 3);
    const [one, other] = [
      await of(sgd({ learningRate: 0.1 }), lbfgs()),
      await of(sgd({ learningRate: 0.2 }), lbfgs()),
    ];
    one.forEach(({ parameters }, step) => {
      expect(parameters.slice(6).every(Number.isFinite)).toBe(true);
      if (step === 0) expect(parameters.slice(6)).toEqual(other[0]!.parameters.slice(6));
    });
    const norm = gradientAt(1)
      .slice(6)
      .reduce((sum, g) => sum + Math.abs(g), 0);
    gradientAt(1)
      .slice(6)
      .forEach((g, i) => {
        expect(one[0]!.parameters[6 + i]).toBeCloseTo(start[6 + i]! - g * Math.min(1, 1 / norm), 14);
      });
  });

  test('comes back from data, nested too', () => {
    const optimizer = parameterGroup({
      optimizer: parameterGroup({ optimizer: adam(), parameters: ['output'], group: sgd() }),
      parameters: ['hidden1', 'hidden2.bias'],
      group: clipByGlobalNorm({ optimizer: momentum() }),
    });
    const data = toData(optimizer);
    expect(data.parameters).toEqual(['hidden1', 'hidden2.bias']);
    const neurite = registry().use(optimizers);
    expect(toData(neurite.make('optimizer', JSON.parse(JSON.stringify(data))))).toEqual(data);
  });
});

/** Wrappers, and the same by hand. */
const wrappers: Record<string, { wrap(inner: Optimizer): Optimizer; hand(inner: byHand.Hand): byHand.Hand }> =
  {
    clip: {
      wrap: (optimizer) => clipByGlobalNorm({ optimizer, limit: 1.5 }),
      hand: (inner) => byHand.clipped(inner, 1.5),
    },
    accumulate: {
      wrap: (optimizer) => accumulated({ optimizer, steps: 2 }),
      hand: (inner) => byHand.accumulated(inner, 2),
    },
    average: {
      wrap: (optimizer) => averaged({ optimizer, decay: 0.6 }),
      hand: (inner) => byHand.averaged(inner, 0.6),
    },
    group: {
      wrap: (optimizer) =>
        parameterGroup({ optimizer, parameters: ['bias'], group: sgd({ learningRate: 0.4 }) }),
      hand: (inner) => byHand.grouped(inner, byHand.momentum(0.4, 0)),
    },
    among: {
      wrap: (optimizer) =>
        parameterGroup({ optimizer: sgd({ learningRate: 0.4 }), parameters: ['bias'], group: optimizer }),
      hand: (inner) => byHand.grouped(byHand.momentum(0.4, 0), inner),
    },
  };

const permutations = (items: readonly string[]): string[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item) =>
        permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
      );

const orders = [
  ...permutations(['clip', 'accumulate', 'average', 'group']),
  ...permutations(['accumulate', 'average', 'among']),
  ['average', 'group', 'average', 'among', 'average'],
  ['accumulate', 'group', 'accumulate', 'clip', 'average'],
  ['clip', 'among', 'accumulate', 'group', 'average', 'accumulate'],
];

describe('every wrapper around every other', () => {
  const gradients = Array.from({ length: 9 }, (_, i) => gradientAt(i + 1));

  test.each(orders.map((order) => ({ order, name: order.join(' ') })))('$name', async ({ order }) => {
    const optimizer = order.reduceRight<Optimizer>(
      (inner, name) => wrappers[name]!.wrap(inner),
      momentum({ learningRate: 0.2, momentum: 0.7 }),
    );
    const hand = order.reduceRight((inner, name) => wrappers[name]!.hand(inner), byHand.momentum(0.2, 0.7));
    expect(distance(await walkFreely(optimizer, 9), byHand.walkByHand(hand, gradients))).toBeLessThan(1e-13);
  });

  test.each([
    ['clip'],
    ['accumulate'],
    ['average'],
    ['clip', 'accumulate'],
    ['accumulate', 'average', 'clip'],
  ])('muon around %s %s %s is the same as within', async (...order) => {
    const names = order.filter((name) => name !== undefined);
    const wrapped = (optimizer: Optimizer) =>
      names.reduceRight<Optimizer>((inner, name) => wrappers[name]!.wrap(inner), optimizer);
    const plain = momentum({ learningRate: 0.2, momentum: 0.7 });
    const around = await walkFreely(muon({ optimizer: wrapped(plain) }), 9);
    expect(distance(around, await walkFreely(wrapped(muon({ optimizer: plain })), 9))).toBeLessThan(1e-13);
  });

  test('muon in a group, on the matrices that are named', async () => {
    const [plain, own] = [momentum({ learningRate: 0.2 }), muon({ optimizer: sgd({ learningRate: 0.1 }) })];
    const path = await walkFreely(
      parameterGroup({ optimizer: plain, parameters: ['matrix'], group: own }),
      5,
    );
    const [vectors, matrices] = [await walkFreely(plain, 5), await walkFreely(own, 5)];
    path.forEach(({ parameters }, step) => {
      parameters.forEach((w, i) => {
        expect(w).toBeCloseTo((isBias(i) ? vectors : matrices)[step]!.parameters[i]!, 14);
      });
    });
  });

  test('muon around a group has the matrices, at the rate of the side that they are on', async () => {
    const group = (rate: number) =>
      parameterGroup({
        optimizer: sgd({ learningRate: 0.3 }),
        parameters: ['matrix'],
        group: sgd({ learningRate: rate }),
      });
    const path = await walkFreely(muon({ optimizer: group(0.1) }), 4);
    const [vectors, matrices] = [
      await walkFreely(sgd({ learningRate: 0.3 }), 4),
      await walkFreely(muon({ optimizer: sgd({ learningRate: 0.1 }) }), 4),
    ];
    path.forEach(({ parameters }, step) => {
      parameters.forEach((w, i) => {
        expect(w).toBeCloseTo((isBias(i) ? vectors : matrices)[step]!.parameters[i]!, 14);
      });
    });
  });
});
