// The judge of layers: what every layer must do, as cases for any test runner.
import {
  type Backend,
  constant,
  evaluate,
  grad,
  type Layer,
  NeuriteError,
  type NumberArray,
  placeholder,
  sizeOf,
  type Tensor,
} from '@neurite/core';
import { AssertionError } from './assertionError.ts';
import { checkGradient } from './checkGradient.ts';
import { computeOn } from './computeOn.ts';
import {
  applyLayer,
  type Circumstances,
  computeLayer,
  inputName,
  layerGraph,
  layerInputs,
  specsOf,
} from './plugins/appliedLayer.ts';
import type { DefinitionOf, PluginSuiteOptions } from './plugins/definition.ts';
import { type Form, formsOf } from './plugins/forms.ts';
import { optionCases } from './plugins/optionCases.ts';
import { requireClose } from './runComputation.ts';
import { sampleNumbers } from './sampleNumbers.ts';
import type { SuiteCase } from './suite/case.ts';

type AnyLayer = DefinitionOf<'layer'>;

/** What the suite cannot know of a layer by itself; all of it may be left out. */
export interface LayerSuiteOptions<D extends AnyLayer = AnyLayer> extends PluginSuiteOptions<D> {
  /** Shapes of examples that it takes, without the batch. [3]. */
  readonly inputs?: readonly (readonly number[])[];
  /** Shapes that it must refuse, with a NeuriteError. */
  readonly refusedInputs?: readonly (readonly number[])[];
  /** Whether in training what becomes of an example may depend on the others, as in batch normalization. false. */
  readonly mixesExamples?: boolean;
  /** A backend that must compute what the oracle computes. */
  readonly backend?: () => Backend;
  /** How far the backend's results may be off, times 1 + |y|. 1e-5. */
  readonly tolerance?: number;
}

const dtypes = ['float32', 'float64'] as const;
const phases = [{ training: true }, { training: false }] as const;

/** What core adds to every layer, for networks and trainings to look at. */
const ofCore = ['name', 'trainable', 'rateMultiplier', 'activityRegularizer'];

/**
 * Cases that throw unless a layer keeps the batch, uses the parameters and the state that it declares and no others, has
 * the gradients of its central differences, treats each example by itself, draws random numbers in training alone, and
 * comes back from data; for each alternative of each option too.
 *
 * @example
 * const cases = layerSuite(dense, { given: { units: 2 }, alternatives: { units: [5], … }, registered: { relu } });
 * for (const { name, run } of cases) it(name, run);
 */
export function layerSuite<D extends AnyLayer>(
  definition: D,
  options: LayerSuiteOptions<D> = {},
): SuiteCase[] {
  const settings = options as LayerSuiteOptions;
  const { inputs = [[3]] } = settings;
  const forms = formsOf<'layer'>(definition, settings, ofCore);
  return [
    ...forms.flatMap((form) => formCases(form, settings)),
    ...optionCases<'layer'>(
      definition,
      forms,
      settings,
      (layer) => inputs.flatMap((input) => numbersOf(layer, input)),
      ofCore,
    ),
  ];
}

function formCases(form: Form<'layer'>, settings: LayerSuiteOptions): SuiteCase[] {
  const { inputs = [[3]], refusedInputs = [], mixesExamples = false, backend, tolerance = 1e-5 } = settings;
  /** A case for each shape of inputs. */
  const test = (
    name: string,
    run: (layer: Layer, input: readonly number[]) => Promise<void> | void,
  ): SuiteCase[] =>
    inputs.map((input) => ({
      name: `${form.name} ${name}, for examples [${input}]`,
      run: async () => run(form.make(), input),
    }));
  return [
    ...test('keeps the batch and the dtype', requireBatch),
    ...test('uses all that it declares', requireUse),
    ...test('keeps its state in training, and leaves it alone in evaluation', requireState),
    ...test('has the gradients of its central differences, for its input and each parameter', (layer, input) => {
      for (const phase of phases) {
        for (const batch of [1, 3]) {
          const shapes = [[batch, ...input], ...specsOf(layer, input).map(({ shape }) => shape)];
          const values = layerInputs(layer, batch, input, batch);
          checkGradient(
            (x, ...parameters) => applyLayer(layer, x as Tensor, parameters, phase).output,
            shapes.map((shape, i) => ({ shape, values: values[inputName(i)] as number[] })),
            { step: 1e-6 },
          );
        }
      }
    }),
    ...test('makes the same of an example whatever is beside it, in evaluation', (layer, input) =>
      requireIndependent(layer, input, { training: false })),
    ...(mixesExamples
      ? []
      : test('makes the same of an example whatever is beside it, in training', (layer, input) =>
          requireIndependent(layer, input, { training: true }))),
    ...test(
      'draws random numbers in training alone: others for another seed and at another step',
      requireRandom,
    ),
    ...(backend
      ? test('is computed by the backend as by the oracle', async (layer, input) => {
          const { capabilities } = backend();
          const values = layerInputs(layer, 9, input, 0);
          for (const dtype of dtypes.filter((each) => capabilities.dtypes.includes(each))) {
            for (const phase of phases) {
              const { output } = layerGraph(layer, 9, input, dtype, phase);
              const [expected] = evaluate([output], values) as [NumberArray];
              const [actual] = (await computeOn(backend(), [output], values)) as [NumberArray];
              requireClose(actual, expected, tolerance, `the output in ${dtype}`);
            }
          }
        })
      : []),
    ...refusedInputs.map((input) => ({
      name: `${form.name} refuses examples [${input}]`,
      run: async () => requireRefusal(form.make(), input),
    })),
  ];
}

function requireBatch(layer: Layer, input: readonly number[]): void {
  for (const phase of phases) {
    for (const dtype of dtypes) {
      const [, ...output] = layerGraph(layer, 1, input, dtype, phase).output.shape;
      for (const batch of [1, 4]) {
        const made = layerGraph(layer, batch, input, dtype, phase).output;
        const [actual, expected] = [`${made.dtype} [${made.shape}]`, `${dtype} [${[batch, ...output]}]`];
        if (actual !== expected) {
          throw new AssertionError(`of a batch of ${batch} it must make ${expected}, but made ${actual}`, {
            actual,
            expected,
          });
        }
      }
    }
  }
}

/** Throws unless each parameter matters, in training or in evaluation; `applyLayer` complains of what is not declared. */
function requireUse(layer: Layer, input: readonly number[]): void {
  const specs = specsOf(layer, input);
  for (const { name } of specs) {
    if (name.includes('.')) throw new AssertionError(`the parameter "${name}" has a dot in its name`);
  }
  const values = layerInputs(layer, 4, input, 5);
  const used = new Set<string>();
  for (const phase of phases) {
    const { output, parameters } = layerGraph(layer, 4, input, 'float64', phase);
    const weights = placeholder('weights', output.shape, { dtype: 'float64' });
    const gradients = evaluate(grad(output.mul(weights).sum(), parameters), {
      ...values,
      weights: sampleNumbers(output.size, { low: 0.5, high: 1.5 }),
    });
    for (const [i, gradient] of gradients.entries()) {
      if (gradient.some((value) => value !== 0)) used.add(specs[i]?.name as string);
    }
  }
  const idle = specs.find(({ name }) => !used.has(name));
  if (idle) throw new AssertionError(`the parameter "${idle.name}" makes no difference`);
}

function requireState(layer: Layer, input: readonly number[]): void {
  const specs = layer.state?.(input) ?? {};
  const names = Object.keys(specs).sort().join();
  for (const dtype of dtypes) {
    for (const phase of phases) {
      const { state } = layerGraph(layer, 4, input, dtype, phase);
      const kept = Object.keys(state).sort().join();
      if (kept !== names && (phase.training || kept !== '')) {
        throw new AssertionError(
          `it declares the state ${names || '(none)'}, but gives ${kept || '(none)'}`,
          {
            actual: kept,
            expected: names,
          },
        );
      }
      for (const [name, tensor] of Object.entries(state))
        requireShape(`the state "${name}"`, tensor, specs[name], dtype);
      if (!phase.training) requireUntouched(layer, input, state);
    }
    const seen = layer.stateFromData?.(placeholder('x', [7, ...input], { dtype })) ?? {};
    for (const [name, tensor] of Object.entries(seen))
      requireShape(`"${name}" from data`, tensor, specs[name], dtype);
  }
}

function requireShape(
  what: string,
  tensor: Tensor,
  spec: { readonly shape: readonly number[] } | undefined,
  dtype: string,
): void {
  const [actual, expected] = [`${tensor.dtype} [${tensor.shape}]`, `${dtype} [${spec?.shape}]`];
  if (actual !== expected) {
    throw new AssertionError(`${what} must be ${expected}, but is ${actual}`, { actual, expected });
  }
}

/** Throws unless what evaluation gives as state is what it was. */
function requireUntouched(
  layer: Layer,
  input: readonly number[],
  state: Readonly<Record<string, Tensor>>,
): void {
  const specs = layer.state?.(input) ?? {};
  const after = evaluate(Object.values(state), layerInputs(layer, 4, input, 6));
  for (const [i, name] of Object.keys(state).entries()) {
    const { shape, initial = 0 } = specs[name] ?? { shape: [] };
    const { dtype } = state[name] as Tensor;
    const [before] = evaluate([constant(initial, { shape, dtype })]) as [NumberArray];
    requireClose(after[i] as NumberArray, before, 0, `after evaluation the state "${name}"`);
  }
}

function requireIndependent(layer: Layer, input: readonly number[], phase: Circumstances): void {
  const values = layerInputs(layer, 3, input, 20);
  const others = sampleNumbers(3 * sizeOf(input), { seed: 21 });
  const own = (values.x as number[]).slice(0, sizeOf(input));
  const changed = { ...values, x: [...own, ...others.slice(sizeOf(input))] };
  const [before, after] = [values, changed].map((each) => {
    const all = computeLayer(layer, each, 3, input, phase);
    return all.slice(0, all.length / 3);
  }) as [NumberArray, NumberArray];
  const mend = phase.training ? '; if it is meant to mix them, say mixesExamples' : '';
  const i = after.findIndex((value, at) => !Object.is(value, before[at]));
  if (i >= 0) {
    throw new AssertionError(`beside other examples ${before[i]} becomes ${after[i]}${mend}`, {
      actual: after,
      expected: before,
    });
  }
}

function requireRandom(layer: Layer, input: readonly number[]): void {
  const asked = layerGraph(layer, 4, input, 'float64', { training: false }).streams;
  if (asked.length > 0) throw new AssertionError(`in evaluation it draws random numbers for "${asked[0]}"`);
  const { streams } = layerGraph(layer, 4, input, 'float64', { training: true });
  const values = layerInputs(layer, 4, input, 30);
  // Enough examples that chance cannot draw the same twice.
  const at = (seed: number, step: number): string =>
    computeLayer(layer, values, 4, input, {
      training: true,
      seed,
      step: constant(step, { dtype: 'int32' }),
    }).join();
  const first = at(1, 1);
  if (at(1, 1) !== first)
    throw new AssertionError('it does not draw the same numbers for the same seed and step');
  if (streams.length === 0) return;
  // One other draw may happen to come out the same.
  if ([2, 3, 4, 5].every((seed) => at(seed, 1) === first)) {
    throw new AssertionError('its random numbers do not depend on the seed');
  }
  if ([2, 3, 4, 5].every((step) => at(1, step) === first)) {
    throw new AssertionError(
      'its random numbers are the same at each step: hand on all of what random() gives',
    );
  }
}

/** Everything of a layer that options can change: outputs, and what is said of its parameters. */
function numbersOf(layer: Layer, input: readonly number[]): NumberArray[] {
  const values = layerInputs(layer, 4, input, 40);
  const outputs = phases.map((phase) => computeLayer(layer, values, 4, input, phase));
  const parameters = specsOf(layer, input).flatMap(
    ({ name, initializer, regularizer, constraint, ...spec }) => {
      const { shape, fanIn, fanOut } = spec;
      const random = { seed: 1, purpose: name };
      const initial = initializer.apply({ shape, dtype: 'float64', fanIn, fanOut, random });
      const w = placeholder('w', shape, { dtype: 'float64' });
      const penalty = regularizer?.penalty(w) ?? constant(0);
      const kept = constraint?.project(w) ?? w;
      return evaluate([initial, penalty, kept], {
        w: sampleNumbers(sizeOf(shape), { seed: 41, low: -3, high: 3 }),
      });
    },
  );
  return [...outputs, ...parameters];
}

function requireRefusal(layer: Layer, input: readonly number[]): void {
  try {
    layerGraph(layer, 1, input, 'float32', { training: false });
  } catch (error) {
    if (error instanceof NeuriteError) return;
    throw new AssertionError(`it must throw a NeuriteError, but threw ${error}`, { actual: error });
  }
  throw new AssertionError('it is accepted');
}
