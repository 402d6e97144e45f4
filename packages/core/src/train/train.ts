// From a network and the plugins around it to a trainer.
import { NeuriteError } from '../errors.ts';
import type { Network } from '../network/network.ts';
import type { Backend } from '../plugin/backend.ts';
import type { Loss } from '../plugin/loss.ts';
import type { Metric } from '../plugin/metric.ts';
import type { Optimizer } from '../plugin/optimizer.ts';
import { printValue, withArticle } from '../plugin/options.ts';
import type { Regularizer } from '../plugin/regularizer.ts';
import { type NumberArray, newArray } from '../scalar/dtype.ts';
import { evaluate } from '../tensor/evaluate.ts';
import { printShape, sameShape } from '../tensor/shape.ts';
import { simplify } from '../tensor/simplify.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { compile } from './compiled.ts';
import { optimizerState, parameterCount, type Recipe, stateBuffers } from './trace.ts';
import { Trainer } from './trainer.ts';

export interface TrainOptions {
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly backend: Backend;
  /** A penalty on every weight whose layer has none of its own; biases are left alone. */
  readonly regularizer?: Regularizer | undefined;
  readonly metrics?: readonly Metric[] | undefined;
  /** The same seed gives the same initial weights, order of examples and dropout masks, on every backend. 0. */
  readonly seed?: number | undefined;
  /** `float64` is for gradient checks and references. `float32`. */
  readonly dtype?: 'float32' | 'float64' | undefined;
}

/**
 * A trainer for `network`, with fresh parameters.
 *
 * @throws NeuriteError `option` where something is missing or of the wrong kind; `unsupported` where the backend cannot
 * compute in `dtype`.
 *
 * @example
 * const trainer = await train(network, { loss: softmaxCrossEntropy(), optimizer: adam(), backend: cpu() });
 * await trainer.fit({ inputs, targets }, { epochs: 5, batchSize: 64 });
 */
export async function train(network: Network, options: TrainOptions): Promise<Trainer> {
  const { loss, optimizer, backend, regularizer, metrics = [], seed = 0, dtype = 'float32' } = options;
  requireKind('loss', loss);
  requireKind('optimizer', optimizer);
  requireKind('backend', backend);
  if (regularizer !== undefined) requireKind('regularizer', regularizer);
  for (const metric of metrics) requireKind('metric', metric);
  metrics.forEach(({ type }, i) => {
    if (metrics.findIndex((other) => other.type === type) === i) return;
    throw new NeuriteError('option', `train: two metrics are called "${type}": their totals would be one`);
  });
  if (dtype !== 'float32' && dtype !== 'float64') {
    throw new NeuriteError(
      'option',
      `train: dtype must be "float32" or "float64", but got ${printValue(dtype)}`,
    );
  }
  if (!backend.capabilities.dtypes.includes(dtype)) {
    throw new NeuriteError(
      'unsupported',
      `backend "${backend.type}" computes in ${backend.capabilities.dtypes.join(', ')}, not in ${dtype}`,
    );
  }
  if (!Number.isSafeInteger(seed))
    throw new NeuriteError('option', `train: seed must be a whole number, but got ${printValue(seed)}`);
  const recipe: Recipe = { network, loss, optimizer, regularizer, metrics, seed, dtype };
  const state = initialState(recipe);
  const memory = await compile({ buffers: stateBuffers(recipe) }, backend);
  for (const [buffer, values] of Object.entries(state)) memory.write(buffer, values);
  return new Trainer(recipe, backend, memory);
}

function requireKind(kind: string, value: unknown): void {
  if (typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === kind) return;
  throw new NeuriteError(
    'option',
    `train: ${kind} must be ${withArticle(kind)}, but got ${printValue(value)}`,
  );
}

/** What the state buffers hold before the first step: parameters as their layers want them, the optimizer's memory. */
function initialState(recipe: Recipe): Record<string, NumberArray> {
  const { network, optimizer, seed, dtype } = recipe;
  const join = (tensors: readonly Tensor[]): NumberArray => {
    const all = newArray(dtype, parameterCount(recipe));
    let offset = 0;
    for (const values of evaluate(simplify(tensors))) {
      all.set(values, offset);
      offset += values.length;
    }
    return all;
  };
  const parameters = network.parameters.map(({ name, shape, fanIn, fanOut, initializer }) => {
    const first = initializer.apply({ shape, dtype, fanIn, fanOut, random: { seed, purpose: name } });
    if (sameShape(first.shape, shape)) return first;
    throw new NeuriteError(
      'shape',
      `initializer "${initializer.type}" must give ${printShape(shape)} for "${name}", but gave ${printShape(first.shape)}`,
    );
  });
  return {
    parameters: join(parameters),
    ...Object.fromEntries(
      optimizerState(recipe).map((key) => [
        `optimizer.${key}`,
        join(parameters.map((parameter) => optimizer.state(parameter)[key] as Tensor)),
      ]),
    ),
  };
}
