// The programs of a training as graphs: a step (forward, loss, gradient, update), an evaluation, a prediction.
import { NeuriteError } from '../errors.ts';
import type { Network } from '../network/network.ts';
import type { Loss } from '../plugin/loss.ts';
import type { Metric } from '../plugin/metric.ts';
import type { Optimizer } from '../plugin/optimizer.ts';
import type { Regularizer } from '../plugin/regularizer.ts';
import type { NamedBuffer } from '../program/layout.ts';
import type { Computation } from '../program/lower.ts';
import type { DType } from '../scalar/dtype.ts';
import { isFiniteNumber } from '../tensor/functions.ts';
import { grad } from '../tensor/grad.ts';
import { type Labels, label } from '../tensor/labels.ts';
import type { InputHome } from '../tensor/op.ts';
import * as leaf from '../tensor/ops/leaf.ts';
import { printShape, type Shape, sameShape, sizeOf } from '../tensor/shape.ts';
import { constant, iota, Tensor } from '../tensor/tensor.ts';
import type { DataForm } from './data.ts';

/** Everything that decides what a training computes. */
export interface Recipe {
  readonly network: Network;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** On every weight whose layer has none of its own. */
  readonly regularizer: Regularizer | undefined;
  readonly metrics: readonly Metric[];
  readonly seed: number;
  readonly dtype: DType;
}

/** Rates that a scheduled run brings along: so many steps can be made in one call. */
export const scheduledSteps = 256;

const input = (
  name: string,
  shape: Shape,
  dtype: DType,
  home: InputHome,
  buffer?: string,
  offset?: number,
): Tensor => new Tensor(leaf.input(name, shape, dtype, home, buffer, offset));

/** Tensors of the parameters, which lie next to each other in the buffer `parameters`. */
function parametersOf({ network, dtype }: Recipe, buffer = 'parameters', suffix = ''): Map<string, Tensor> {
  let offset = 0;
  return new Map(
    network.parameters.map(({ name, shape }) => {
      const tensor = input(`${name}${suffix}`, shape, dtype, 'state', buffer, offset);
      offset += sizeOf(shape);
      return [name, tensor];
    }),
  );
}

/** Number of all parameters. */
export const parameterCount = ({ network }: Recipe): number =>
  network.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/** The names of what the optimizer remembers of each parameter. */
export function optimizerState({ optimizer, dtype }: Recipe): string[] {
  return Object.keys(optimizer.state(constant(0, { dtype })));
}

/** The state that all programs of a training share: parameters, what the optimizer remembers, the number of steps. */
export function stateBuffers(recipe: Recipe): Record<string, NamedBuffer> {
  const length = parameterCount(recipe);
  const moments = optimizerState(recipe).map((name) => `optimizer.${name}`);
  return {
    ...Object.fromEntries(
      ['parameters', ...moments].map(
        (name) => [name, { home: 'state', dtype: recipe.dtype, length }] as const,
      ),
    ),
    step: { home: 'state', dtype: 'int32', length: 1 },
  };
}

/** Where a batch comes from: rows of a data set that lies with the program, or the host, batch by batch. */
export type BatchSource =
  | { readonly kind: 'rows'; readonly set: string; readonly rows: number }
  | { readonly kind: 'host' };

interface Batch {
  readonly x: Tensor;
  readonly target: Tensor;
  /** The state that counts how far the data set has been walked. */
  readonly row: Tensor | undefined;
}

/** uint8 means 0 … 255 and becomes 0 … 1 where it is read. */
const scaled = (raw: Tensor, dtype: DType): Tensor =>
  raw.dtype === 'uint8' ? raw.cast(dtype).div(255) : raw;

function traceBatch(
  recipe: Recipe,
  source: BatchSource,
  size: number,
  form: DataForm,
  ordered: boolean,
): Batch {
  const { network, dtype } = recipe;
  const [targetShape, targetType]: [Shape, DType] =
    form.targets === 'classes' ? [[], 'int32'] : [network.output, dtype];
  if (source.kind === 'host') {
    return {
      x: scaled(input('batch.inputs', [size, ...network.input], form.inputs, 'input'), dtype),
      target: input('batch.targets', [size, ...targetShape], targetType, 'input'),
      row: undefined,
    };
  }
  const { set, rows } = source;
  const row = input(`${set}.row`, [], 'int32', 'state');
  const position = iota([size]).add(row);
  const chosen = ordered ? input(`${set}.order`, [rows], 'int32', 'data').gather(position) : position;
  return {
    x: scaled(input(`${set}.inputs`, [rows, ...network.input], form.inputs, 'data').gather(chosen), dtype),
    target: input(`${set}.targets`, [rows, ...targetShape], targetType, 'data').gather(chosen),
    row,
  };
}

/** The mean loss of a batch, [] — checked, since a plugin computes it. */
function meanLoss({ loss }: Recipe, prediction: Tensor, target: Tensor): Tensor {
  const each = loss.compute(prediction, target);
  const wanted = [prediction.shape[0] as number];
  if (!sameShape(each.shape, wanted)) {
    throw new NeuriteError(
      'shape',
      `loss "${loss.type}" must give ${printShape(wanted)}, a number for each example, but gave ${printShape(each.shape)}`,
    );
  }
  return each.mean();
}

/** Adds sums over the batch to totals that are kept from step to step. */
function traceTotals(
  { metrics, dtype }: Recipe,
  set: string,
  batch: Batch,
  prediction: Tensor,
  loss: Tensor,
  updates: Map<Tensor, Tensor>,
): void {
  const size = prediction.shape[0] as number;
  const add = (name: string, sum: Tensor): void => {
    const total = input(`${set}.${name}`, sum.shape, dtype, 'state');
    updates.set(total, total.add(sum.cast(dtype)));
  };
  add('loss', loss.mul(size));
  for (const { type, totals } of metrics) {
    for (const [name, sum] of Object.entries(totals(prediction, batch.target))) add(`${type}.${name}`, sum);
  }
  if (batch.row) updates.set(batch.row, batch.row.add(size));
}

/** A training step on `size` examples. */
export function traceStep(recipe: Recipe, source: BatchSource, size: number, form: DataForm): Computation {
  const { network, optimizer, dtype, seed } = recipe;
  const labels: Labels = new Map();
  const parameters = parametersOf(recipe);
  const step = input('step', [], 'int32', 'state');
  const batch = traceBatch(recipe, source, size, form, true);
  label(labels, batch.x, 'batch');
  label(labels, batch.target, 'batch');
  const prediction = network.apply(parameters, batch.x, {
    training: true,
    random: (purpose) => ({ seed, purpose, step }),
    onLayer: (name, output) => label(labels, output, name),
  });
  const dataLoss = meanLoss(recipe, prediction, batch.target);
  const total = network.parameters.reduce((sum, { name, role, regularizer }) => {
    const penalize = regularizer ?? (role === 'weight' ? recipe.regularizer : undefined);
    return penalize ? sum.add(penalize.penalty(parameters.get(name) as Tensor)) : sum;
  }, dataLoss);
  label(labels, total, 'loss');

  const variables = [...parameters.values()];
  const gradients = prepared(recipe, grad(total, variables, labels));
  const updates = new Map<Tensor, Tensor>();
  const rate = traceRate(recipe, step);
  const count = step.add(1).cast(dtype);
  const moments = optimizerState(recipe).map(
    (name) => [name, parametersOf(recipe, `optimizer.${name}`, `.${name}`)] as const,
  );
  network.parameters.forEach(({ name, shape }, i) => {
    const parameter = variables[i] as Tensor;
    const state = Object.fromEntries(moments.map(([key, tensors]) => [key, tensors.get(name) as Tensor]));
    const next = optimizer.update({ gradient: gradients[i] as Tensor, parameter, state, step: count });
    if (!sameShape(next.direction.shape, shape)) {
      throw new NeuriteError(
        'shape',
        `optimizer "${optimizer.type}" must give a direction of ${printShape(shape)} for "${name}", but gave ${printShape(next.direction.shape)}`,
      );
    }
    const moved = parameter.sub(next.direction.mul(rate));
    label(labels, moved, optimizer.type);
    updates.set(parameter, moved);
    for (const [key, tensors] of moments) updates.set(tensors.get(name) as Tensor, next.state[key] as Tensor);
  });
  updates.set(step, step.add(1));

  if (source.kind === 'host')
    return { updates, outputs: { loss: total }, buffers: stateBuffers(recipe), labels };
  traceTotals(recipe, source.set, batch, prediction, total, updates);
  // The first step whose loss is no finite number; −1 as long as there is none.
  const badStep = input(`${source.set}.badStep`, [], 'int32', 'state');
  updates.set(badStep, badStep.less(0).select(isFiniteNumber(total).select(badStep, step), badStep));
  return { updates, buffers: stateBuffers(recipe), labels };
}

/** The gradients that the updates get — checked, since a plugin computes them. */
function prepared({ optimizer, network }: Recipe, gradients: readonly Tensor[]): readonly Tensor[] {
  const ready = optimizer.prepare?.(gradients) ?? gradients;
  if (ready.length !== gradients.length) {
    throw new NeuriteError(
      'shape',
      `optimizer "${optimizer.type}" must prepare ${gradients.length} gradients, but gave ${ready.length}`,
    );
  }
  network.parameters.forEach(({ name, shape }, i) => {
    const own = (ready[i] as Tensor).shape;
    if (sameShape(own, shape)) return;
    throw new NeuriteError(
      'shape',
      `optimizer "${optimizer.type}" must prepare a gradient of ${printShape(shape)} for "${name}", but gave ${printShape(own)}`,
    );
  });
  return ready;
}

/** The learning rate is an input: one number, or where there is a schedule one for each step of a run. */
function traceRate({ optimizer, dtype }: Recipe, step: Tensor): Tensor {
  if (typeof optimizer.learningRate === 'number') return input('learningRate', [], dtype, 'input');
  const firstStep = input('firstStep', [], 'int32', 'input');
  return input('learningRates', [scheduledSteps], dtype, 'input')
    .gather(step.sub(firstStep).reshape([1]))
    .reshape([]);
}

/** Adds loss and metrics of the next `size` rows of `set` to their totals. */
export function traceEvaluation(
  recipe: Recipe,
  set: string,
  rows: number,
  size: number,
  form: DataForm,
): Computation {
  const batch = traceBatch(recipe, { kind: 'rows', set, rows }, size, form, false);
  const prediction = traceNetwork(recipe, batch.x);
  const updates = new Map<Tensor, Tensor>();
  traceTotals(recipe, set, batch, prediction, meanLoss(recipe, prediction, batch.target), updates);
  return { updates, buffers: stateBuffers(recipe) };
}

/** The network's outputs for `size` rows from the host. */
export function tracePrediction(recipe: Recipe, size: number, inputs: DType): Computation {
  const x = scaled(input('batch.inputs', [size, ...recipe.network.input], inputs, 'input'), recipe.dtype);
  return { outputs: { prediction: traceNetwork(recipe, x) }, buffers: stateBuffers(recipe) };
}

const traceNetwork = (recipe: Recipe, x: Tensor): Tensor =>
  recipe.network.apply(parametersOf(recipe), x, {
    training: false,
    random: (purpose) => ({ seed: recipe.seed, purpose, step: constant(0, { dtype: 'int32' }) }),
  });
