// The programs of a training as graphs: a step (forward, loss, gradient, update), an evaluation, a prediction.
import { NeuriteError } from '../errors.ts';
import type { LayerWork, NetworkParameter } from '../network/network.ts';
import { prepareGradients } from '../plugin/optimizer.ts';
import type { Regularizer } from '../plugin/regularizer.ts';
import type { Schedule } from '../plugin/schedule.ts';
import type { Computation } from '../program/lower.ts';
import type { DType } from '../scalar/dtype.ts';
import { printShape, type Shape, sameShape } from '../scalar/shape.ts';
import { isFiniteNumber } from '../tensor/functions.ts';
import { grad } from '../tensor/grad.ts';
import { type Labels, label } from '../tensor/labels.ts';
import { iota, type Tensor } from '../tensor/tensor.ts';
import type { DataForm } from './data.ts';
import { fromHost, hostInputs, traceForward, traceInputs, traceOutputs } from './forward.ts';
import {
  evaluatedTensors,
  input,
  layerStateTensors,
  memoryTensors,
  optimizerState,
  optimizerTensors,
  parameterTensors,
  portNames,
  type Recipe,
  ratesByName,
  ratesOf,
  stateBuffers,
  trainable,
} from './recipe.ts';

/** Rates that a scheduled run brings along: so many steps can be made in one call. */
export const scheduledSteps = 256;

/** Where a batch comes from: rows of a data set that lies with the program, or the host, batch by batch. */
export type BatchSource =
  | { readonly kind: 'rows'; readonly set: string; readonly rows: number }
  | { readonly kind: 'host' };

interface Batch {
  /** A tensor for each input of the network, and a target for each output. */
  readonly inputs: readonly Tensor[];
  readonly targets: readonly Tensor[];
  /** How much each example counts; undefined where all count the same. */
  readonly weights: Tensor | undefined;
  /** The state that counts how far the data set has been walked. */
  readonly row: Tensor | undefined;
}

function traceBatch(
  recipe: Recipe,
  source: BatchSource,
  size: number,
  form: DataForm,
  ordered: boolean,
): Batch {
  const { network, dtype } = recipe;
  let read = fromHost(size);
  let row: Tensor | undefined;
  if (source.kind === 'rows') {
    const { set, rows } = source;
    row = input(`${set}.row`, [], 'int32', 'state');
    const position = iota([size]).add(row);
    const chosen = ordered ? input(`${set}.order`, [rows], 'int32', 'data').gather(position) : position;
    read = (name, shape, type) => input(`${set}.${name}`, [rows, ...shape], type, 'data').gather(chosen);
  }
  const targetNames = portNames('targets', network.outputs);
  return {
    inputs: traceInputs(recipe, form.inputs, read),
    targets: network.outputs.map(({ shape }, i) =>
      form.targets[i] === 'classes'
        ? read(targetNames[i] as string, [], 'int32')
        : read(targetNames[i] as string, shape, dtype),
    ),
    weights: form.weighted ? read('weights', [], dtype) : undefined,
    row,
  };
}

/** The mean loss of a batch over its examples, by their weights, summed over the outputs, [] — checked: plugins compute it. */
function meanLoss({ losses }: Recipe, predictions: readonly Tensor[], { targets, weights }: Batch): Tensor {
  const terms = losses.map(({ loss, weight }, i) => {
    const prediction = predictions[i] as Tensor;
    const each = loss.compute(prediction, targets[i] as Tensor);
    const wanted = [prediction.shape[0] as number];
    if (!sameShape(each.shape, wanted)) {
      throw new NeuriteError(
        'shape',
        `loss "${loss.type}" must give ${printShape(wanted)}, a number for each example, but gave ${printShape(each.shape)}`,
      );
    }
    const mean = weights ? weightedMean(each, weights) : each.mean();
    return weight === 1 ? mean : mean.mul(weight);
  });
  return terms.reduce((sum, term) => sum.add(term));
}

/** Σ w x / Σ w, and 0 where no example counts. */
function weightedMean(x: Tensor, weights: Tensor): Tensor {
  const total = weights.sum();
  return x.mul(weights).sum().div(total.equal(0).select(1, total));
}

/** Adds sums over the batch to totals that are kept from step to step. */
function traceTotals(
  { metrics, dtype }: Recipe,
  set: string,
  batch: Batch,
  predictions: readonly Tensor[],
  loss: Tensor,
  updates: Map<Tensor, Tensor>,
): void {
  const size = (predictions[0] as Tensor).shape[0] as number;
  const add = (name: string, sum: Tensor): void => {
    const total = input(`${set}.${name}`, sum.shape, dtype, 'state');
    updates.set(total, total.add(sum.cast(dtype)));
  };
  const weight = batch.weights?.sum();
  add('loss', loss.mul(weight ?? size));
  if (weight) add('weight', weight);
  for (const { name, metric, output } of metrics) {
    const totals = metric.totals(predictions[output] as Tensor, batch.targets[output] as Tensor);
    for (const [key, sum] of Object.entries(totals)) add(`${name}.${key}`, sum);
  }
  if (batch.row) updates.set(batch.row, batch.row.add(size));
}

/** What a batch makes of the parameters: the loss that is made small, as a graph over them. */
interface Objective {
  readonly batch: Batch;
  /** The parameters that training moves, and their tensors. */
  readonly movable: readonly NetworkParameter[];
  readonly variables: readonly Tensor[];
  readonly predictions: readonly Tensor[];
  readonly works: readonly LayerWork[];
  readonly layerState: ReadonlyMap<string, Tensor>;
  /** What is differentiated, and with the penalties that have a proximal operator instead. */
  readonly objective: Tensor;
  readonly total: Tensor;
}

function traceObjective(
  recipe: Recipe,
  source: BatchSource,
  size: number,
  form: DataForm,
  step: Tensor,
  labels: Labels,
): Objective {
  const { network, seed } = recipe;
  const parameters = parameterTensors(recipe);
  const layerState = layerStateTensors(recipe);
  const batch = traceBatch(recipe, source, size, form, true);
  for (const tensor of [...batch.inputs, ...batch.targets]) label(labels, tensor, 'batch');
  const works: LayerWork[] = [];
  const predictions = network.apply(new Map([...parameters, ...layerState]), batch.inputs, {
    training: true,
    random: (purpose) => ({ seed, purpose, step }),
    onLayer: (work) => {
      works.push(work);
      label(labels, work.output, work.layer.name);
    },
  });
  const movable = trainable(recipe);
  const variables = movable.map(({ name }) => parameters.get(name) as Tensor);
  const { smooth, kinked } = penalties(recipe, movable, variables, works, size);
  const objective = smooth.reduce((sum, term) => sum.add(term), meanLoss(recipe, predictions, batch));
  const total = kinked.reduce((sum, term) => sum.add(term), objective);
  label(labels, total, 'loss');
  return { batch, movable, variables, predictions, works, layerState, objective, total };
}

const stepCount = (): Tensor => input('step', [], 'int32', 'state');

/** A training step on `size` examples. */
export function traceStep(recipe: Recipe, source: BatchSource, size: number, form: DataForm): Computation {
  const labels: Labels = new Map();
  const step = stepCount();
  const traced = traceObjective(recipe, source, size, form, step, labels);
  const { batch, movable, variables, predictions, works, layerState, objective, total } = traced;

  const updates = new Map<Tensor, Tensor>();
  for (const { state } of works) {
    for (const [name, tensor] of state) updates.set(layerState.get(name) as Tensor, tensor);
  }
  traceUpdates(recipe, movable, variables, { objective, total, step }, updates, labels);
  updates.set(step, step.add(1));

  if (source.kind === 'host')
    return { updates, outputs: { loss: total }, buffers: stateBuffers(recipe), labels };
  traceTotals(recipe, source.set, batch, predictions, total, updates);
  // The first step whose loss is no finite number; −1 as long as there is none.
  const badStep = input(`${source.set}.badStep`, [], 'int32', 'state');
  updates.set(badStep, badStep.less(0).select(isFiniteNumber(total).select(badStep, step), badStep));
  return { updates, buffers: stateBuffers(recipe), labels };
}

/** The gradient that the next step on `size` examples from the host begins with, by parameter; nothing changes. */
export function traceGradients(recipe: Recipe, size: number, form: DataForm): Computation {
  const labels: Labels = new Map();
  const { movable, variables, objective } = traceObjective(
    recipe,
    { kind: 'host' },
    size,
    form,
    stepCount(),
    labels,
  );
  const gradients = grad(objective, variables, labels);
  return {
    outputs: Object.fromEntries(movable.map(({ name }, i) => [`${name} gradient`, gradients[i] as Tensor])),
    buffers: stateBuffers(recipe),
    labels,
  };
}

const regularizerOf = ({ regularizer }: Recipe, parameter: NetworkParameter): Regularizer | undefined =>
  parameter.regularizer ?? (parameter.role === 'weight' ? regularizer : undefined);

/** Terms of the loss beside the data's: those that are differentiated, and those that have a proximal operator instead. */
function penalties(
  recipe: Recipe,
  movable: readonly NetworkParameter[],
  variables: readonly Tensor[],
  works: readonly LayerWork[],
  size: number,
): { smooth: Tensor[]; kinked: Tensor[] } {
  const smooth: Tensor[] = [];
  const kinked: Tensor[] = [];
  movable.forEach((parameter, i) => {
    const penalize = regularizerOf(recipe, parameter);
    if (penalize) (penalize.proximal ? kinked : smooth).push(penalize.penalty(variables[i] as Tensor));
  });
  for (const { layer, output } of works) {
    const penalize = layer.layer.activityRegularizer;
    if (penalize) smooth.push(penalize.penalty(output).div(size));
  }
  return { smooth, kinked };
}

/** Moves every parameter that is trained, and keeps what the optimizer remembers. */
function traceUpdates(
  recipe: Recipe,
  movable: readonly NetworkParameter[],
  variables: readonly Tensor[],
  { objective, total, step }: { objective: Tensor; total: Tensor; step: Tensor },
  updates: Map<Tensor, Tensor>,
  labels: Labels,
): void {
  const { optimizer, dtype } = recipe;
  const rates = traceRates(recipe, step);
  const count = step.add(1).cast(dtype);
  const moments = optimizerState(recipe).map((key) => [key, optimizerTensors(recipe, key)] as const);
  const memory = memoryTensors(recipe);
  const prepared = prepareGradients(optimizer, grad(objective, variables, labels), {
    parameters: variables,
    infos: movable.map(({ name, role }) => ({ name, role })),
    states: movable.map(({ name }) =>
      Object.fromEntries(moments.map(([key, tensors]) => [key, tensors.get(name) as Tensor])),
    ),
    memory: Object.fromEntries(memory),
    loss: total,
    step: count,
  });
  requireGradients(recipe, movable, prepared.gradients);
  for (const [key, tensor] of memory)
    updates.set(tensor, requireKept(recipe, `"${key}"`, prepared.memory[key], tensor.shape));
  movable.forEach((info, i) => {
    const { name, role, shape, rateMultiplier } = info;
    const parameter = variables[i] as Tensor;
    const gradient = prepared.gradients[i] as Tensor;
    const before = prepared.states[i] as Readonly<Record<string, Tensor>>;
    const next = optimizer.update({ name, role, gradient, parameter, state: before, step: count });
    if (!sameShape(next.direction.shape, shape)) {
      throw new NeuriteError(
        'shape',
        `optimizer "${optimizer.type}" must give a direction of ${printShape(shape)} for "${name}", but gave ${printShape(next.direction.shape)}`,
      );
    }
    const ownRate = rates(info);
    const rate = rateMultiplier === 1 ? ownRate : ownRate.mul(rateMultiplier);
    let moved = parameter.sub(next.direction.mul(rate));
    moved = regularizerOf(recipe, info)?.proximal?.(moved, rate) ?? moved;
    const kept = info.constraint ?? (role === 'weight' ? recipe.constraint : undefined);
    if (kept) moved = kept.project(moved);
    requireShapeOf(moved, shape, `what becomes of "${name}"`);
    const moves = optimizer.moves?.(count, { name, role });
    if (moves) moved = moves.select(moved, parameter);
    label(labels, moved, optimizer.type);
    updates.set(parameter, moved);
    const state = optimizer.afterMove?.(moved, next.state, count, { name, role }) ?? next.state;
    for (const [key, tensors] of moments)
      updates.set(
        tensors.get(name) as Tensor,
        requireKept(recipe, `"${key}" of "${name}"`, state[key], shape),
      );
  });
}

/** The gradients that the updates get — checked, since a plugin computes them. */
function requireGradients(
  { optimizer }: Recipe,
  movable: readonly NetworkParameter[],
  gradients: readonly Tensor[],
): void {
  if (gradients.length !== movable.length) {
    throw new NeuriteError(
      'shape',
      `optimizer "${optimizer.type}" must prepare ${movable.length} gradients, but gave ${gradients.length}`,
    );
  }
  movable.forEach(({ name, shape }, i) => {
    const own = (gradients[i] as Tensor).shape;
    if (sameShape(own, shape)) return;
    throw new NeuriteError(
      'shape',
      `optimizer "${optimizer.type}" must prepare a gradient of ${printShape(shape)} for "${name}", but gave ${printShape(own)}`,
    );
  });
}

/** What the optimizer remembers from now on — checked, since a plugin computes it. */
function requireKept({ optimizer }: Recipe, what: string, next: Tensor | undefined, shape: Shape): Tensor {
  if (next && sameShape(next.shape, shape)) return next;
  throw new NeuriteError(
    'shape',
    `optimizer "${optimizer.type}" must keep ${what} as ${printShape(shape)}, but gave ${next ? printShape(next.shape) : 'nothing'}`,
  );
}

function requireShapeOf(tensor: Tensor, shape: Shape, who: string): void {
  if (sameShape(tensor.shape, shape)) return;
  throw new NeuriteError(
    'shape',
    `${who} must be ${printShape(shape)}, but is ${printShape(tensor.shape)}: its regularizer or constraint gave another shape`,
  );
}

/**
 * The learning rate of each parameter. Rates are inputs: a number for each rate that there is, or where there is a
 * schedule one for each step of a run.
 */
function traceRates(recipe: Recipe, step: Tensor): (parameter: NetworkParameter) => Tensor {
  const { dtype } = recipe;
  const byName = ratesByName(recipe);
  const all = ratesOf(recipe, byName);
  const shape = all.length === 1 ? [] : [all.length];
  let now: Tensor;
  if (all.every((rate) => typeof rate === 'number')) {
    now = input('learningRate', shape, dtype, 'input');
  } else {
    const firstStep = input('firstStep', [], 'int32', 'input');
    now = input('learningRates', [scheduledSteps, ...shape], dtype, 'input')
      .gather(step.sub(firstStep).reshape([1]))
      .reshape(shape);
  }
  return ({ name }) => {
    if (all.length === 1) return now;
    const index = all.indexOf(byName.get(name) as number | Schedule);
    return now.slice([index], [index + 1]).reshape([]);
  };
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
  const predictions = traceNetwork(recipe, batch.inputs);
  const updates = new Map<Tensor, Tensor>();
  traceTotals(recipe, set, batch, predictions, meanLoss(recipe, predictions, batch), updates);
  return { updates, buffers: stateBuffers(recipe) };
}

/** The network's outputs for `size` rows from the host. */
export const tracePrediction = (recipe: Recipe, size: number, inputs: readonly DType[]): Computation =>
  traceOutputs(recipe, evaluatedTensors(recipe), stateBuffers(recipe), size, inputs);

/** The network as it is in evaluation. */
const traceNetwork = (
  recipe: Recipe,
  inputs: readonly Tensor[],
  onLayer?: (work: LayerWork) => void,
): readonly Tensor[] => traceForward(recipe, evaluatedTensors(recipe), inputs, onLayer);

/** What each layer makes of `size` rows from the host, in evaluation. */
export const traceLayers = (
  recipe: Recipe,
  size: number,
  inputs: readonly DType[],
  onLayer: (work: LayerWork) => void,
): void => {
  traceNetwork(recipe, hostInputs(recipe, size, inputs), onLayer);
};
