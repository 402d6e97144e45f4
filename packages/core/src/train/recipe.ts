// Everything that decides what a training computes, and the state that all its programs share.
import type { Network, NetworkParameter } from '../network/network.ts';
import type { Constraint } from '../plugin/constraint.ts';
import type { Loss } from '../plugin/loss.ts';
import type { Metric } from '../plugin/metric.ts';
import type { Optimizer } from '../plugin/optimizer.ts';
import type { Regularizer } from '../plugin/regularizer.ts';
import type { Schedule } from '../plugin/schedule.ts';
import type { NamedBuffer } from '../program/layout.ts';
import type { DType } from '../scalar/dtype.ts';
import { type Shape, sizeOf } from '../scalar/shape.ts';
import type { InputHome } from '../tensor/op.ts';
import * as leaf from '../tensor/ops/leaf.ts';
import { constant, Tensor } from '../tensor/tensor.ts';

/** The loss of an output, and by what it is multiplied in the sum. */
export interface OutputLoss {
  readonly loss: Loss;
  readonly weight: number;
}

/** A metric of an output, under the name that its score has. */
export interface OutputMetric {
  readonly name: string;
  readonly metric: Metric;
  readonly output: number;
}

/** What a trainer was made of. */
export interface Recipe {
  readonly network: Network;
  /** One for each output. */
  readonly losses: readonly OutputLoss[];
  readonly optimizer: Optimizer;
  /** On every weight whose layer has none of its own. */
  readonly regularizer: Regularizer | undefined;
  readonly constraint: Constraint | undefined;
  readonly metrics: readonly OutputMetric[];
  readonly seed: number;
  readonly dtype: DType;
}

export const input = (
  name: string,
  shape: Shape,
  dtype: DType,
  home: InputHome,
  buffer?: string,
  offset?: number,
): Tensor => new Tensor(leaf.input(name, shape, dtype, home, buffer, offset));

/** Tensors that lie next to each other in one state buffer, by name. */
function tensorsIn(
  buffer: string,
  parts: readonly { readonly name: string; readonly shape: Shape }[],
  dtype: DType,
  suffix = '',
): Map<string, Tensor> {
  let offset = 0;
  return new Map(
    parts.map(({ name, shape }) => {
      const tensor = input(`${name}${suffix}`, shape, dtype, 'state', buffer, offset);
      offset += sizeOf(shape);
      return [name, tensor];
    }),
  );
}

const totalSize = (parts: readonly { readonly shape: Shape }[]): number =>
  parts.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/** Number of all parameters. */
export const parameterCount = ({ network }: Recipe): number => totalSize(network.parameters);

export const parameterTensors = ({
  network,
  dtype,
}: Pick<Recipe, 'network' | 'dtype'>): Map<string, Tensor> =>
  tensorsIn('parameters', network.parameters, dtype);

/** What the layers keep from step to step. */
export const layerStateTensors = ({
  network,
  dtype,
}: Pick<Recipe, 'network' | 'dtype'>): Map<string, Tensor> => tensorsIn('layers', network.state, dtype);

/** What the optimizer remembers of each parameter under the name `key`. */
export const optimizerTensors = ({ network, dtype }: Recipe, key: string): Map<string, Tensor> =>
  tensorsIn(`optimizer.${key}`, network.parameters, dtype, `.${key}`);

/**
 * What evaluations and predictions compute with: parameters, or what the optimizer has in place of those that it moves;
 * layer state.
 */
export const evaluatedTensors = (recipe: Recipe): Map<string, Tensor> => {
  const tensors = new Map([...parameterTensors(recipe), ...layerStateTensors(recipe)]);
  const { evaluates } = recipe.optimizer;
  if (evaluates === undefined) return tensors;
  const instead = optimizerTensors(recipe, evaluates);
  for (const { name } of trainable(recipe)) tensors.set(name, instead.get(name) as Tensor);
  return tensors;
};

/** The names of what the optimizer remembers of each parameter. */
export function optimizerState({ optimizer, dtype }: Recipe): string[] {
  return Object.keys(optimizer.state(constant(0, { dtype })));
}

/** What the optimizer remembers of the training as a whole, as it is before the first step. */
export const firstMemory = (recipe: Recipe): Readonly<Record<string, Tensor>> =>
  recipe.optimizer.memory?.(trainableTensors(recipe)) ?? {};

const trainableTensors = (recipe: Recipe): Tensor[] => {
  const tensors = parameterTensors(recipe);
  return trainable(recipe).map(({ name }) => tensors.get(name) as Tensor);
};

/** The parameters that training moves. */
export const trainable = ({ network }: Recipe): NetworkParameter[] =>
  network.parameters.filter((parameter) => parameter.trainable);

/** Whether something depends on the data before the first step. */
export const needsData = ({ network }: Recipe): boolean =>
  network.layers.some(
    ({ layer, parameters }) =>
      layer.stateFromData || parameters.some(({ initializer }) => initializer.rescale),
  );

export const memoryTensors = (recipe: Recipe): Map<string, Tensor> =>
  new Map(
    Object.entries(firstMemory(recipe)).map(([key, { shape }]) => [
      key,
      input(`memory.${key}`, shape, recipe.dtype, 'state'),
    ]),
  );

/** The learning rate of each parameter that training moves, by name: a schedule may be another value at each call. */
export const ratesByName = (recipe: Recipe): Map<string, number | Schedule> => {
  const { optimizer } = recipe;
  return new Map(
    trainable(recipe).map(({ name, role }) => [
      name,
      optimizer.rateOf?.({ name, role }) ?? optimizer.learningRate,
    ]),
  );
};

/** The learning rates that there are, each once, in an order that is always the same. */
export function ratesOf(recipe: Recipe, byName = ratesByName(recipe)): (number | Schedule)[] {
  return byName.size > 0 ? [...new Set(byName.values())] : [recipe.optimizer.learningRate];
}

/** The state that all programs of a training share: parameters, what layers and the optimizer keep, the number of steps. */
export function stateBuffers(recipe: Recipe): Record<string, NamedBuffer> {
  const { network, dtype } = recipe;
  const count = parameterCount(recipe);
  const kept = totalSize(network.state);
  const lengths: [string, number][] = [
    ['parameters', count],
    ...optimizerState(recipe).map((key): [string, number] => [`optimizer.${key}`, count]),
    ...Object.entries(firstMemory(recipe)).map(([key, { size }]): [string, number] => [
      `memory.${key}`,
      size,
    ]),
    ...(kept > 0 ? [['layers', kept] as [string, number]] : []),
  ];
  return {
    ...Object.fromEntries(lengths.map(([name, length]) => [name, { home: 'state', dtype, length } as const])),
    step: { home: 'state', dtype: 'int32', length: 1 },
  };
}

/** The names of a batch's or data set's tensors: "inputs", or "inputs.image" where there are several. */
export const portNames = (what: string, ports: readonly { readonly name: string }[]): string[] =>
  ports.map(({ name }) => (ports.length === 1 ? what : `${what}.${name}`));
