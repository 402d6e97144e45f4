// A small training with something of everything that a checkpoint holds, of plugins that are defined here.
import { cpu } from '@neurite/backend-cpu';
import {
  activation,
  constant,
  type Data,
  glorotUniform,
  layer,
  loss,
  metric,
  optimizer,
  option,
  registry,
  regularizer,
  schedule,
  sequential,
  type Tensor,
  type Trainer,
  type TrainOptions,
  train,
  uniform,
  zerosLike,
} from '@neurite/core';

const bent = activation(
  'bent',
  { slope: 0.1 },
  ({ slope }) =>
    (x) =>
      x.maximum(x.mul(slope)),
);

/** [batch, inputs] → [batch, units], with a running mean of what it gave, and units left out in training. */
const unitsOf = layer(
  'unitsOf',
  { units: option.count(), activation: option.plugin('activation') },
  ({ units, activation: f }) => ({
    neurons: units,
    activation: f,
    parameters: ([fanIn]) => ({
      weight: {
        shape: [fanIn as number, units],
        initializer: glorotUniform(),
        fanIn: fanIn as number,
        fanOut: units,
        role: 'weight',
      },
    }),
    state: (_) => ({ mean: { shape: [units], initial: 0 } }),
    apply: ({ weight }, x, { training, state, random }) => {
      const output = x.matmul(weight);
      if (!training) return output;
      const kept = uniform(output.shape, random('kept')).greater(0.2);
      return {
        output: kept.select(output, 0),
        state: { mean: state.mean.mul(0.9).add(output.mean(0).mul(0.1)) },
      };
    },
  }),
);

const squares = loss('squares', {}, () => (prediction, target) => prediction.sub(target).square().sum(-1));

/** Falls by half whenever the loss did not; its best begins where JSON has no number. */
const halved = schedule('halved', { initial: 0.05 }, ({ initial }) => ({
  memory: { rate: initial, best: Number.POSITIVE_INFINITY },
  rate: (_, memory) => memory?.rate ?? initial,
  observe: ({ rate, best }, { loss: now }) =>
    now < (best as number)
      ? { rate: rate as number, best: now }
      : { rate: (rate as number) / 2, best: best as number },
}));

/** Momentum, the mean of the parameters for evaluation, and a number for the whole training. */
const rolling = optimizer('rolling', 0.05, { momentum: 0.9, losses: 2 }, ({ momentum, losses }) => ({
  evaluates: 'average',
  state: (parameter: Tensor) => ({ velocity: zerosLike(parameter), average: parameter }),
  memory: () => ({ losses: constant(0, { shape: [losses] }) }),
  prepare: (gradients, { memory, loss: now }) => ({
    gradients,
    memory: { losses: (memory.losses as Tensor).mul(0.5).add(now) },
  }),
  update: ({ gradient, state }) => {
    const velocity = (state.velocity as Tensor).mul(momentum).add(gradient);
    return { direction: velocity, state: { velocity, average: state.average as Tensor } };
  },
  afterMove: (moved, state) => ({
    ...state,
    average: (state.average as Tensor).mul(0.5).add(moved.mul(0.5)),
  }),
}));

const shrink = regularizer(
  'shrink',
  { strength: 0.01 },
  ({ strength }) =>
    (w) =>
      w.square().sum().mul(strength),
);

const largest = metric('largest', {}, () => ({
  totals: (prediction) => ({ sum: prediction.max(-1).sum() }),
  result: ({ sum }, examples) => (sum[0] as number) / examples,
}));

export const plugins = registry().use(bent, unitsOf, squares, halved, rolling, shrink, largest);

export interface Choices extends Pick<TrainOptions, 'seed' | 'dtype'> {
  readonly units?: number;
  readonly momentum?: number;
}

export const makeNetwork = (units = 3) =>
  sequential([2], [unitsOf({ units, activation: bent({ slope: 0.2 }) }), unitsOf({ units: 2 })]);

export const makeTrainer = ({ units, momentum = 0.9, ...rest }: Choices = {}): Promise<Trainer> =>
  train(makeNetwork(units), {
    loss: squares(),
    optimizer: rolling({ momentum, learningRate: halved({ initial: 0.02 }) }),
    regularizer: shrink(),
    metrics: [largest({ name: 'most' })],
    backend: cpu(),
    seed: 5,
    ...rest,
  });

const numbers = Float32Array.from({ length: 40 }, (_, i) => Math.sin(i * i));

/** 20 examples. */
export const data: Data = { inputs: numbers, targets: numbers.toReversed() };
export const fitting = { epochs: 3, batchSize: 6 } as const;

/** The training, left in the middle of its second epoch. */
export async function leftInTheMiddle(choices: Choices = {}): Promise<Trainer> {
  const trainer = await makeTrainer(choices);
  const controller = new AbortController();
  await trainer.fit(data, {
    ...fitting,
    signal: controller.signal,
    callbacks: [
      { onProgress: ({ epoch, step }) => (epoch === 2 && step >= 2 ? controller.abort() : undefined) },
    ],
  });
  return trainer;
}
