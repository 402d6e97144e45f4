// Operations on single elements, under every kind of coordinates.
import {
  type Backend,
  concat,
  constant,
  type DType,
  iota,
  normal,
  type Tensor,
  uniform,
} from '@neurite/core';
import { checkComputation } from '../runComputation.ts';
import { backendCase, Inputs, type SuiteCase, type SuiteContext } from './case.ts';
import { Draw } from './draw.ts';

/** Operations on one float, and between which numbers they are tried. */
const unary = {
  neg: [-9, 9],
  square: [-9, 9],
  sqrt: [0, 9],
  exp: [-9, 9],
  log: [1e-3, 9],
  sin: [-9, 9],
  cos: [-9, 9],
  tanh: [-9, 9],
  sigmoid: [-9, 9],
  abs: [-9, 9],
  sign: [-9, 9],
  floor: [-9, 9],
  reciprocal: [0.1, 9],
} as const satisfies Partial<Record<keyof Tensor, readonly [number, number]>>;
const arithmetic = ['add', 'sub', 'mul', 'maximum', 'minimum'] as const;
const comparisons = ['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'] as const;

const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 1000];

/** Numbers at which something ends or turns. */
const ends = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1e-38,
  1e-45,
  -1e-40,
  88.7,
  -88.7,
  104,
  -104,
  1e30,
  -1e30,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
];

const floats = ({ capabilities }: Backend): DType[] =>
  capabilities.dtypes.filter((dtype) => dtype === 'float32' || dtype === 'float64');

export function elementwiseCases(context: SuiteContext): SuiteCase[] {
  const test = backendCase(context);
  const { tolerance } = context;
  const check = checkComputation;

  const ofOne = Object.entries(unary).map(([name, [low, high]], seed) =>
    test(`computes ${name}, whatever the size`, async (backend) => {
      for (const dtype of floats(backend)) {
        const inputs = new Inputs(seed);
        const outputs = Object.fromEntries(
          sizes.map((size) => {
            const x = inputs.add([size], { dtype, low, high });
            return [`size${size}`, x[name as keyof typeof unary]()];
          }),
        );
        await check(backend, { outputs }, inputs.values, { tolerance });
      }
    }),
  );

  return [
    ...ofOne,
    test('computes functions at their ends: infinities, NaN, zeros, subnormal and huge numbers', async (backend) => {
      const inputs = new Inputs(0);
      const x = inputs.given([ends.length], ends);
      const outputs: Record<string, Tensor> = Object.fromEntries(
        (Object.keys(unary) as (keyof typeof unary)[]).map((name) => [name, x[name]()]),
      );
      // Of larger angles, float32 has no digits left.
      for (const name of ['sin', 'cos'] as const) outputs[name] = x.maximum(-1e4).minimum(1e4)[name]();
      await check(backend, { outputs }, inputs.values, { tolerance });
    }),
    test('computes with two floats, NaN and infinities among them', async (backend) => {
      for (const dtype of floats(backend)) {
        const pairs = ends.flatMap((a) => ends.map((b) => [a, b] as const));
        const inputs = new Inputs(0);
        const x = inputs.given(
          [pairs.length],
          pairs.map(([a]) => a),
          { dtype },
        );
        const y = inputs.given(
          [pairs.length],
          pairs.map(([, b]) => b),
          { dtype },
        );
        const outputs: Record<string, Tensor> = { div: x.div(y), select: x.less(y).select(x, y) };
        for (const name of [...arithmetic, ...comparisons]) outputs[name] = x[name](y);
        await check(backend, { outputs }, inputs.values, { tolerance });
      }
    }),
    test('raises to powers', async (backend) => {
      for (const dtype of floats(backend)) {
        const inputs = new Inputs(3);
        const x = inputs.add([37], { dtype, low: 0.1, high: 3 });
        const y = inputs.add([37], { dtype, low: -3, high: 3 });
        const outputs = {
          both: x.pow(y),
          square: x.neg().pow(2),
          cube: x.neg().pow(3),
          root: x.pow(0.5),
          ends: inputs
            .given([5], [0, -0, 2, -8, 1], { dtype })
            .pow(inputs.given([5], [0, -1, 10, 3, 99], { dtype })),
        };
        await check(backend, { outputs }, inputs.values, { tolerance });
      }
    }),
    test('computes with integers and bytes', async (backend) => {
      for (const dtype of ['int32', 'uint8'] as const) {
        if (!backend.capabilities.dtypes.includes(dtype)) continue;
        const [low, high] = dtype === 'int32' ? [-3e4, 3e4] : [0, 256];
        const inputs = new Inputs(1);
        const [x, y] = [inputs.add([67], { dtype, low, high }), inputs.add([67], { dtype, low, high })];
        const outputs: Record<string, Tensor> = { select: x.less(y).select(x, y) };
        for (const name of comparisons) outputs[name] = x[name](y);
        if (dtype === 'int32') {
          for (const name of arithmetic) outputs[name] = x[name](y);
          for (const name of ['neg', 'square', 'abs', 'sign'] as const) outputs[name] = x[name]();
        }
        await check(backend, { outputs }, inputs.values);
      }
    }),
    test('casts from every dtype to every other', async (backend) => {
      const inputs = new Inputs(2);
      const values = [0, 1, -1, 1.75, -1.75, 255, 256, 300.9, -2.5, 65537, 2e9, -2e9, 127.5];
      const outputs: Record<string, Tensor> = {};
      for (const from of backend.capabilities.dtypes) {
        const isFloat = from.startsWith('float');
        const x = inputs.given([values.length], isFloat ? values : values.map(Math.floor), { dtype: from });
        for (const to of backend.capabilities.dtypes) {
          if (to !== from) outputs[`${from} to ${to}`] = x.cast(to);
        }
        outputs[`truth of ${from}`] = x.greater(1).cast('float32').add(x.notEqual(0).cast('float32'));
      }
      await check(backend, { outputs }, inputs.values);
    }),
    test('broadcasts', async (backend) => {
      const inputs = new Inputs(4);
      const [x, row, column] = [inputs.add([5, 9]), inputs.add([9]), inputs.add([5, 1])];
      const [one, plane] = [inputs.add([]), inputs.add([3, 1, 9])];
      const outputs = {
        all: x.mul(row).add(column.exp()).div(one.exp().add(row.square())),
        outer: column.mul(row),
        planes: plane.add(x).mul(column),
        repeated: row.broadcastTo([2, 3, 9]).mul(2),
      };
      await check(backend, { outputs }, inputs.values, { tolerance });
    }),
    test('reads transposed, sliced and regrouped tensors', async (backend) => {
      const inputs = new Inputs(5);
      const [x, y] = [inputs.add([7, 6, 5]), inputs.add([17, 9])];
      const t = x.transpose([2, 0, 1]);
      const outputs = {
        transposed: t.mul(2),
        rotated: x.transpose([1, 2, 0]).tanh(),
        sliced: x.slice([1, 0, 2], [6, 5, 4]).add(1),
        both: t.slice([1, 1], [4, 6]).neg(),
        flat: y
          .transpose()
          .reshape([153])
          .mul(y.reshape([153])),
        regrouped: x.reshape([42, 5]).mul(3),
        column: y.slice([0, 3], [17, 4]).mul(y.slice([0, 8], [])),
      };
      await check(backend, { outputs }, inputs.values, { tolerance });
    }),
    test('pads and joins', async (backend) => {
      const inputs = new Inputs(6);
      const [x, y] = [inputs.add([2, 13]), inputs.add([5, 13])];
      const bytes = inputs.add([3, 5], { dtype: 'uint8', low: 0, high: 256 });
      const outputs = {
        padded: x.pad([1, 2], [0, 3], 7).mul(2),
        joined: concat([x, y, x.exp()]).mul(concat([y, x, x]).sigmoid()),
        wide: concat([x.square(), y.slice([3], [])], 1),
        nested: concat([x, y]).pad([1], [1]).slice([0, 1], [9, 12]),
        summed: concat([x.exp(), y.exp().mul(y.exp().add(1))]).sum(0),
        bytes: bytes.pad([0, 1], [1, 0], 9).cast('float32').mul(0.5),
      };
      await check(backend, { outputs }, inputs.values, { tolerance });
    }),
    test('knows coordinates', async (backend) => {
      const inputs = new Inputs(7);
      const labels = inputs.add([11], { dtype: 'int32', low: 0, high: 7 });
      const outputs = {
        hot: labels.oneHot(7),
        places: iota([5, 9], 0)
          .mul(10)
          .add(iota([5, 9], 1)),
        triangle: iota([6, 6], 0)
          .lessEqual(iota([6, 6], 1))
          .cast('float32')
          .mul(0.5),
      };
      await check(backend, { outputs }, inputs.values);
    }),
    test('draws the generator’s numbers, bit for bit, anew in each step', async (backend) => {
      const inputs = new Inputs(8);
      const step = inputs.given([], [4095], { dtype: 'int32', home: 'state', name: 'step' });
      const outputs: Record<string, Tensor> = {};
      const draw = new Draw(8);
      for (const rank of [0, 1, 2, 3]) {
        const shape = draw.shape(rank);
        outputs[`rank${rank}`] = uniform(shape, { seed: 7, purpose: `draw ${rank}`, step });
        outputs[`fixed${rank}`] = uniform(shape, { seed: 7, purpose: 'fixed' });
      }
      const far = uniform([5000], { seed: -1, purpose: 'far' }).slice([4090], []);
      const updates = new Map([[step, step.add(1)]]);
      await check(backend, { updates, outputs: { ...outputs, far } }, inputs.values, {
        steps: 3,
        tolerance: 0,
      });
    }),
    test('draws normal numbers and masks', async (backend) => {
      const inputs = new Inputs(9);
      const x = inputs.add([20, 30]);
      const mask = uniform([20, 30], { seed: 7, purpose: 'dropout' }).less(0.5);
      const outputs = {
        noise: normal([500], { seed: 3, purpose: 'noise' }),
        dropped: mask.select(x, 0),
        kept: mask.cast('float32').sum(0),
        constant: constant(0.1, { shape: [5] }).add(inputs.add([])),
      };
      await check(backend, { outputs }, inputs.values, { tolerance });
    }),
  ];
}
