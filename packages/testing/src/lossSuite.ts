// The judge of losses: what every loss must do, as cases for any test runner.
import {
  type Backend,
  evaluate,
  grad,
  type Loss,
  type NumberArray,
  placeholder,
  sizeOf,
} from '@neurite/core';
import { AssertionError } from './assertionError.ts';
import { checkGradient } from './checkGradient.ts';
import { computeOn } from './computeOn.ts';
import type { ByOptions, DefinitionOf, OptionsOf, PluginSuiteOptions } from './plugins/definition.ts';
import { type Form, formsOf, forPlugin } from './plugins/forms.ts';
import { optionCases } from './plugins/optionCases.ts';
import { requireFinite } from './plugins/requireFinite.ts';
import { labelsOf, sampleTargets, type TargetKind } from './plugins/sampleTargets.ts';
import { requireClose } from './runComputation.ts';
import { sampleNumbers } from './sampleNumbers.ts';
import type { SuiteCase } from './suite/case.ts';

type AnyLoss = DefinitionOf<'loss'>;

/** What the suite cannot know of a loss by itself; all of it may be left out. */
export interface LossSuiteOptions<D extends AnyLoss = AnyLoss> extends PluginSuiteOptions<D> {
  /** What targets are. 'one-hot' where the loss takes classes, else 'numbers' from −3 to 3. */
  readonly targets?: TargetKind;
  /** Shapes of an example's outputs. [3] where the loss takes classes, else [1], [3] and [2, 2]. */
  readonly outputs?: readonly (readonly number[])[];
  /** Up to which |prediction| loss and gradient must be finite numbers, in float32 too. 1e30. */
  readonly reach?: ByOptions<D, number>;
  /** Whether the loss of an example depends on the targets of the others, as in a weighted mean. false. */
  readonly weighsExamples?: ByOptions<D, boolean>;
  /** The prediction that fits an example's targets best: none near it may have a smaller loss. */
  readonly fit?: (target: readonly number[], options: OptionsOf<D>) => readonly number[];
  /** Of what is drawn at random: another one, where a number comes to lie on a kink. 0. */
  readonly seed?: number;
  /** A backend that must compute what the oracle computes. */
  readonly backend?: () => Backend;
  /** How far the backend's results may be off, times 1 + |loss|. 1e-5. */
  readonly tolerance?: number;
}

const dtypes = ['float32', 'float64'] as const;
/** Of predictions far out. */
const signs = [1, -1, 0, -1, 1, 1, -1];

/** Predictions with targets: values in the prediction's shape, or class numbers. */
interface Examples {
  readonly shape: readonly number[];
  readonly prediction: readonly number[];
  readonly target: readonly number[];
  /** Whether targets are class numbers. */
  readonly classes: boolean;
}

/**
 * Cases that throw unless a loss gives each example one number that depends on no other example, has the gradient of its
 * central differences, is finite far out, is least where it should be, and comes back from data; for each alternative of
 * each option too.
 *
 * @example
 * const cases = lossSuite(huber, { alternatives: { delta: [0.1] }, fit: (target) => target });
 * for (const { name, run } of cases) it(name, run);
 */
export function lossSuite<D extends AnyLoss>(definition: D, options: LossSuiteOptions<D> = {}): SuiteCase[] {
  const settings = options as LossSuiteOptions;
  const forms = formsOf<'loss'>(definition, settings);
  return [
    ...forms.flatMap((form) => formCases(form, settings)),
    ...optionCases<'loss'>(definition, forms, settings, (loss) => {
      const examples = drawExamples(
        loss,
        settings,
        outputsOf(loss, settings).at(-1) as readonly number[],
        5,
        1,
      );
      return compute(loss, examples);
    }),
  ];
}

function formCases(form: Form<'loss'>, settings: LossSuiteOptions): SuiteCase[] {
  const { reach = 1e30, weighsExamples = false, fit, seed = 0, backend, tolerance = 1e-5 } = settings;
  const test = (name: string, run: (loss: Loss) => Promise<void> | void): SuiteCase => ({
    name: `${form.name} ${name}`,
    run: async () => run(form.make()),
  });
  const plain = form.make();
  /** Examples of each shape of outputs, and of each kind of target. */
  const draws = (loss: Loss, batch: number, from = 0): Examples[] =>
    outputsOf(loss, settings).flatMap((outputs, i) =>
      withClasses(loss, drawExamples(loss, settings, outputs, batch, seed + from + i)),
    );

  const cases = [
    test('gives one number for each example', (loss) => {
      for (const dtype of dtypes) {
        for (const batch of [1, 4]) {
          for (const examples of draws(loss, batch)) {
            const [losses] = graphOf(loss, examples, dtype);
            const [actual, expected] = [`${losses?.dtype} [${losses?.shape}]`, `${dtype} [${batch}]`];
            if (actual === expected) continue;
            const from = `predictions [${examples.shape}]`;
            throw new AssertionError(`${from} must give ${expected}, but gave ${actual}`, {
              actual,
              expected,
            });
          }
        }
      }
    }),
    test('has the gradient of its central differences', (loss) => {
      for (let batch = 1; batch <= 4; batch++) {
        for (const examples of draws(loss, batch, 100 * batch)) checkLossGradient(loss, examples, seed);
      }
    }),
    test(`and its gradient are finite up to ±${forPlugin(reach, plain)}`, async (loss) => {
      const farthest = forPlugin(reach, loss);
      for (const size of [1, 30, 750, 1e4, 1e30, farthest].filter((each) => each <= farthest)) {
        for (const examples of draws(loss, 4)) {
          const prediction = examples.prediction.map((_, i) => size * (signs[i % signs.length] as number));
          for (const dtype of dtypes) {
            for (const results of await everywhere(loss, { ...examples, prediction }, dtype, backend)) {
              const at = (): string => `for predictions of ±${size} in ${dtype}`;
              requireFinite(results[0] as NumberArray, 'the loss', at);
              requireFinite(results[1] as NumberArray, 'its gradient', at);
            }
          }
        }
      }
    }),
    test('of an example does not depend on other examples', (loss) => {
      const others = draws(loss, 4, 500);
      for (const [i, examples] of draws(loss, 4).entries()) {
        requireIndependent(loss, examples, others[i] as Examples, forPlugin(weighsExamples, loss));
      }
    }),
    test('is NaN where the prediction is: a lost training shows', async (loss) => {
      for (const examples of draws(loss, 1)) {
        for (const lost of examples.prediction.keys()) {
          const prediction = examples.prediction.map((x, i) => (i === lost ? Number.NaN : x));
          for (const [losses] of await everywhere(loss, { ...examples, prediction }, 'float32', backend)) {
            const actual = losses?.[0];
            if (!Number.isNaN(actual)) throw new AssertionError(`the loss is ${actual}`, { actual });
          }
        }
      }
    }),
  ];
  if (plain.targets === 'classes or values') {
    cases.push(
      test('of class numbers is the loss of ones and zeros', (loss) => {
        for (const examples of draws(loss, 4).filter(({ classes }) => !classes)) {
          const target = sampleTargets('one-hot', examples.shape, seed);
          const [values, classes] = withClasses(loss, { ...examples, target }) as [Examples, Examples];
          for (const [i, expected] of compute(loss, values).entries()) {
            requireClose(compute(loss, classes)[i] as NumberArray, expected, 1e-13, 'of class numbers, it');
          }
        }
      }),
    );
  }
  if (fit) {
    cases.push(
      test('is least where the prediction fits the target', (loss) => {
        for (const examples of draws(loss, 3).filter(({ classes }) => !classes)) {
          requireLeast(loss, examples, fit, seed);
        }
      }),
    );
  }
  if (backend) {
    cases.push(
      test('is computed by the backend as by the oracle', async (loss) => {
        for (const examples of draws(loss, 9)) {
          for (const dtype of dtypes) {
            const [expected, actual] = await everywhere(loss, examples, dtype, backend);
            if (!actual) continue; // a dtype that the backend does not have
            for (const [i, what] of ['the loss', 'the gradient'].entries()) {
              const [own, right] = [actual[i], expected?.[i]] as [NumberArray, NumberArray];
              requireClose(own, right, tolerance, `${what} in ${dtype}`);
            }
          }
        }
      }),
    );
  }
  return cases;
}

const takesClasses = ({ targets }: Loss): boolean => targets === 'classes or values';

const outputsOf = (loss: Loss, { outputs }: LossSuiteOptions): readonly (readonly number[])[] =>
  outputs ?? (takesClasses(loss) ? [[3]] : [[1], [3], [2, 2]]);

function drawExamples(
  loss: Loss,
  { targets = takesClasses(loss) ? 'one-hot' : 'numbers' }: LossSuiteOptions,
  outputs: readonly number[],
  batch: number,
  seed: number,
): Examples {
  const shape = [batch, ...outputs];
  const prediction = sampleNumbers(sizeOf(shape), { seed, low: -3, high: 3 });
  return { shape, prediction, target: sampleTargets(targets, shape, seed), classes: false };
}

/** The examples, and if a loss takes classes the same ones with class numbers. */
function withClasses(loss: Loss, examples: Examples): Examples[] {
  if (!takesClasses(loss)) return [examples];
  const target = labelsOf(examples.target, examples.shape.at(-1) as number);
  return [examples, { ...examples, target, classes: true }];
}

/** The loss of each example and the gradient of their mean. */
function graphOf(loss: Loss, examples: Examples, dtype: 'float32' | 'float64') {
  const { shape, classes } = examples;
  const x = placeholder('prediction', shape, { dtype });
  const target = classes
    ? placeholder('target', shape.slice(0, 1), { dtype: 'int32' })
    : placeholder('target', shape, { dtype });
  const losses = loss.compute(x, target);
  return [losses, ...grad(losses.mean(), [x])];
}

const compute = (loss: Loss, examples: Examples): NumberArray[] =>
  evaluate(graphOf(loss, examples, 'float64'), { prediction: examples.prediction, target: examples.target });

/** The same from the oracle, and from the backend where there is one that has the dtype. */
async function everywhere(
  loss: Loss,
  examples: Examples,
  dtype: 'float32' | 'float64',
  backend: (() => Backend) | undefined,
): Promise<NumberArray[][]> {
  const roots = graphOf(loss, examples, dtype);
  const { prediction, target } = examples;
  const made = backend?.();
  const computed = made?.capabilities.dtypes.includes(dtype)
    ? [await computeOn(made, roots, { prediction, target })]
    : [];
  return [evaluate(roots, { prediction, target }), ...computed];
}

function checkLossGradient(loss: Loss, examples: Examples, seed: number): void {
  const { shape, prediction, target } = examples;
  const x = { shape, values: prediction };
  // A smaller step than usual: kinks lie where no suite can know.
  const options = { seed, step: 1e-6 };
  if (examples.classes) {
    const labels = { shape: shape.slice(0, 1), values: target, dtype: 'int32' } as const;
    checkGradient((x, labels) => loss.compute(x!, labels!), [x, labels], options);
    return;
  }
  // Targets are no numbers to take differences by, so they come as integers.
  const scale = 2 ** 20;
  const values = target.map((value) => Math.round(value * scale));
  checkGradient(
    (x, target) => loss.compute(x!, target!.cast('float64').div(scale)),
    [x, { shape, values, dtype: 'int32' }],
    options,
  );
}

/** Throws unless the loss of the first example is the same beside the others of another batch. */
function requireIndependent(loss: Loss, examples: Examples, others: Examples, weighed: boolean): void {
  const first = <T>(own: readonly T[], rest: readonly T[]): T[] => {
    const each = own.length / (examples.shape[0] as number);
    return [...own.slice(0, each), ...rest.slice(each)];
  };
  const changed = {
    ...examples,
    prediction: first(examples.prediction, others.prediction),
    target: weighed ? examples.target : first(examples.target, others.target),
  };
  const [before, after] = [compute(loss, examples)[0]?.[0], compute(loss, changed)[0]?.[0]];
  if (before === after) return;
  const mend = weighed ? '' : '; if the targets of all weigh the loss of each, say so: weighsExamples';
  throw new AssertionError(`an example whose loss is ${before} has ${after} beside others${mend}`, {
    actual: after,
    expected: before,
  });
}

/** Throws if a prediction near the one that fits has a smaller loss. */
function requireLeast(
  loss: Loss,
  examples: Examples,
  fit: NonNullable<LossSuiteOptions['fit']>,
  seed: number,
): void {
  const { shape, target } = examples;
  const outputs = target.length / (shape[0] as number);
  const fitting = Array.from({ length: shape[0] as number }, (_, row) =>
    fit(target.slice(row * outputs, (row + 1) * outputs), loss.options),
  ).flat();
  const [least] = compute(loss, { ...examples, prediction: fitting }) as [NumberArray];
  for (const [i, distance] of [1e-3, 0.1, 1, 10].entries()) {
    const offsets = sampleNumbers(fitting.length, { seed: seed + i, low: -distance, high: distance });
    const prediction = fitting.map((x, at) => x + (offsets[at] as number));
    const [beside] = compute(loss, { ...examples, prediction }) as [NumberArray];
    beside.forEach((value, row) => {
      const fitted = least[row] as number;
      if (value >= fitted - 1e-12) return;
      const where = `at most ${distance} from the prediction that fits`;
      throw new AssertionError(`the loss is ${fitted}, but ${value} ${where}`, {
        actual: value,
        expected: fitted,
      });
    });
  }
}
