// Reductions, matrix products and gathers, with everything that may be computed before and behind them.
import { logSumExp, softmax, type Tensor } from '@neurite/core';
import { checkComputation } from '../runComputation.ts';
import { backendCase, Inputs, type SuiteCase, type SuiteContext } from './case.ts';
import { Draw } from './draw.ts';

/** All choices of some of `rank` axes. */
const axisChoices = (rank: number): number[][] =>
  Array.from({ length: 2 ** rank - 1 }, (_, bits) =>
    Array.from({ length: rank }, (_, axis) => axis).filter((axis) => ((bits + 1) >> axis) & 1),
  );

export function reductionCases(context: SuiteContext): SuiteCase[] {
  const test = backendCase(context);
  const { tolerance } = context;
  return [
    ...axisChoices(3).map((axes) =>
      test(`sums and maximizes over axes ${axes} of three`, async (backend) => {
        const draw = new Draw(axes.length);
        for (let i = 0; i < 6; i++) {
          const inputs = new Inputs(i);
          const x = inputs.add(draw.shape(3));
          const outputs = {
            sum: x.sum(axes),
            max: x.max(axes),
            min: x.min(axes),
            ofSquares: x.square().sum(axes).add(1).sqrt(),
            mean: x.exp().mean(axes).mul(x.exp().max(axes)),
            transposed: x.transpose([2, 0, 1]).tanh().sum(axes),
            sliced: x
              .slice([0, 0, (x.shape[2] as number) - 1], [])
              .neg()
              .max(axes),
          };
          await checkComputation(backend, { outputs }, inputs.values, { tolerance });
        }
      }),
    ),
    test('sums and maximizes integers', async (backend) => {
      const inputs = new Inputs(1);
      const x = inputs.add([9, 17], { dtype: 'int32', low: -1e6, high: 1e6 });
      const bytes = inputs.add([7, 5], { dtype: 'uint8', low: 0, high: 256 });
      const outputs: Record<string, Tensor> = { bytes: bytes.max(1), all: bytes.max() };
      for (const axis of [0, 1]) {
        outputs[`sum${axis}`] = x.sum(axis);
        outputs[`max${axis}`] = x.max(axis);
        outputs[`place${axis}`] = x.argmax(axis);
        outputs[`byte${axis}`] = bytes.argmax(axis);
      }
      await checkComputation(backend, { outputs }, inputs.values);
    }),
    test('lets NaN win, and takes the first of equals', async (backend) => {
      const inputs = new Inputs(2);
      const values = [
        1,
        3,
        3,
        2,
        0,
        -1,
        Number.NaN,
        4,
        1,
        2,
        -5,
        -5,
        -5,
        -5,
        -5,
        0,
        0,
        9,
        1,
        9,
        ...new Array(5).fill(Number.NEGATIVE_INFINITY),
      ];
      const x = inputs.given([5, 5], values);
      const outputs = {
        max: x.max(1),
        argmax: x.argmax(1),
        down: x.argmax(0),
        downMax: x.max(0),
        all: x.max(),
      };
      await checkComputation(backend, { outputs }, inputs.values);
    }),
    test('sums many numbers without losing digits', async (backend) => {
      const inputs = new Inputs(3);
      const x = inputs.given([5000, 5], new Array(25_000).fill(0.1));
      const y = inputs.add([1000, 9], { low: 0, high: 1 });
      const outputs = {
        all: x.sum(),
        rows: x.transpose().sum(1),
        columns: x.sum(0),
        drawn: y.sum(0),
        drawnRows: y.transpose().mul(1.5).sum(1),
      };
      await checkComputation(backend, { outputs }, inputs.values, { tolerance: tolerance / 5 });
    }),
    test('normalizes rows', async (backend) => {
      const draw = new Draw(4);
      for (let i = 0; i < 6; i++) {
        const inputs = new Inputs(i);
        const x = inputs.add(draw.shape(2), { low: -5, high: 5 });
        const target = inputs.add(x.shape);
        const outputs = {
          softmax: softmax(x),
          down: softmax(x, 0),
          each: logSumExp(x),
          loss: logSumExp(x).sub(x.mul(target).sum(1)).mean(),
        };
        await checkComputation(backend, { outputs }, inputs.values, { tolerance });
      }
    }),
  ];
}

/** [m, n, k]: all small sizes now and then, tiles and panels with and without rests, single rows and columns. */
function productSizes(draw: Draw): [number, number, number][] {
  const drawn = Array.from({ length: 14 }, (): [number, number, number] => [
    draw.between(1, 40),
    draw.between(1, 40),
    draw.between(1, 40),
  ]);
  return [
    ...drawn,
    [1, 1, 1],
    [1, 77, 300],
    [77, 1, 300],
    [6, 8, 1],
    [48, 64, 32],
    [101, 67, 5],
    [13, 203, 401],
  ];
}

export function productCases(context: SuiteContext): SuiteCase[] {
  const test = backendCase(context);
  const { tolerance } = context;
  const layouts = [
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ] as const;
  return [
    ...layouts.map(([left, right]) =>
      test(`multiplies matrices: ${left ? 'Aᵀ' : 'A'} · ${right ? 'Bᵀ' : 'B'}`, async (backend) => {
        for (const [m, n, k] of productSizes(new Draw(1))) {
          const inputs = new Inputs(m);
          const a = inputs.add(left ? [k, m] : [m, k]);
          const b = inputs.add(right ? [n, k] : [k, n]);
          const [bias, rate] = [inputs.add([n]), inputs.add([])];
          const w = inputs.add([m, n], { home: 'state', name: 'w' });
          const product = (left ? a.transpose() : a).matmul(right ? b.transpose() : b);
          const z = product.add(bias);
          const computation = {
            outputs: { product, relu: z.greater(0).select(z, z.mul(0.01)), tanh: z.tanh() },
            updates: new Map([[w, w.sub(product.mul(rate))]]),
          };
          await checkComputation(backend, computation, inputs.values, { tolerance });
        }
      }),
    ),
    test('multiplies parts of matrices and of buffers', async (backend) => {
      const inputs = new Inputs(2);
      const [a, b] = [inputs.add([19, 23]), inputs.add([23, 29])];
      const outputs = {
        inner: a.slice([2, 3], [17, 20]).matmul(b.slice([5, 1], [22, 28])),
        transposed: b
          .slice([0, 4], [])
          .transpose()
          .matmul(a.slice([1, 0], []).transpose()),
        chained: a.matmul(b).matmul(b.transpose()).tanh(),
        square: b.transpose().matmul(b).mul(0.1),
        outer: a.slice([0, 0], [19, 1]).matmul(b.slice([0, 0], [1, 29])),
      };
      await checkComputation(backend, { outputs }, inputs.values, { tolerance });
    }),
    test('multiplies doubles where it has them', async (backend) => {
      if (!backend.capabilities.dtypes.includes('float64')) return;
      const inputs = new Inputs(3);
      const [a, b] = [inputs.add([7, 9], { dtype: 'float64' }), inputs.add([9, 11], { dtype: 'float64' })];
      const outputs = { y: a.matmul(b).tanh() };
      await checkComputation(backend, { outputs }, inputs.values, { tolerance: 1e-10 });
    }),
  ];
}

export function gatherCases(context: SuiteContext): SuiteCase[] {
  const test = backendCase(context);
  const { tolerance } = context;
  return (['float32', 'int32', 'uint8'] as const).map((dtype) =>
    test(`gathers rows of ${dtype}`, async (backend) => {
      const draw = new Draw(5);
      for (let i = 0; i < 8; i++) {
        const inputs = new Inputs(i);
        const shape = draw.shape(1 + (i % 3));
        const [low, high] = dtype === 'uint8' ? [0, 256] : [-9, 9];
        const data = inputs.add(shape, { dtype, home: 'data', low, high });
        const count = draw.size();
        const rows = inputs.add([count], { dtype: 'int32', low: 0, high: shape[0] as number });
        const outputs: Record<string, Tensor> = {
          plain: data.gather(rows),
          scaled: data.gather(rows).cast('float32').div(255).tanh(),
          computed: data.gather(rows.add(1).minimum((shape[0] as number) - 1)),
        };
        if (shape.length === 2) outputs.transposed = data.transpose().gather(rows.mul(0));
        if (shape.length === 3)
          outputs.swapped = data.transpose([0, 2, 1]).gather(rows).cast('float32').neg();
        await checkComputation(backend, { outputs }, inputs.values, { tolerance });
      }
    }),
  );
}
