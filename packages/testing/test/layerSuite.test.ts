// The judge of layers is judged: what is right passes, and each fault is noticed where it should be.
import { cpu } from '@neurite/backend-cpu';
import {
  activation,
  constraint,
  filled,
  type LayerContext,
  layer,
  ones,
  option,
  regularizer,
  requireRank,
  type Tensor,
  uniform,
  zeros,
} from '@neurite/core';
import { describe, expect, it } from 'vitest';
import { layerSuite, type SuiteCase } from '../src/index.ts';
import { failuresOf } from './failures.ts';

const bend = activation('bend', (x) => x.mul(x.square().add(1)));
const decay = regularizer('decay', {}, () => (w) => w.square().sum());
const half = constraint('half', {}, () => (w) => w.mul(0.5));

/** A product with everything that a layer may have. */
const product = layer(
  'product',
  {
    units: option.count(),
    bias: true,
    activation: option.plugin('activation'),
    initializer: option.plugin('initializer'),
    regularizer: option.plugin('regularizer'),
    constraint: option.plugin('constraint'),
  },
  ({ units, bias, activation, initializer = ones(), regularizer, constraint }) => ({
    activation,
    parameters: (input) => {
      requireRank(input, 1, 'flatten it');
      const fans = { fanIn: input[0]!, fanOut: units };
      return {
        weight: { shape: [input[0]!, units], initializer, regularizer, constraint, ...fans, role: 'weight' },
        bias: bias ? { shape: [units], initializer: zeros(), ...fans, role: 'bias' } : undefined,
      };
    },
    apply: ({ weight, bias }, x) => (bias ? x.matmul(weight).add(bias) : x.matmul(weight)),
  }),
);
/** Noise that is drawn anew at each step, and a running mean of what came. */
const noisy = layer('noisy', { size: 0.5 }, ({ size }) => ({
  state: (input) => ({ mean: { shape: input, initial: 0.5 } }),
  stateFromData: (x) => ({ mean: x.mean(0) }),
  apply: (_, x, { training, random, state }) =>
    training
      ? {
          output: x.add(uniform(x.shape, random('noise'), x.dtype).mul(size)),
          state: { mean: state.mean.mul(0.9).add(x.mean(0).mul(0.1)) },
        }
      : x.sub(state.mean),
}));
const centred = layer('centred', {}, () => ({
  apply: (_, x, { training }) => (training ? x.sub(x.mean(0)) : x),
}));

const products = {
  given: { units: 2 },
  alternatives: {
    units: [3],
    activation: [bend()],
    initializer: [filled({ value: 2 })],
    regularizer: [decay()],
    constraint: [half()],
  },
  registered: { bend, decay, half, filled, ones },
} as const;

describe('what is right passes', () => {
  const suites = [
    ...layerSuite(product, {
      ...products,
      refused: { units: [0, 1.5, undefined], bias: [1] },
      refusedInputs: [[], [2, 3]],
      backend: cpu,
    }),
    ...layerSuite(noisy, { alternatives: { size: [0.1] }, inputs: [[3], [2, 4]], backend: cpu }),
    ...layerSuite(centred, { mixesExamples: true }),
  ];
  for (const { name, run } of suites) it(name, run);
});

type Context = LayerContext<never>;
/** The suite of a layer without options, with one parameter as large as its input. */
const suiteOf = (
  apply: (parameters: { readonly scale: Tensor }, x: Tensor, context: Context) => Tensor,
  options: Parameters<typeof layerSuite>[1] = {},
): SuiteCase[] =>
  layerSuite(
    layer('wrong', {}, () => ({
      parameters: (input) => ({
        scale: { shape: input, initializer: ones(), fanIn: 1, fanOut: 1, role: 'weight' },
      }),
      apply: (parameters, x, context) => apply(parameters, x, context),
    })),
    options,
  );
const keeping = (
  update: (mean: Tensor, training: boolean) => Readonly<Record<string, Tensor>>,
  seen?: (x: Tensor) => { readonly mean: Tensor },
): SuiteCase[] =>
  layerSuite(
    layer('wrong', {}, () => ({
      state: (input) => ({ mean: { shape: input, initial: 0 } }),
      ...(seen && { stateFromData: seen }),
      apply: (_, x, { state, training }) => ({
        output: x,
        state: update(state.mean, training) as { readonly mean: Tensor },
      }),
    })),
  );

/** What is wrong, the suite of it, and what is said of that. */
const faults: Record<string, [cases: SuiteCase[], where: RegExp]> = {
  'a batch that is lost': [
    suiteOf(({ scale }, x) => x.mul(scale).mean(0)),
    /wrong\(\) keeps the batch and the dtype, for examples \[3\]: of a batch of/,
  ],
  'examples that are joined': [
    suiteOf(({ scale }, x) => x.mul(scale).reshape([1, -1])),
    /wrong\(\) keeps the batch and the dtype, for examples \[3\]: of a batch of 4 it must make/,
  ],
  'another dtype': [
    suiteOf(({ scale }, x) => x.mul(scale).cast('float32')),
    /keeps the batch and the dtype, for examples \[3\]: of a batch of 1 it must make float64 \[1,3\], but made float32/,
  ],
  'a parameter that is not used': [
    suiteOf((_, x) => x.mul(2)),
    /uses all that it declares, for examples \[3\]: the parameter "scale" makes no difference/,
  ],
  'a parameter that was not declared': [
    suiteOf((parameters, x) => x.mul(parameters.scale).add((parameters as Record<string, Tensor>).shift!)),
    /it asks for the parameter "shift", which it does not declare/,
  ],
  'a parameter with a dot in its name': [
    layerSuite(
      layer('wrong', {}, () => ({
        parameters: () => ({
          'a.b': { shape: [3], initializer: ones(), fanIn: 1, fanOut: 1, role: 'weight' as const },
        }),
        apply: (parameters, x) => x.mul(parameters['a.b']),
      })),
    ),
    /the parameter "a.b" has a dot in its name/,
  ],
  'state that was not declared': [
    suiteOf(({ scale }, x, { state }) => x.mul(scale).add((state as Record<string, Tensor>).mean!)),
    /it asks for the state "mean", which it does not declare/,
  ],
  'a derivative that misses a detached part': [
    suiteOf(({ scale }, x) => x.mul(scale.add(x.stopGradient()))),
    /has the gradients of its central differences, .*: the gradient is wrong for input 0/,
  ],
  'a derivative of a parameter that misses a detached part': [
    suiteOf(({ scale }, x) => x.mul(scale.mul(scale.stopGradient()))),
    /has the gradients of its central differences, .*: the gradient is wrong for input 1/,
  ],
  'a derivative that is wrong in training alone': [
    suiteOf(({ scale }, x, { training }) => x.mul(training ? scale.add(x.stopGradient()) : scale)),
    /has the gradients of its central differences, .*: the gradient is wrong for input 0/,
  ],
  'examples that are mixed in evaluation': [
    suiteOf(({ scale }, x) => x.mul(scale).sub(x.mean(0))),
    /makes the same of an example whatever is beside it, in evaluation, for examples \[3\]: beside other examples/,
  ],
  'examples that are mixed in training': [
    suiteOf(({ scale }, x, { training }) => (training ? x.mul(scale).sub(x.mean(0)) : x.mul(scale))),
    /whatever is beside it, in training, for examples \[3\]: .*; if it is meant to mix them, say mixesExamples/,
  ],
  'chance in evaluation': [
    suiteOf(({ scale }, x, { random }) => x.mul(scale).add(uniform(x.shape, random('noise'), x.dtype))),
    /in training alone: .*, for examples \[3\]: in evaluation it draws random numbers for "noise"/,
  ],
  'chance that does not depend on the seed': [
    suiteOf(({ scale }, x, { training, random }) =>
      training ? x.mul(scale).add(uniform(x.shape, { ...random('noise'), seed: 7 }, x.dtype)) : x.mul(scale),
    ),
    /: its random numbers do not depend on the seed/,
  ],
  'chance that is the same at each step': [
    suiteOf(({ scale }, x, { training, random }) => {
      if (!training) return x.mul(scale);
      const { seed, purpose } = random('noise');
      return x.mul(scale).add(uniform(x.shape, { seed, purpose }, x.dtype));
    }),
    /: its random numbers are the same at each step: hand on all of what random\(\) gives/,
  ],
  'chance that is not the generator’s': [
    suiteOf(({ scale }, x, { training }) => x.mul(scale).add(training ? Math.random() : 0)),
    /: it does not draw the same numbers for the same seed and step/,
  ],
  'state that is forgotten': [keeping(() => ({})), /it declares the state mean, but gives \(none\)/],
  'state of another name': [
    keeping((mean) => ({ median: mean })),
    /it declares the state mean, but gives median/,
  ],
  'state of another shape': [
    keeping((mean) => ({ mean: mean.sum() })),
    /the state "mean" must be float32 \[3\], but is float32 \[\]/,
  ],
  'state that changes in evaluation': [
    keeping((mean) => ({ mean: mean.add(1) })),
    /after evaluation the state "mean": element 0 is 1, but must be 0/,
  ],
  'state of another shape from data': [
    keeping(
      (mean, training) => ({ mean: training ? mean.add(1) : mean }),
      (x) => ({ mean: x.mean() }),
    ),
    /"mean" from data must be float32 \[3\], but is float32 \[\]/,
  ],
  'an input that is taken and should not be': [
    suiteOf(({ scale }, x) => x.mul(scale), { refusedInputs: [[2, 3]] }),
    /wrong\(\) refuses examples \[2,3\]: it is accepted/,
  ],
  'a refusal with an error of another kind': [
    suiteOf(
      ({ scale }, x) => {
        if (x.shape.length > 2) throw new RangeError('no');
        return x.mul(scale);
      },
      { refusedInputs: [[2, 3]] },
    ),
    /wrong\(\) refuses examples \[2,3\]: it must throw a NeuriteError, but threw RangeError: no/,
  ],
  'a dead option': [
    layerSuite(
      layer('dead', { size: 1 }, () => ({ apply: (_, x) => x })),
      { alternatives: { size: [2] } },
    ),
    /dead: the option size makes a difference: dead\({ size: 2 }\) computes what dead\(\) computes/,
  ],
  'an initializer that is not handed on': [
    layerSuite(product, {
      ...products,
      alternatives: { ...products.alternatives, initializer: [ones()] },
    }),
    /product: the option initializer makes a difference/,
  ],
};

describe('the suite notices', () => {
  it.each(Object.entries(faults))('%s', async (_, [cases, where]) => {
    expect((await failuresOf(cases)).join('\n')).toMatch(where);
  });
});
