// From a network and the plugins around it to a trainer.
import { NeuriteError } from '../errors.ts';
import type { Network, Port } from '../network/network.ts';
import type { Backend } from '../plugin/backend.ts';
import type { Constraint } from '../plugin/constraint.ts';
import { isPluginValue, requireThisCopy } from '../plugin/definition.ts';
import type { Loss } from '../plugin/loss.ts';
import type { Metric } from '../plugin/metric.ts';
import type { Optimizer } from '../plugin/optimizer.ts';
import { printValue, withArticle } from '../plugin/options.ts';
import type { Regularizer } from '../plugin/regularizer.ts';
import { type NumberArray, newArray } from '../scalar/dtype.ts';
import { printShape, sameShape, sizeOf } from '../scalar/shape.ts';
import { evaluate } from '../tensor/evaluate.ts';
import { simplify } from '../tensor/simplify.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { BackendChoice } from './fastest.ts';
import { type OutputLoss, type OutputMetric, optimizerState, parameterCount, type Recipe } from './recipe.ts';
import { Trainer } from './trainer.ts';
import { networkWarnings } from './warnings.ts';

/** The loss of one of several outputs, and by what it is multiplied in the sum. 1. */
export interface WeightedLoss {
  readonly loss: Loss;
  readonly weight?: number | undefined;
}

/** What `train` takes beside the network. */
export interface TrainOptions {
  /** A loss; one for each output by name, where the network has several: their weighted sum is what is made small. */
  readonly loss: Loss | Readonly<Record<string, Loss | WeightedLoss>>;
  readonly optimizer: Optimizer;
  /** Where it computes; `fastest([...])` finds out which of several is the quickest. */
  readonly backend: Backend | BackendChoice;
  /** A penalty on every weight whose layer has none of its own; biases are left alone. */
  readonly regularizer?: Regularizer | undefined;
  /** Where every weight whose layer has none of its own is kept after each step; biases are left alone. */
  readonly constraint?: Constraint | undefined;
  /** By output, where the network has several; their scores are then called "digit.accuracy". */
  readonly metrics?: readonly Metric[] | Readonly<Record<string, readonly Metric[]>> | undefined;
  /** The same seed gives the same initial weights, order of examples and dropout masks, on every backend. 0. */
  readonly seed?: number | undefined;
  /** `float64` is for gradient checks and references. `float32`. */
  readonly dtype?: 'float32' | 'float64' | undefined;
  /**
   * Gets what looks like a mistake and is none for certain, each once: unscaled data, a softmax in front of a loss that
   * takes logits, labels that leave outputs without examples. console.warn.
   */
  readonly onWarning?: ((message: string) => void) | undefined;
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
  const { optimizer, backend, regularizer, constraint, seed = 0, dtype = 'float32' } = options;
  const losses = lossesOf(network, options.loss);
  requireKind('optimizer', optimizer);
  if (backend?.kind !== 'choice') requireKind('backend', backend);
  if (regularizer !== undefined) requireKind('regularizer', regularizer);
  if (constraint !== undefined) requireKind('constraint', constraint);
  const metrics = metricsOf(network, options.metrics ?? []);
  if (dtype !== 'float32' && dtype !== 'float64') {
    throw new NeuriteError(
      'option',
      `train: dtype must be "float32" or "float64", but got ${printValue(dtype)}`,
    );
  }
  if (!Number.isSafeInteger(seed))
    throw new NeuriteError('option', `train: seed must be a whole number, but got ${printValue(seed)}`);
  const recipe: Recipe = { network, losses, optimizer, regularizer, constraint, metrics, seed, dtype };
  const trainer = await Trainer.create(recipe, backend, initialState(recipe), options.onWarning ?? warn);
  for (const message of networkWarnings(recipe)) trainer.warn(message);
  return trainer;
}

/** `console` is in Node and browsers alike, though not in the language. */
const warn = (message: string): void =>
  (globalThis as unknown as { console: { warn(text: string): void } }).console.warn(`neurite: ${message}`);

/** What was given for each output, in their order; the only one where there is one output. */
function byOutput<Value>(outputs: readonly Port[], given: object, what: string): (Value | undefined)[] {
  const names = outputs.map(({ name }) => name);
  const strange = Object.keys(given).find((name) => !names.includes(name));
  if (strange !== undefined) {
    const listed = names.map((name) => `"${name}"`).join(', ');
    throw new NeuriteError('option', `train: ${what} "${strange}" is for no output: there are ${listed}`);
  }
  return names.map((name) =>
    Object.hasOwn(given, name) ? (given as Readonly<Record<string, Value>>)[name] : undefined,
  );
}

function lossesOf({ outputs }: Network, given: TrainOptions['loss']): OutputLoss[] {
  const isNamed = typeof given === 'object' && given !== null && !isPluginValue(given);
  if (!isNamed || outputs.length === 1) {
    if (!isNamed) requireKind('loss', given);
    if (outputs.length > 1) {
      const names = outputs.map(({ name }) => name).join(', ');
      throw new NeuriteError('option', `train: loss must be by output, { ${names} }: there are several`);
    }
  }
  const all = isNamed ? byOutput<Loss | WeightedLoss>(outputs, given, 'loss') : [given as Loss];
  return all.map((entry, i) => {
    const isWeighted =
      typeof entry === 'object' && entry !== null && !isPluginValue(entry) && Object.hasOwn(entry, 'loss');
    const { loss, weight = 1 } = isWeighted ? (entry as WeightedLoss) : { loss: entry };
    const name = (outputs[i] as Port).name;
    requireKind('loss', loss, isNamed ? ` of "${name}"` : '');
    if (typeof weight === 'number' && Number.isFinite(weight) && weight >= 0)
      return { loss: loss as Loss, weight };
    throw new NeuriteError(
      'option',
      `train: the weight of the loss of "${name}" must be a number from 0, but got ${printValue(weight)}`,
    );
  });
}

function metricsOf({ outputs }: Network, given: NonNullable<TrainOptions['metrics']>): OutputMetric[] {
  if (typeof given !== 'object' || (Array.isArray(given) && given.length > 0 && outputs.length > 1)) {
    const names = outputs.map(({ name }) => name).join(', ');
    const wanted = outputs.length > 1 ? `by output, { ${names} }` : 'a list';
    throw new NeuriteError('option', `train: metrics must be ${wanted}, but got ${printValue(given)}`);
  }
  const lists = Array.isArray(given)
    ? [given as readonly Metric[]]
    : byOutput<readonly Metric[]>(outputs, given, 'metrics');
  const metrics = lists.flatMap((list = [], output) => {
    const whose = outputs.length > 1 ? ` of "${outputs[output]?.name}"` : '';
    if (!Array.isArray(list)) {
      throw new NeuriteError('option', `train: metrics${whose} must be a list, but got ${printValue(list)}`);
    }
    return list.map((metric): OutputMetric => {
      requireKind('metric', metric);
      const own = metric.name ?? metric.type;
      return { name: outputs.length === 1 ? own : `${outputs[output]?.name}.${own}`, metric, output };
    });
  });
  metrics.forEach(({ name }, i) => {
    if (name !== 'loss' && metrics.findIndex((other) => other.name === name) === i) return;
    const what =
      name === 'loss' ? 'a metric is called "loss", as the loss is' : `two metrics are called "${name}"`;
    throw new NeuriteError('option', `train: ${what}: give one of them another \`name\``);
  });
  return metrics;
}

function requireKind(kind: string, value: unknown, whose = ''): void {
  if (isPluginValue(value) && value.kind === kind) {
    if (kind !== 'backend') requireThisCopy(value); // programs are plain data: a backend may come from anywhere
    return;
  }
  throw new NeuriteError(
    'option',
    `train: ${kind}${whose} must be ${withArticle(kind)}, but got ${printValue(value)}`,
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
  const kept = newArray(
    dtype,
    network.state.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
  );
  let offset = 0;
  for (const { shape, initial } of network.state) {
    kept.fill(initial, offset, offset + sizeOf(shape));
    offset += sizeOf(shape);
  }
  return {
    parameters: join(parameters),
    ...(kept.length > 0 && { layers: kept }),
    ...Object.fromEntries(
      optimizerState(recipe).map((key) => [
        `optimizer.${key}`,
        join(parameters.map((parameter) => optimizer.state(parameter)[key] as Tensor)),
      ]),
    ),
    ...initialMemory(recipe, parameters),
  };
}

/** What the optimizer remembers of the training as a whole, given the parameters as they begin. */
function initialMemory(recipe: Recipe, parameters: readonly Tensor[]): Record<string, NumberArray> {
  const { network, optimizer } = recipe;
  const movable = parameters.filter((_, i) => network.parameters[i]?.trainable);
  const memory = Object.entries(optimizer.memory?.(movable) ?? {});
  const numbers = evaluate(simplify(memory.map(([, tensor]) => tensor)));
  return Object.fromEntries(memory.map(([key], i) => [`memory.${key}`, numbers[i] as NumberArray]));
}
