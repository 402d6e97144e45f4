// The whole family against PyTorch, closed forms and what every activation must do, on the oracle and the CPU backend.
import { cpu } from '@neurite/backend-cpu';
import {
  type Activation,
  evaluate,
  glorotUniform,
  grad,
  heNormal,
  heUniform,
  type Initializer,
  lecunNormal,
  placeholder,
  type Tensor,
} from '@neurite/core';
import { activationSuite, computeOn, type SuiteCase } from '@neurite/testing';
import { describe, expect, test } from 'vitest';
import * as activations from '../src/index.ts';
import first from './fixtures/activations.json' with { type: 'json' };
import reference from './fixtures/moreActivations.json' with { type: 'json' };

const {
  celu,
  elu,
  gaussian,
  gelu,
  hardSigmoid,
  hardSwish,
  hardTanh,
  identity,
  leakyRelu,
  logSigmoid,
  logSoftmax,
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  sine,
  softmax,
  softplus,
  softsign,
  step,
  tanh,
  tanhShrink,
} = activations;
type DType = 'float32' | 'float64';
const all: readonly Activation[] = [
  ...Object.values(activations).map((definition) => definition()),
  gelu({ approximation: 'tanh' }),
];

/** y and Σ cotangent · dy/dx at each x, by the oracle and by the CPU backend. */
async function valueAndSlope(
  f: Activation,
  xs: readonly number[],
  dtype: DType = 'float64',
  shape: readonly number[] = [xs.length, 1],
  cotangent: readonly number[] = xs.map(() => 1),
) {
  const x = placeholder('x', shape, { dtype });
  const y = f.apply(x);
  const loss = y.mul(placeholder('cotangent', shape, { dtype })).sum();
  const roots = [y, grad(loss, [x])[0]!];
  const asLists = (results: readonly ArrayLike<number>[]) => ({
    y: Array.from(results[0]!),
    dy: Array.from(results[1]!),
  });
  return {
    oracle: asLists(evaluate(roots, { x: xs, cotangent })),
    cpu: asLists(await computeOn(cpu(), roots, { x: xs, cotangent })),
  };
}

function expectClose(
  actual: readonly number[],
  expected: readonly number[],
  tolerance: number,
  printing: (value: number) => number = () => 0,
): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    const wanted = expected[i]!;
    expect(Math.abs(value - wanted), `${value} at ${i}, not ${wanted}`).toBeLessThanOrEqual(
      tolerance + printing(wanted),
    );
  });
}

/** The reference prints nine digits: half a unit of the ninth is nobody's error. */
const lastDigit = (value: number): number => 5 * 10 ** (Math.floor(Math.log10(Math.abs(value) || 1)) - 9);
/** Where inputs and cotangents, which are printed likewise, meet. */
const inputsToo = (value: number): number => 1e-8 + lastDigit(value);

const precisions = [
  { dtype: 'float64' as const, tolerance: 1e-9 },
  { dtype: 'float32' as const, tolerance: 2e-6 },
];

describe('PyTorch', () => {
  const ours: Record<Exclude<keyof typeof reference.activations, 'softmax' | 'logSoftmax'>, Activation> = {
    'elu(alpha=1)': elu(),
    'elu(alpha=0.5)': elu({ alpha: 0.5 }),
    selu: selu(),
    'celu(alpha=1)': celu(),
    'gelu(exact)': gelu(),
    'gelu(tanh)': gelu({ approximation: 'tanh' }),
    silu: silu(),
    mish: mish(),
    softplus: softplus(),
    softsign: softsign(),
    relu6: relu6(),
    hardTanh: hardTanh(),
    hardSigmoid: hardSigmoid(),
    hardSwish: hardSwish(),
    logSigmoid: logSigmoid(),
    tanhShrink: tanhShrink(),
  };

  test('or a closed form has something to say to every activation', () => {
    const compared = [...Object.keys(first.activations), ...Object.keys(reference.activations)];
    const types = compared.map((name) => name.replace(/\(.*/, ''));
    const closed = ['identity', 'sine', 'gaussian', 'step'];
    expect([...new Set([...types, ...closed])].sort()).toEqual(Object.keys(activations).sort());
  });

  test.each(
    Object.entries(ours).flatMap(([name, f]) => precisions.map((precision) => ({ name, f, ...precision }))),
  )('$name agrees in value and slope, in $dtype to $tolerance', async ({ name, f, dtype, tolerance }) => {
    const expected = reference.activations[name as keyof typeof ours];
    for (const { y, dy } of Object.values(await valueAndSlope(f, reference.x, dtype))) {
      expectClose(y, expected.y, dtype === 'float32' ? 1e-5 : tolerance, lastDigit);
      const slopes = expected.dy.map((slope) => (slope === 0.166666672 ? 1 / 6 : slope)); // PyTorch's 1/6 is float32
      expectClose(dy, slopes, tolerance, lastDigit);
    }
  });

  test.each(
    [softmax(), logSoftmax()].flatMap((f) =>
      precisions.map((precision) => ({ name: f.type, f, ...precision })),
    ),
  )('$name agrees in value and gradient, in $dtype to $tolerance', async ({ name, f, dtype, tolerance }) => {
    const { x, shape, cotangent, y, dx } = reference.activations[name as 'softmax' | 'logSoftmax'];
    for (const computed of Object.values(await valueAndSlope(f, x, dtype, shape, cotangent))) {
      expectClose(computed.y, y, tolerance, inputsToo);
      expectClose(computed.dy, dx, tolerance, inputsToo);
    }
  });
});

describe('closed forms', () => {
  const xs = Array.from({ length: 161 }, (_, i) => (i - 80) / 10);
  test.each([
    { name: 'sine', f: sine(), y: Math.sin, dy: Math.cos },
    {
      name: 'gaussian',
      f: gaussian(),
      y: (x: number) => Math.exp(-x * x),
      dy: (x: number) => -2 * x * Math.exp(-x * x),
    },
    { name: 'step', f: step(), y: (x: number) => Number(x > 0), dy: () => 0 },
    // α e^(x/α) − α below 0: the slope is 1 at 0 whatever α is
    {
      name: 'celu of alpha 0.25',
      f: celu({ alpha: 0.25 }),
      y: (x: number) => (x > 0 ? x : 0.25 * Math.expm1(x / 0.25)),
      dy: (x: number) => (x > 0 ? 1 : Math.exp(x / 0.25)),
    },
    {
      name: 'elu of alpha 3',
      f: elu({ alpha: 3 }),
      y: (x: number) => (x > 0 ? x : 3 * Math.expm1(x)),
      dy: (x: number) => (x > 0 ? 1 : 3 * Math.exp(x)),
    },
  ])('$name', async ({ f, y, dy }) => {
    for (const { dtype, tolerance } of precisions) {
      for (const computed of Object.values(await valueAndSlope(f, xs, dtype))) {
        expectClose(computed.y, xs.map(y), tolerance);
        expectClose(computed.dy, xs.map(dy), tolerance);
      }
    }
  });

  test('gelu keeps its digits where it is small', async () => {
    for (const { y, dy } of Object.values(await valueAndSlope(gelu(), [-5, -10]))) {
      expect(y[0]! / -1.43325785939597e-6).toBeCloseTo(1, 10);
      expect(y[1]! / -7.61985302416053e-23).toBeCloseTo(1, 10);
      expect(dy[0]! / -7.146946001792295e-6).toBeCloseTo(1, 9);
    }
  });

  test('both forms of gelu are near each other, and not the same', async () => {
    const [none, tanh] = [
      await valueAndSlope(gelu(), xs),
      await valueAndSlope(gelu({ approximation: 'tanh' }), xs),
    ];
    const worst = Math.max(...none.cpu.y.map((y, i) => Math.abs(y - tanh.cpu.y[i]!)));
    expect(worst).toBeGreaterThan(1e-4);
    expect(worst).toBeLessThan(1e-3);
  });

  test('selu keeps mean 0 and variance 1 of normal numbers', async () => {
    const points = Array.from({ length: 4001 }, (_, i) => (i - 2000) / 250);
    const { y } = (await valueAndSlope(selu(), points)).cpu;
    const weight = points.map((x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI) / 250);
    const mean = y.reduce((sum, value, i) => sum + value * weight[i]!, 0);
    const variance = y.reduce((sum, value, i) => sum + value ** 2 * weight[i]!, 0) - mean ** 2;
    expect(mean).toBeCloseTo(0, 5);
    expect(variance).toBeCloseTo(1, 5);
  });

  test('softmax adds up to 1 along the last axis, and logSoftmax is its logarithm', async () => {
    const rows = [1, -2, 0.5, 3, 0, 0];
    const [probabilities, logarithms] = [
      await valueAndSlope(softmax(), rows, 'float64', [2, 3]),
      await valueAndSlope(logSoftmax(), rows, 'float64', [2, 3]),
    ].map(({ cpu: { y } }) => y) as [number[], number[]];
    for (const start of [0, 3]) {
      expect(probabilities.slice(start, start + 3).reduce((sum, p) => sum + p)).toBeCloseTo(1, 15);
    }
    expectClose(logarithms, probabilities.map(Math.log), 1e-14);
  });
});

describe('at a kink, the slope is PyTorch’s', () => {
  test.each([
    { f: relu6(), xs: [0, 6, 5.9], dy: [0, 0, 1] },
    { f: hardTanh(), xs: [-1, 1, 0.9], dy: [0, 0, 1] },
    { f: hardSigmoid(), xs: [-3, 3, 2.9], dy: [0, 0, 1 / 6] },
    { f: hardSwish(), xs: [-3.1, -3, 3, 3.1], dy: [0, -0.5, 1.5, 1] },
    { f: elu({ alpha: 0.5 }), xs: [0, -0], dy: [0.5, 0.5] },
    { f: celu({ alpha: 0.5 }), xs: [0, -0], dy: [1, 1] },
    { f: step(), xs: [0, -0], dy: [0, 0] },
    { f: softsign(), xs: [0, -0], dy: [1, 1] },
    { f: selu(), xs: [0, -0], dy: [1.7580993408473766, 1.7580993408473766] },
  ])('$f.type', async ({ f, xs, dy }) => {
    for (const computed of Object.values(await valueAndSlope(f, xs))) expectClose(computed.dy, dy, 1e-15);
  });
});

test('second derivatives at 0 are those of smooth functions', () => {
  const second = (f: Activation): number => {
    const x = placeholder('x', [1], { dtype: 'float64' });
    const slope = grad(f.apply(x).sum(), [x])[0] as Tensor;
    return evaluate(grad(slope.sum(), [x]), { x: [0] })[0]![0]!;
  };
  expect(second(softplus())).toBeCloseTo(1 / 4, 14);
  expect(second(logSigmoid())).toBeCloseTo(-1 / 4, 14);
  expect(second(silu())).toBeCloseTo(1 / 2, 14);
  expect(second(gelu())).toBeCloseTo(Math.sqrt(2 / Math.PI), 9);
  expect(second(gelu({ approximation: 'tanh' }))).toBeCloseTo(Math.sqrt(2 / Math.PI), 14);
  expect(second(mish())).toBeCloseTo(0.64, 14); // (1 − tanh² ln 2) · 2 σ(0)
});

describe('what every activation must do', () => {
  const on = { backend: cpu };
  const suites: Record<keyof typeof activations, SuiteCase[]> = {
    celu: activationSuite(celu, {
      ...on,
      alternatives: { alpha: [0.25, 3] },
      refused: { alpha: [0, -1, '1'] },
    }),
    elu: activationSuite(elu, { ...on, alternatives: { alpha: [0.5, -1] }, kinks: [0] }),
    gaussian: activationSuite(gaussian, on),
    gelu: activationSuite(gelu, { ...on, refused: { approximation: ['erf', true] } }),
    hardSigmoid: activationSuite(hardSigmoid, { ...on, kinks: [-3, 3] }),
    hardSwish: activationSuite(hardSwish, { ...on, kinks: [-3, 3] }),
    hardTanh: activationSuite(hardTanh, { ...on, kinks: [-1, 1] }),
    identity: activationSuite(identity, on),
    leakyRelu: activationSuite(leakyRelu, {
      ...on,
      alternatives: { slope: [0.2, 0, 1, -1] },
      kinks: ({ slope }) => (slope === 1 ? [] : [0]),
    }),
    logSigmoid: activationSuite(logSigmoid, on),
    logSoftmax: activationSuite(logSoftmax, { ...on, along: 'rows' }),
    mish: activationSuite(mish, on),
    relu: activationSuite(relu, { ...on, kinks: [0] }),
    relu6: activationSuite(relu6, { ...on, kinks: [0, 6] }),
    selu: activationSuite(selu, { ...on, kinks: [0] }),
    sigmoid: activationSuite(sigmoid, on),
    silu: activationSuite(silu, on),
    sine: activationSuite(sine, on),
    softmax: activationSuite(softmax, { ...on, along: 'rows' }),
    softplus: activationSuite(softplus, on),
    softsign: activationSuite(softsign, on),
    step: activationSuite(step, { ...on, kinks: [0] }),
    tanh: activationSuite(tanh, on),
    tanhShrink: activationSuite(tanhShrink, on),
  };
  for (const { name, run } of Object.values(suites).flat()) test(name, run);
});

test('options are those of PyTorch by default', () => {
  const options = all.slice(0, -1).map(({ type, options }) => [type, options] as const);
  const few = Object.fromEntries(options.filter(([, own]) => Object.keys(own).length > 0));
  expect(few).toEqual({
    celu: { alpha: 1 },
    elu: { alpha: 1 },
    gelu: { approximation: 'none' },
    leakyRelu: { slope: 0.01 },
  });
});

test('sigmoid and softmax say that they give probabilities', () => {
  const probable = all.filter((f) => f.givesProbabilities);
  expect(probable.map(({ type }) => type)).toEqual(['sigmoid', 'softmax']);
});

test('each asks for the weights that suit it', () => {
  const wanted: Readonly<Record<string, Initializer | undefined>> = {
    ...ofEach(['celu', 'elu', 'selu'], lecunNormal()),
    ...ofEach(['gelu', 'hardSwish', 'leakyRelu', 'logSigmoid', 'mish'], heNormal()),
    ...ofEach(['relu', 'relu6', 'silu', 'softplus'], heNormal()),
    ...ofEach(['gaussian', 'hardSigmoid', 'hardTanh', 'logSoftmax', 'sigmoid'], glorotUniform()),
    ...ofEach(['softmax', 'softsign', 'step', 'tanh', 'tanhShrink'], glorotUniform()),
    ...ofEach(['sine'], heUniform()),
    ...ofEach(['identity'], undefined),
  };
  expect(Object.fromEntries(all.map((f) => [f.type, f.initializer?.type]))).toEqual(
    Object.fromEntries(Object.entries(wanted).map(([type, initializer]) => [type, initializer?.type])),
  );
});
const ofEach = (types: readonly string[], initializer: Initializer | undefined) =>
  Object.fromEntries(types.map((type) => [type, initializer]));
