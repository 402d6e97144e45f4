// Networks and trainings computed by the oracle in float64, small and slow: what programs must come to.
import {
  type Computation,
  type Data,
  evaluate,
  type Network,
  NeuriteError,
  type NumbersByName,
  type Numbers as NumbersOrRows,
  placeholder,
  sizeOf,
  type Tensor,
} from '../../src/index.ts';
import { prepareData, prepareInputs } from '../../src/train/data.ts';
import { firstMemory, optimizerState, portNames, type Recipe, ratesOf } from '../../src/train/recipe.ts';
import { scheduledSteps, traceEvaluation, tracePrediction, traceStep } from '../../src/train/trace.ts';
import { meanSquaredError, sgd } from './plugins.ts';
import { sampleNumbers } from './testing.ts';

/** Row-major numbers by name. */
export type Values = Record<string, readonly number[]>;

/** What `run` throws, which must be one of the project's own errors. */
export function thrown(run: () => unknown): { code: string; message: string } {
  try {
    run();
  } catch (error) {
    if (error instanceof NeuriteError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Numbers for everything that a network has: parameters look random, state is as before the first step. */
export const valuesOf = ({ parameters, state }: Network, seed = 0): Values =>
  Object.fromEntries([
    ...parameters.map(({ name, shape }, i) => [name, sampleNumbers(sizeOf(shape), { seed: seed + i })]),
    ...state.map(({ name, shape, initial }) => [name, new Array<number>(sizeOf(shape)).fill(initial)]),
  ]);

const random = (purpose: string) => ({ seed: 0, purpose });

/** The network's outputs by name on `rows` examples, as in evaluation. */
export function outputsOf(network: Network, values: Values, inputs: Values, rows: number): Values {
  const tensors = new Map(
    [...network.parameters, ...network.state].map(({ name, shape }) => [
      name,
      placeholder(name, shape, { dtype: 'float64' }),
    ]),
  );
  const given = network.inputs.map(({ name, shape }) =>
    placeholder(`at ${name}`, [rows, ...shape], { dtype: 'float64' }),
  );
  const made = network.apply(tensors, given, { training: false, random });
  const renamed = Object.fromEntries(Object.entries(inputs).map(([name, x]) => [`at ${name}`, x]));
  const results = evaluate(made, { ...values, ...renamed });
  return Object.fromEntries(network.outputs.map(({ name }, i) => [name, [...(results[i] ?? [])]]));
}

/** Numbers for the inputs of a network. */
export const inputsFor = ({ inputs }: Network, rows: number, seed = 50): Values =>
  Object.fromEntries(
    inputs.map(({ name, shape }, i) => [name, sampleNumbers(rows * sizeOf(shape), { seed: seed + i })]),
  );

const nameOf = ({ op }: Tensor): string => (op.kind === 'input' ? op.name : '');

/** All state after a step, and the outputs, by name. */
function compute({ updates = new Map(), outputs = {} }: Computation, values: Values): Values {
  const results = evaluate([...updates.values(), ...Object.values(outputs)], values);
  const names = [...[...updates.keys()].map(nameOf), ...Object.keys(outputs)];
  return { ...values, ...Object.fromEntries(names.map((name, i) => [name, [...(results[i] ?? [])]])) };
}

/** A training by the oracle: mean squared error and SGD at a rate of 0.1, unless `change` says otherwise. */
export function oracleTraining(network: Network, change: Partial<Recipe> = {}) {
  const recipe: Recipe = {
    network,
    losses: network.outputs.map(() => ({ loss: meanSquaredError(), weight: 1 })),
    optimizer: sgd(),
    regularizer: undefined,
    constraint: undefined,
    metrics: [],
    seed: 0,
    dtype: 'float64',
    ...change,
  };
  const { optimizer } = recipe;
  let values = valuesOf(network);
  for (const { name, shape } of network.parameters) {
    const first = optimizer.state(placeholder(name, shape, { dtype: 'float64' }));
    for (const key of optimizerState(recipe))
      values[`${name}.${key}`] = [...(evaluate([first[key] as Tensor], values)[0] ?? [])];
  }
  for (const [key, tensor] of Object.entries(firstMemory(recipe)))
    values[`memory.${key}`] = [...(evaluate([tensor], values)[0] ?? [])];
  values.step = [0];

  const rates = (): Values => {
    const now = values.step?.[0] as number;
    const all = ratesOf(recipe).map((rate) => (typeof rate === 'number' ? rate : rate.rate(now)));
    const rows = Array.from({ length: scheduledSteps }, () => all);
    return { learningRate: all, firstStep: [now], learningRates: rows.flat() };
  };
  const write = (set: string, data: Data): Values => {
    const { inputs, targets, weights } = prepareData(data, network, recipe.losses, 'float64');
    const named = (what: string, ports: Network['inputs'], all: readonly ArrayLike<number>[]) =>
      portNames(what, ports).map((name, i) => [`${set}.${name}`, [...Array.from(all[i] ?? [])]] as const);
    return Object.fromEntries([
      ...named('inputs', network.inputs, inputs),
      ...named('targets', network.outputs, targets),
      ...(weights ? [[`${set}.weights`, [...weights]] as const] : []),
    ]);
  };
  return {
    recipe,
    /** Parameters, what layers and the optimizer keep, by name. */
    get values(): Values {
      return values;
    },
    /** Overwrites some of them. */
    write(some: Values): void {
      values = { ...values, ...some };
    },
    /** A step on a batch; gives the loss before it. */
    step(data: Data): number {
      const { rows, form } = prepareData(data, network, recipe.losses, 'float64');
      const after = compute(traceStep(recipe, { kind: 'host' }, rows, form), {
        ...values,
        ...rates(),
        ...write('batch', data),
      });
      const kept = Object.keys(values);
      values = Object.fromEntries(kept.map((name) => [name, after[name] as readonly number[]]));
      return after.loss?.[0] as number;
    },
    /** The totals of an evaluation in batches of these sizes, which may be different. */
    evaluate(data: Data, sizes: readonly number[]): Values {
      const { rows, form } = prepareData(data, network, recipe.losses, 'float64');
      let now: Values = { ...values, ...write('evaluation', data), 'evaluation.row': [0] };
      for (const size of sizes) {
        const computation = traceEvaluation(recipe, 'evaluation', rows, size, form);
        for (const state of computation.updates?.keys() ?? [])
          now[nameOf(state)] ??= new Array<number>(state.size).fill(0);
        now = compute(computation, now);
      }
      return now;
    },
    /** The outputs by name. */
    predict(inputs: NumbersOrRows | NumbersByName): Values {
      const { rows, inputs: given } = prepareInputs(inputs, network.inputs, 'float64');
      const names = portNames('inputs', network.inputs).map((name) => `batch.${name}`);
      const batch = Object.fromEntries(names.map((name, i) => [name, [...Array.from(given[i] ?? [])]]));
      const made = compute(
        tracePrediction(
          recipe,
          rows,
          given.map(() => 'float64'),
        ),
        { ...values, ...batch },
      );
      const outputs = portNames('prediction', network.outputs);
      return Object.fromEntries(
        network.outputs.map(({ name }, i) => [name, made[outputs[i] as string] as readonly number[]]),
      );
    },
  };
}
