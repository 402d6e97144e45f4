// The judge of activations: what every activation must do, as cases for any test runner.
import {
  type Activation,
  type Backend,
  evaluate,
  grad,
  iota,
  type NumberArray,
  placeholder,
} from '@neurite/core';
import { AssertionError } from './assertionError.ts';
import { checkGradient } from './checkGradient.ts';
import { computeOn } from './computeOn.ts';
import type { ByOptions, DefinitionOf, PluginSuiteOptions } from './plugins/definition.ts';
import { type Form, formsOf, forPlugin } from './plugins/forms.ts';
import { optionCases } from './plugins/optionCases.ts';
import { requireFinite } from './plugins/requireFinite.ts';
import { requireClose } from './runComputation.ts';
import { sampleNumbers } from './sampleNumbers.ts';
import type { SuiteCase } from './suite/case.ts';
import { Draw } from './suite/draw.ts';

type AnyActivation = DefinitionOf<'activation'>;

/** What the suite cannot know of an activation by itself; all of it may be left out. */
export interface ActivationSuiteOptions<D extends AnyActivation = AnyActivation>
  extends PluginSuiteOptions<D> {
  /** What a number of the result depends on: its own input alone, or all of its row, the last axis. 'elements'. */
  readonly along?: 'elements' | 'rows';
  /** Where the slope jumps. None. */
  readonly kinks?: ByOptions<D, readonly number[]>;
  /** Between which numbers gradients are checked. −8 to 8. */
  readonly range?: readonly [low: number, high: number];
  /** Up to which |x| value and slope must be finite numbers, in float32 too. 1e30. */
  readonly reach?: ByOptions<D, number>;
  /** Whether NaN may become something else. false: the loss must show that a training is lost. */
  readonly hidesNaN?: boolean;
  /** A backend that must compute what the oracle computes. */
  readonly backend?: () => Backend;
  /** How far the backend's results may be off, times 1 + |y|. 1e-5. */
  readonly tolerance?: number;
}

const dtypes = ['float32', 'float64'] as const;
type FloatType = (typeof dtypes)[number];

/**
 * Cases that throw unless an activation keeps shape and dtype, has the gradient of its central differences, is finite far
 * out, works on each number (or each row) by itself, and comes back from data; for each alternative of each option too.
 *
 * @example
 * const cases = activationSuite(leakyRelu, { alternatives: { slope: [0.2, -1] }, kinks: [0] });
 * for (const { name, run } of cases) it(name, run);
 */
export function activationSuite<D extends AnyActivation>(
  definition: D,
  options: ActivationSuiteOptions<D> = {},
): SuiteCase[] {
  const settings = options as ActivationSuiteOptions;
  const forms = formsOf<'activation'>(definition, settings);
  const { range } = settings;
  const examples = samples(12, 1, range ?? [-8, 8], []);
  return [
    ...forms.flatMap((form) => formCases(form, settings)),
    ...optionCases<'activation'>(definition, forms, settings, (f) =>
      evaluate(valueAndSlope(f, [3, 4], 'float64'), { x: examples }),
    ),
  ];
}

function formCases(form: Form<'activation'>, settings: ActivationSuiteOptions): SuiteCase[] {
  const { along = 'elements', hidesNaN = false, backend, tolerance = 1e-5 } = settings;
  const { range = [-8, 8], kinks = [], reach = 1e30 } = settings;
  const test = (name: string, run: (f: Activation) => Promise<void> | void): SuiteCase => ({
    name: `${form.name} ${name}`,
    run: async () => run(form.make()),
  });

  const cases = [
    test('keeps shape and dtype', (f) => {
      for (const dtype of dtypes) {
        for (const shape of [[4], [2, 3], [2, 3, 4]]) {
          const y = f.apply(placeholder('x', shape, { dtype }));
          const [actual, expected] = [`${y.dtype} [${y.shape}]`, `${dtype} [${shape}]`];
          if (actual !== expected)
            throw new AssertionError(`${expected} becomes ${actual}`, { actual, expected });
        }
      }
    }),
    test('has the gradient of its central differences', (f) => {
      const [low, high] = range;
      for (let seed = 0; seed < 8; seed++) {
        // Half of the numbers lie near the middle of the range, where most happens.
        const within = [range, [low / 8, high / 8] as const][seed % 2] as readonly [number, number];
        const draw = new Draw(seed);
        const shape = Array.from({ length: 1 + (seed % 3) }, () => draw.between(1, 4));
        const size = shape.reduce((product, each) => product * each, 1);
        const values = samples(size, seed, within, forPlugin(kinks, f));
        checkGradient((x) => f.apply(x), [{ shape, values }], { seed });
      }
    }),
    test(`and its slope are finite up to ±${forPlugin(reach, form.make())}`, async (f) => {
      const farthest = forPlugin(reach, f);
      const xs = [...extremes.filter((x) => Math.abs(x) <= farthest), farthest, -farthest];
      for (const dtype of dtypes) {
        for (const shape of [[xs.length], [xs.length, 1], [1, xs.length]]) {
          for (const results of await everywhere(f, shape, dtype, xs, backend)) {
            for (const [i, what] of ['y', 'dy/dx'].entries()) {
              requireFinite(results[i] as NumberArray, what, (at) => `at x = ${xs[at]}, in ${dtype}`);
            }
          }
        }
      }
    }),
    along === 'elements'
      ? test('works on each number by itself', (f) => requireIndependent(f, range, 1))
      : test('works on each row by itself', (f) => requireIndependent(f, range, 4)),
  ];
  if (!hidesNaN) {
    cases.push(
      test('lets NaN through, so that the loss shows it', async (f) => {
        for (const dtype of dtypes) {
          for (const [y] of await everywhere(f, [1, 1], dtype, [Number.NaN], backend)) {
            if (!Number.isNaN(y?.[0])) throw new AssertionError(`NaN becomes ${y?.[0]}`, { actual: y?.[0] });
          }
        }
      }),
    );
  }
  if (along === 'elements' && settings.kinks !== undefined) {
    cases.push(
      test('has a slope between those of both sides at each kink', (f) => {
        for (const kink of forPlugin(kinks, f)) {
          const [y, slopes] = evaluate(valueAndSlope(f, [3, 1], 'float64'), {
            x: [kink - 1e-9, kink, kink + 1e-9],
          });
          const [below, at, above] = slopes as unknown as [number, number, number];
          const [low, high] = [Math.min(below, above) - 1e-6, Math.max(below, above) + 1e-6];
          if (!(at >= low && at <= high && Number.isFinite(y?.[1]))) {
            throw new AssertionError(`at ${kink} the slope is ${at}, beside it ${below} and ${above}`, {
              actual: at,
            });
          }
        }
      }),
    );
  }
  if (backend) {
    cases.push(
      test('is computed by the backend as by the oracle', async (f) => {
        const near = extremes.filter((x) => Math.abs(x) <= Math.min(1e4, forPlugin(reach, f)));
        const xs = [...near, ...samples(100 - near.length, 7, range, [])];
        for (const dtype of dtypes) {
          const [expected, actual] = await everywhere(f, [25, 4], dtype, xs, backend);
          if (!actual) continue; // a dtype that the backend does not have
          for (const [i, what] of ['y', 'dy/dx'].entries()) {
            requireClose(
              actual[i] as NumberArray,
              expected?.[i] as NumberArray,
              tolerance,
              `${what} in ${dtype}`,
            );
          }
        }
      }),
    );
  }
  return cases;
}

/** Where formulas overflow, vanish or lose their digits. */
const extremes = [0, 1e-8, 30, 750, 1e4, 1e30].flatMap((x) => [x, -x]);

/** Numbers of a range that keep away from kinks: there, a difference has no meaning. */
function samples(
  count: number,
  seed: number,
  [low, high]: readonly [number, number],
  kinks: readonly number[],
): number[] {
  const nearest = (x: number): number => Math.min(...kinks.map((kink) => Math.abs(x - kink)));
  const away = sampleNumbers(8 * count, { seed, low, high }).filter((x) => nearest(x) > 1e-3);
  return away.slice(0, count);
}

/** y and Σ c · dy/dx with c = 1, 2, 3, … along the last axis: of softmax, a plain sum would have the gradient 0. */
function valueAndSlope(f: Activation, shape: readonly number[], dtype: FloatType) {
  const x = placeholder('x', shape, { dtype });
  const y = f.apply(x);
  const weights = iota(shape, shape.length - 1)
    .add(1)
    .cast(dtype);
  return [y, ...grad(y.mul(weights).sum(), [x])];
}

/** The same from the oracle, and from the backend where there is one that has the dtype. */
async function everywhere(
  f: Activation,
  shape: readonly number[],
  dtype: FloatType,
  xs: readonly number[],
  backend: (() => Backend) | undefined,
): Promise<NumberArray[][]> {
  const roots = valueAndSlope(f, shape, dtype);
  const made = backend?.();
  const computed = made?.capabilities.dtypes.includes(dtype) ? [await computeOn(made, roots, { x: xs })] : [];
  return [evaluate(roots, { x: xs }), ...computed];
}

/** Throws unless `width` numbers alone give what they give among others. */
function requireIndependent(f: Activation, range: readonly [number, number], width: 1 | 4): void {
  const xs = samples(12, 3, range, []);
  const [together] = evaluate(valueAndSlope(f, [3, 4], 'float64'), { x: xs });
  for (let start = 0; start < xs.length; start += width) {
    const own = xs.slice(start, start + width);
    const [alone] = evaluate(valueAndSlope(f, [1, width], 'float64'), { x: own });
    alone?.forEach((value, i) => {
      const among = together?.[start + i];
      if (Object.is(value, among)) return;
      const what = width === 1 ? `x = ${own[i]}` : `a row of ${own}`;
      const mend = width === 1 ? "; if it works along the last axis, say along: 'rows'" : '';
      throw new AssertionError(`${what} alone gives ${value}, among others ${among}${mend}`, {
        actual: among,
        expected: value,
      });
    });
  }
}
