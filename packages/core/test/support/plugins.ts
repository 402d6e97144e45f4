// Plugins as their packages have them, small: core's tests import no plugin package.
import {
  activation,
  classLoss,
  glorotUniform,
  heNormal,
  layer,
  logSumExp,
  loss,
  optimizer,
  option,
  regularizer,
  requireRank,
  schedule,
  uniform,
  zeros,
  zerosLike,
} from '../../src/index.ts';

export const relu = activation('relu', (x) => x.greater(0).select(x, 0), { initializer: heNormal() });
export const leakyRelu = activation(
  'leakyRelu',
  { slope: 0.01 },
  ({ slope }) =>
    (x) =>
      x.greater(0).select(x, x.mul(slope)),
);
export const sigmoid = activation('sigmoid', (x) => x.sigmoid());

export const dense = layer(
  'dense',
  {
    units: option.count(),
    activation: option.plugin('activation'),
    initializer: option.plugin('initializer'),
    regularizer: option.plugin('regularizer'),
    bias: true,
  },
  ({ units, activation, initializer = activation?.initializer ?? glorotUniform(), regularizer, bias }) => ({
    neurons: units,
    activation,
    parameters: (input) => {
      requireRank(input, 1, 'add flatten() before it');
      const fans = { fanIn: input[0] as number, fanOut: units };
      return {
        weight: { shape: [fans.fanIn, units], initializer, ...fans, role: 'weight', regularizer },
        bias: bias ? { shape: [units], initializer: zeros(), ...fans, role: 'bias' } : undefined,
      };
    },
    apply: ({ weight, bias: offset }, x) => {
      const product = x.matmul(weight);
      return offset ? product.add(offset) : product;
    },
  }),
);
export const dropout = layer('dropout', { rate: option.fraction(0.5) }, ({ rate }) => ({
  apply: (_, x, { training, random }) =>
    training
      ? uniform(x.shape, random('mask'), x.dtype)
          .greaterEqual(rate)
          .select(x.div(1 - rate), 0)
      : x,
}));
export const flatten = layer('flatten', {}, () => ({
  apply: (_, x) => x.reshape([x.shape[0] as number, -1]),
}));

export const meanSquaredError = loss(
  'meanSquaredError',
  {},
  () => (x, target) => x.sub(target).square().mean(-1),
);
export const softmaxCrossEntropy = classLoss(
  'softmaxCrossEntropy',
  {},
  () => (x, target, total) =>
    logSumExp(x)
      .mul(total.reshape([-1]))
      .sub(target.mul(x).sum(-1)),
);

export const sgd = optimizer('sgd', 0.1, {}, () => ({
  state: () => ({}),
  update: ({ gradient }) => ({ direction: gradient, state: {} }),
}));
export const momentum = optimizer('momentum', 0.01, { momentum: option.fraction(0.9) }, ({ momentum }) => ({
  state: (parameter) => ({ velocity: zerosLike(parameter) }),
  update: ({ gradient, state }) => {
    const velocity = state.velocity.mul(momentum).add(gradient);
    return { direction: velocity, state: { velocity } };
  },
}));
export const adam = optimizer(
  'adam',
  0.001,
  { beta1: option.fraction(0.9), beta2: option.fraction(0.999), epsilon: option.positive(1e-8) },
  ({ beta1, beta2, epsilon }) => ({
    state: (parameter) => ({ mean: zerosLike(parameter), variance: zerosLike(parameter) }),
    update: ({ gradient, state, step }) => {
      const mean = state.mean.mul(beta1).add(gradient.mul(1 - beta1));
      const variance = state.variance.mul(beta2).add(gradient.square().mul(1 - beta2));
      const correct1 = step.mul(Math.log(beta1)).exp().neg().add(1);
      const correct2 = step.mul(Math.log(beta2)).exp().neg().add(1);
      const direction = mean.div(correct1).div(variance.div(correct2).sqrt().add(epsilon));
      return { direction, state: { mean, variance } };
    },
  }),
);
/** 1, 1/2, 1/4 … of the initial rate. */
export const halving = schedule(
  'halving',
  { initial: option.positive(1) },
  ({ initial }) =>
    (step) =>
      initial / 2 ** step,
);
export const l2 = regularizer(
  'l2',
  { strength: option.nonNegative(1e-4) },
  ({ strength }) =>
    (w) =>
      w
        .square()
        .sum()
        .mul(strength / 2),
);
