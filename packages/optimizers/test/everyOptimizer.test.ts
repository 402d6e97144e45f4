// What every optimizer must do, held against each of them.
import { cpu } from '@neurite/backend-cpu';
import { optionOf, type Schema } from '@neurite/core';
import { optimizerSuite, type SuiteCase } from '@neurite/testing';
import { describe, expect, test } from 'vitest';
import * as optimizers from '../src/index.ts';

const {
  accumulated,
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  amsgrad,
  averaged,
  clipByGlobalNorm,
  clipByNorm,
  clipByValue,
  lbfgs,
  lion,
  momentum,
  muon,
  nadam,
  nesterov,
  parameterGroup,
  radam,
  rmsprop,
  rprop,
  sgd,
} = optimizers;

const on = { backend: cpu };
/** Of those that square gradients. */
const squares = { ...on, reach: 1e18 };
/** Of wrappers. */
const aroundSgd = { ...on, given: { optimizer: sgd() }, registered: optimizers };
const decays = { weightDecay: [0.5] };
const refusesDecay = { weightDecay: [-0.1] };
/** Of Adam and its kin. */
const moments = { beta1: [0.5], beta2: [0.8], epsilon: [0.1] };
const refusedMoments = { learningRate: [0, -1], beta1: [1, -0.1], beta2: [1, -0.1], epsilon: [0, -1] };
const clips = {
  ...aroundSgd,
  alternatives: { optimizer: [momentum(), adagrad()], limit: [0.1] },
  refused: { limit: [0, -1], optimizer: [undefined, sgd, 3] },
  reach: 1e18,
};

const suites = {
  accumulated: optimizerSuite(accumulated, {
    ...aroundSgd,
    alternatives: { optimizer: [adam(), clipByGlobalNorm({ optimizer: sgd() })], steps: [1, 3] },
    refused: { steps: [0, 1.5] },
    reach: 1e15,
  }),
  adadelta: optimizerSuite(adadelta, {
    ...squares,
    alternatives: { rho: [0.5], epsilon: [0.1] },
    refused: { rho: [1, -0.1], epsilon: [0, -1] },
  }),
  adagrad: optimizerSuite(adagrad, {
    ...squares,
    alternatives: { initialSum: [1], epsilon: [0.1] },
    refused: { initialSum: [-1], epsilon: [0, -1] },
  }),
  adam: optimizerSuite(adam, { ...squares, alternatives: moments, refused: refusedMoments }),
  adamax: optimizerSuite(adamax, { ...on, alternatives: moments, refused: refusedMoments }),
  adamW: optimizerSuite(adamW, {
    ...squares,
    alternatives: { ...moments, ...decays },
    refused: { ...refusedMoments, ...refusesDecay },
  }),
  amsgrad: optimizerSuite(amsgrad, { ...squares, alternatives: moments, refused: refusedMoments }),
  averaged: optimizerSuite(averaged, {
    ...aroundSgd,
    alternatives: { optimizer: [adamax(), momentum()], decay: [0.5] },
    refused: { decay: [1, -0.1] },
  }),
  clipByGlobalNorm: optimizerSuite(clipByGlobalNorm, clips),
  clipByNorm: optimizerSuite(clipByNorm, clips),
  clipByValue: optimizerSuite(clipByValue, clips),
  lbfgs: optimizerSuite(lbfgs, {
    ...on,
    alternatives: { learningRate: [0.5], history: [1] },
    refused: { learningRate: [0, -1], history: [0, 1.5] },
    reach: 1e12,
  }),
  lion: optimizerSuite(lion, {
    ...on,
    alternatives: { beta1: [0.5], beta2: [0.5], ...decays },
    refused: { beta1: [1, -0.1], beta2: [1, -0.1], ...refusesDecay },
  }),
  momentum: optimizerSuite(momentum, {
    ...on,
    alternatives: { momentum: [0.5], dampening: [0.5] },
    refused: { momentum: [1, -0.1], dampening: [1, -0.1] },
  }),
  muon: optimizerSuite(muon, {
    ...aroundSgd,
    alternatives: { optimizer: [adamax()], momentum: [0.5], ...decays, iterations: [2], epsilon: [10] },
    refused: { momentum: [1, -0.1], ...refusesDecay, iterations: [0, 101, 1.5], epsilon: [0, -1] },
    reach: 1e18,
  }),
  nadam: optimizerSuite(nadam, {
    ...squares,
    alternatives: { ...moments, momentumDecay: [1] },
    refused: { ...refusedMoments, momentumDecay: [-1] },
  }),
  nesterov: optimizerSuite(nesterov, {
    ...on,
    alternatives: { momentum: [0.5] },
    refused: { momentum: [1, -0.1] },
  }),
  parameterGroup: optimizerSuite(parameterGroup, {
    ...aroundSgd,
    given: { optimizer: sgd(), parameters: ['bias'], group: momentum() },
    alternatives: {
      optimizer: [adamax(), averaged({ optimizer: sgd() })],
      parameters: [['weight'], ['weight', 'bias']],
      group: [adamax()],
    },
    refused: { parameters: [[], [''], 'bias', undefined], group: [undefined, sgd] },
  }),
  radam: optimizerSuite(radam, { ...squares, alternatives: moments, refused: refusedMoments }),
  rmsprop: optimizerSuite(rmsprop, {
    ...squares,
    alternatives: { alpha: [0.5], epsilon: [0.1], momentum: [0.5] },
    refused: { alpha: [1, -0.1], epsilon: [0, -1], momentum: [1, -0.1], centered: [1] },
  }),
  rprop: optimizerSuite(rprop, {
    ...on,
    alternatives: {
      learningRate: [0.02],
      decrease: [0.1],
      increase: [1.5],
      minimum: [0.009],
      maximum: [0.011],
    },
    refused: {
      learningRate: [0, -1],
      decrease: [0, 1],
      increase: [1],
      minimum: [0, -1],
      maximum: [0, -1],
    },
  }),
  sgd: optimizerSuite(sgd, { ...on, alternatives: decays, refused: refusesDecay }),
} satisfies Partial<Record<keyof typeof optimizers, SuiteCase[]>>;

for (const [type, cases] of Object.entries(suites)) {
  describe(type, () => {
    for (const { name, run } of cases) test(name, run);
  });
}

const all = Object.entries(optimizers).filter(([, { kind }]) => kind === 'optimizer');

test('each was held against it, and is called what its export is called', () => {
  expect(all.map(([name]) => name).sort()).toEqual(Object.keys(suites).sort());
  for (const [name, definition] of Object.entries(optimizers)) expect(definition.type).toBe(name);
});

test('options are those of PyTorch by default', () => {
  const moments = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
  const wanted = {
    accumulated: { steps: 4 },
    adadelta: { learningRate: 1, rho: 0.9, epsilon: 1e-6 },
    adagrad: { learningRate: 0.01, initialSum: 0, epsilon: 1e-10 },
    adam: { learningRate: 0.001, ...moments },
    adamax: { learningRate: 0.002, ...moments },
    adamW: { learningRate: 0.001, ...moments, weightDecay: 0.01 },
    amsgrad: { learningRate: 0.001, ...moments },
    averaged: { decay: 0.999 },
    clipByGlobalNorm: { limit: 1 },
    clipByNorm: { limit: 1 },
    clipByValue: { limit: 1 },
    lbfgs: { learningRate: 1, history: 10 },
    lion: { learningRate: 1e-4, beta1: 0.9, beta2: 0.99, weightDecay: 0 },
    momentum: { learningRate: 0.01, momentum: 0.9, dampening: 0 },
    muon: { momentum: 0.95, nesterov: true, weightDecay: 0.1, iterations: 5, epsilon: 1e-7 },
    nadam: { learningRate: 0.002, ...moments, momentumDecay: 0.004 },
    nesterov: { learningRate: 0.01, momentum: 0.9 },
    parameterGroup: {},
    radam: { learningRate: 0.001, ...moments },
    rmsprop: { learningRate: 0.01, alpha: 0.99, epsilon: 1e-8, centered: false, momentum: 0 },
    rprop: { learningRate: 0.01, decrease: 0.5, increase: 1.2, minimum: 1e-6, maximum: 50 },
    sgd: { learningRate: 0.01, weightDecay: 0 },
  };
  const defaults = all.map(([name, { schema }]) => {
    const options = Object.entries(schema as Schema).map(([option, entry]) => [
      option,
      optionOf(entry).default,
    ]);
    return [name, Object.fromEntries(options.filter(([, value]) => value !== undefined))];
  });
  expect(Object.fromEntries(defaults)).toEqual(wanted);
});
