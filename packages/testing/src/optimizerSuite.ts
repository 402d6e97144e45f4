// The judge of optimizers: what every optimizer must do, as cases for any test runner.
import {
  type Backend,
  type NumberArray,
  type Optimizer,
  optionOf,
  placeholder,
  type Schedule,
  schedule,
  type Tensor,
} from '@neurite/core';
import { AssertionError } from './assertionError.ts';
import type { ByOptions, DefinitionOf, OptionsOf, PluginSuiteOptions } from './plugins/definition.ts';
import { type Form, formsOf, forPlugin } from './plugins/forms.ts';
import { stepGraph, type WalkedParameter, type WalkedStep, walkOptimizer } from './plugins/optimizerWalk.ts';
import { optionCases } from './plugins/optionCases.ts';
import { requireFinite } from './plugins/requireFinite.ts';
import { trainOnGradients } from './plugins/trainOnGradients.ts';
import { requireClose } from './runComputation.ts';
import { sampleNumbers } from './sampleNumbers.ts';
import type { SuiteCase } from './suite/case.ts';

type AnyOptimizer = DefinitionOf<'optimizer'>;

/** Where a parameter [n] must be after each step, given its gradients. */
export interface Trajectory<D extends AnyOptimizer = AnyOptimizer> {
  readonly options?: Partial<OptionsOf<D>>;
  readonly start: readonly number[];
  readonly gradients: readonly (readonly number[])[];
  readonly path: readonly (readonly number[])[];
  /** In float64, times 1 + |w|. 1e-12. */
  readonly tolerance?: number;
}

/** What the suite cannot know of an optimizer by itself; all of it may be left out. */
export interface OptimizerSuiteOptions<D extends AnyOptimizer = AnyOptimizer> extends PluginSuiteOptions<D> {
  /** Up to which |gradient| its direction and what it remembers must be finite in float32. 1e30. */
  readonly reach?: ByOptions<D, number>;
  /** Steps known from elsewhere. */
  readonly trajectories?: readonly Trajectory<D>[];
  /** A backend on which a training must move as on the oracle. */
  readonly backend?: () => Backend;
  /** How far the backend's results may be off in float32, times 1 + |w|. 1e-5. */
  readonly tolerance?: number;
}

const dtypes = ['float32', 'float64'] as const;

/** A matrix and a vector: some optimizers tell them apart. Far enough from 0, which is where the bowl's bottom is. */
const walked: readonly WalkedParameter[] = [
  { name: 'weight', role: 'weight', shape: [2, 3], start: [1, 1.5, -2, -1, 1.25, 2] },
  { name: 'bias', role: 'bias', shape: [3], start: [-1.5, 1, 2] },
];

/** Gradients of many sizes and both signs, new at each step, the same each time. */
const drawn = (_: unknown, step: number): number[][] =>
  walked.map(({ start }, p) => sampleNumbers(start.length, { seed: 10 * step + p, low: -2, high: 2 }));

/** The rate is halved at every step. */
const halving = schedule('halving', {}, () => (step) => 0.01 * 0.5 ** step);

/**
 * Cases that throw unless an optimizer remembers tensors of the parameter's shape and dtype, goes downhill on a bowl,
 * stays finite whatever the gradients, takes a schedule, and comes back from data; for each alternative of each option
 * too.
 *
 * @example
 * const cases = optimizerSuite(momentum, { alternatives: { momentum: [0.5], dampening: [0.5] } });
 * for (const { name, run } of cases) it(name, run);
 */
export function optimizerSuite<D extends AnyOptimizer>(
  definition: D,
  options: OptimizerSuiteOptions<D> = {},
): SuiteCase[] {
  const settings = withOtherRate(definition, options as OptimizerSuiteOptions);
  const forms = formsOf<'optimizer'>(definition, settings);
  return [
    ...forms.flatMap((form) => formCases(form, settings)),
    ...scheduleCases(definition, settings),
    ...trajectoryCases(definition, settings),
    ...optionCases<'optimizer'>(definition, forms, settings, (optimizer) => {
      const { evaluates } = optimizer;
      return walkOptimizer(optimizer, walked, 12, drawn).flatMap(({ parameters, remembered }) => [
        ...parameters,
        ...(evaluates === undefined
          ? []
          : walked.map(({ name }) => remembered[`${name}.${evaluates}`] as NumberArray)),
      ]);
    }),
  ];
}

/** The learning rate is core's option as a rule: the suite knows another one by itself. */
function withOtherRate(definition: AnyOptimizer, options: OptimizerSuiteOptions): OptimizerSuiteOptions {
  const entry = definition.schema.learningRate;
  const rate = entry === undefined ? undefined : optionOf(entry);
  if (rate?.kind !== 'rate') return options;
  return {
    ...options,
    alternatives: { learningRate: [(rate.default as number) / 2], ...options.alternatives },
  };
}

function formCases(form: Form<'optimizer'>, settings: OptimizerSuiteOptions): SuiteCase[] {
  const { reach = 1e30, backend, tolerance = 1e-5 } = settings;
  const test = (name: string, run: (optimizer: Optimizer) => Promise<void> | void): SuiteCase => ({
    name: `${form.name} ${name}`,
    run: async () => run(form.make()),
  });
  const cases = [
    test('remembers tensors of the parameter’s shape and dtype, under the same names', requireShapes),
    test('goes downhill on a bowl', (optimizer) => {
      const steps = walkOptimizer(optimizer, walked, 12, slopes, 'float64', height);
      const heights = [walked.map(({ start }) => start), ...steps.map(({ parameters }) => parameters)].map(
        height,
      );
      const [first, last] = [heights[0], heights.at(-1)] as [number, number];
      if (!(last < first && heights.every((each) => each <= first))) {
        throw new AssertionError(`the heights after each step are ${heights.join(', ')}`, {
          actual: heights,
        });
      }
    }),
    test('stays finite where gradients are 0', (optimizer) => {
      for (const dtype of dtypes) {
        const none = walked.map(({ start }) => start.map(() => 0));
        requireFiniteSteps(
          walkOptimizer(optimizer, walked, 6, () => none, dtype),
          `gradients of 0 in ${dtype}`,
        );
      }
    }),
    test(`stays finite for gradients from ±1e-30 to ±${forPlugin(reach, form.make())}`, (optimizer) => {
      for (const sizes of [[1e-30], [forPlugin(reach, optimizer)], [1e-30, 1, forPlugin(reach, optimizer)]]) {
        const steep = (_: unknown, step: number): number[][] =>
          walked.map(({ start }) => start.map((w) => Math.sign(w) * (sizes[step % sizes.length] as number)));
        requireFiniteSteps(
          walkOptimizer(optimizer, walked, 6, steep, 'float32'),
          `gradients of ±${sizes.join(', ±')} in float32`,
        );
      }
    }),
  ];
  if (backend) {
    cases.push(
      test('moves the parameters of a training as on the oracle', (optimizer) =>
        requireSameTraining(optimizer, backend(), tolerance)),
    );
  }
  return cases;
}

function scheduleCases(
  definition: AnyOptimizer,
  { given, backend, tolerance = 1e-5 }: OptimizerSuiteOptions,
) {
  const entry = definition.schema.learningRate;
  if (entry === undefined || optionOf(entry).kind !== 'rate') return [];
  return [
    {
      name: `${definition.type}() takes a schedule`,
      run: async () => {
        const learningRate: Schedule = halving();
        const optimizer = definition({ ...given, learningRate } as never);
        if (optimizer.learningRate !== learningRate) {
          throw new AssertionError('its learningRate is not the schedule that it was given', {
            actual: optimizer.learningRate,
          });
        }
        requireFiniteSteps(walkOptimizer(optimizer, walked, 6, drawn), 'a rate that is halved');
        if (backend) await requireSameTraining(optimizer, backend(), tolerance);
      },
    },
  ];
}

function trajectoryCases(
  definition: AnyOptimizer,
  { given, trajectories = [] }: OptimizerSuiteOptions,
): SuiteCase[] {
  return trajectories.map(({ options, start, gradients, path, tolerance = 1e-12 }, i) => ({
    name: `${definition.type}() follows trajectory ${i + 1}`,
    run: async () => {
      const optimizer = definition({ ...given, ...options } as never);
      const parameter = { name: 'w', role: 'weight', shape: [start.length], start } as const;
      const steps = walkOptimizer(optimizer, [parameter], path.length, (_, step) => [
        gradients[step - 1] as readonly number[],
      ]);
      for (const [step, { parameters }] of steps.entries()) {
        const expected = Float64Array.from(path[step] as readonly number[]);
        const [actual] = parameters as readonly [Float64Array];
        requireClose(actual, expected, tolerance, `the parameter after step ${step + 1}`);
      }
    },
  }));
}

function requireShapes(optimizer: Optimizer): void {
  const names = (shape: readonly number[]): string =>
    Object.keys(optimizer.state(placeholder('w', shape)))
      .sort()
      .join();
  const parameters = [...walked, { name: 'scalar', role: 'bias', shape: [], start: [1] } as const];
  for (const dtype of dtypes) {
    const { first, next, directions } = stepGraph(optimizer, parameters, dtype);
    for (const { name, shape } of parameters) {
      if (names(shape) !== names([])) {
        const [actual, expected] = [names(shape), names([])];
        throw new AssertionError(`names depend on the shape: ${expected} or ${actual}`, { actual, expected });
      }
      const own = Object.entries({ ...first, ...next }).filter(([key]) => key.startsWith(`${name}.`));
      for (const [key, tensor] of [...own, [name, next[name] as Tensor] as const])
        requireType(key, tensor, shape, dtype);
    }
    for (const [i, direction] of directions.entries()) {
      requireType('the direction', direction, (parameters[i] as WalkedParameter).shape, dtype);
    }
    const [before, after] = [Object.keys(first).sort().join(), Object.keys(next).sort().join()];
    const expected = [...before.split(',').filter(Boolean), ...parameters.map(({ name }) => name)]
      .sort()
      .join();
    if (after !== expected) {
      throw new AssertionError(`after a step there are ${after}, before it ${expected}`, {
        actual: after,
        expected,
      });
    }
    for (const [key, tensor] of Object.entries(first)) {
      if (key.startsWith('memory.')) requireType(key, next[key] as Tensor, tensor.shape, dtype);
      requireType(key, tensor, tensor.shape, dtype);
    }
  }
}

function requireType(what: string, tensor: Tensor, shape: readonly number[], dtype: string): void {
  const [actual, expected] = [`${tensor.dtype} [${tensor.shape}]`, `${dtype} [${shape}]`];
  if (actual !== expected) {
    throw new AssertionError(`${what} must be ${expected}, but is ${actual}`, { actual, expected });
  }
}

function requireFiniteSteps(steps: readonly WalkedStep[], given: string): void {
  for (const [i, { parameters, directions, remembered }] of steps.entries()) {
    const at = (): string => `after step ${i + 1} for ${given}`;
    for (const values of parameters) requireFinite(values, 'a parameter', at);
    for (const values of directions) requireFinite(values, 'a direction', at);
    for (const [name, values] of Object.entries(remembered)) requireFinite(values, `"${name}"`, at);
  }
}

/** The bowl: ½ Σ a w², a from 0.5 to 2. Its bottom is at 0, where decay leads too. */
const steepness = (i: number): number => 0.5 * (1 + (i % 4));
const slopes = (at: readonly ArrayLike<number>[]): number[][] =>
  at.map((values) => Array.from(values, (w, i) => steepness(i) * w));
const height = (at: readonly ArrayLike<number>[]): number =>
  at.reduce(
    (sum, values) =>
      sum + Array.from(values, (w, i) => (steepness(i) * w * w) / 2).reduce((a, b) => a + b, 0),
    0,
  );

/** Throws unless a training on `backend` leads through the same parameters as the walk on the oracle. */
async function requireSameTraining(optimizer: Optimizer, backend: Backend, tolerance: number): Promise<void> {
  for (const dtype of dtypes) {
    if (!backend.capabilities.dtypes.includes(dtype)) continue;
    const steps = walkOptimizer(optimizer, walked, 5, drawn, dtype);
    const trained = await trainOnGradients(optimizer, walked, 5, drawn, backend, dtype);
    for (const [step, { parameters }] of steps.entries()) {
      for (const [p, values] of parameters.entries()) {
        const actual = trained[step]?.[p] as typeof values;
        const what = `${walked[p]?.name} after step ${step + 1} in ${dtype}`;
        requireClose(actual, values, dtype === 'float64' ? 1e-12 : tolerance, what);
      }
    }
  }
}
