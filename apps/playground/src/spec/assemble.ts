// From a run's spec to what core takes: a network, a trainer, examples.
import {
  concat,
  constant,
  type Data,
  evaluate,
  type Loss,
  type Network,
  type NumberArray,
  type Tensor,
  type Trainer,
  train,
} from '@neurite/core';
import { make, type PluginSpec, plugins } from '../plugins.ts';
import { type Points, pointsOf, side } from './points.ts';
import type { LayerSpec, RunSpec } from './spec.ts';

/** The layers as the registry takes them: dropout as a layer of its own, the last layer with a unit for each class. */
export function chainOf({ layers, output }: RunSpec, points: Points) {
  const expanded = layers.flatMap(({ dropout = 0, ...layer }: LayerSpec): PluginSpec[] =>
    dropout > 0 ? [layer as PluginSpec, { type: 'dropout', rate: dropout }] : [layer as PluginSpec],
  );
  return {
    input: [points.columns],
    layers: [...expanded, { type: 'dense', ...output, units: points.classes }],
  };
}

export const networkOf = (spec: RunSpec, points: Points): Network =>
  plugins.network(chainOf(spec, points) as Parameters<typeof plugins.network>[0]);

/** What one looks at beside the loss: how many are right, or how much of the variance is explained. */
export const scoreOf = ({ task }: Points): 'accuracy' | 'rSquared' =>
  task === 'classes' ? 'accuracy' : 'rSquared';

/** A trainer with fresh parameters. */
export async function trainerOf(
  spec: RunSpec,
  points: Points,
  onWarning: (message: string) => void,
): Promise<Trainer> {
  return train(networkOf(spec, points), {
    loss: make('loss', spec.loss),
    optimizer: make('optimizer', spec.optimizer),
    backend: make('backend', spec.backend),
    metrics: [make('metric', { type: scoreOf(points) })],
    ...(spec.regularizer && { regularizer: make('regularizer', spec.regularizer) }),
    seed: spec.seed,
    onWarning,
  });
}

/** Points as the loss wants them: class numbers where it takes those, else a number for each output. */
export function examplesOf(
  points: Points,
  loss: Loss,
): Data & { inputs: Float32Array; targets: NumberArray } {
  const { inputs, targets, classes, task } = points;
  if (task === 'values') return { inputs, targets };
  if (loss.targets === 'classes or values') return { inputs, targets: Int32Array.from(targets) };
  const values = new Float32Array(targets.length * classes).fill(numberForNo(loss));
  targets.forEach((label, i) => {
    values[i * classes + label] = 1;
  });
  return { inputs, targets: values };
}

/**
 * The target that says "not of this class": 0, or −1 where 0 teaches nothing, the loss being the same whatever is
 * predicted, as that of hinges is.
 */
export function numberForNo(loss: Loss): 0 | -1 {
  const row = (first: number): Tensor =>
    concat(
      [first, 1].map((value) => constant(value, { shape: [1, 1], dtype: 'float32' })),
      1,
    );
  const losses = evaluate([-2, -0.5, 0.5, 2].map((value) => loss.compute(row(value), row(0)))).map(
    ([value]) => value,
  );
  return losses.every((value) => value === losses[0]) ? -1 : 0;
}

/** Everything that is made of the data. */
export interface Sides {
  readonly all: Points;
  readonly train: Data & { inputs: Float32Array; targets: NumberArray };
  /** Undefined where nothing is kept for the test. */
  readonly test: Data | undefined;
  readonly rows: number;
}

/** @throws Error where there is nothing to train on. */
export function sidesOf(spec: RunSpec): Sides {
  const all = pointsOf(spec.data);
  const loss = make('loss', spec.loss);
  const trainSide = side(all, false);
  const rows = trainSide.targets.length;
  if (rows === 0) throw new Error('There is no point to train on: click into the picture to add some.');
  const testSide = side(all, true);
  const test = testSide.targets.length > 0 ? examplesOf(testSide, loss) : undefined;
  return { all, train: examplesOf(trainSide, loss), test, rows };
}
