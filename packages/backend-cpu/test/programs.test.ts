import {
  concat,
  constant,
  grad,
  placeholder as input,
  iota,
  logSumExp,
  normal,
  softmax,
  type Tensor,
  uniform,
} from '@neurite/core';
import { describe, it } from 'vitest';
import { expectOracle, numbers } from './oracle.ts';

const unary = [
  'neg',
  'square',
  'exp',
  'sin',
  'cos',
  'tanh',
  'sigmoid',
  'abs',
  'sign',
  'floor',
  'reciprocal',
] as const;
const binary = ['add', 'sub', 'mul', 'div', 'maximum', 'minimum'] as const;
const compare = ['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'] as const;

describe('map', () => {
  it('computes each operation on one number', async () => {
    const x = input('x', [7]);
    const positive = x.abs().add(0.1);
    const outputs: Record<string, Tensor> = {
      sqrt: positive.sqrt(),
      log: positive.log(),
      pow: positive.pow(x),
    };
    for (const operation of unary) outputs[operation] = x[operation]();
    await expectOracle({ outputs }, { x: [-3.5, -1, -0, 0.25, 1, 2.5, 40] });
  });

  it.each(['float32', 'float64', 'int32', 'uint8'] as const)(
    'computes each operation on two numbers of %s',
    async (dtype) => {
      const [x, y] = [input('x', [9], { dtype }), input('y', [9], { dtype })];
      const outputs: Record<string, Tensor> = {};
      for (const operation of [...(dtype === 'uint8' ? [] : binary), ...compare]) {
        if (operation === 'div' && dtype === 'int32') continue;
        outputs[operation] = x[operation](y);
      }
      const integers = !dtype.startsWith('float');
      await expectOracle(
        { outputs },
        integers
          ? {
              x: [-7, 3, 250, 2147483647, 0, 5, 9, -2147483648, 12],
              y: [2, 3, 99, 9, 1, 7, 200, -1, 1000000],
            }
          : { x: [-1.5, 2, 2, NaN, 1, Infinity, -0, 3, 1e30], y: [2.5, 2, -2, 1, NaN, 1, 0, 7, 1e30] },
      );
    },
  );

  it('lets NaN through select, casts and comparisons as the oracle does', async () => {
    const x = input('x', [6]);
    await expectOracle(
      {
        outputs: {
          relu: x.greater(0).select(x, x.mul(0.1)),
          integer: x.cast('int32'),
          byte: x.cast('uint8'),
          double: x.cast('float64').mul(3).cast('float32'),
          truth: x.greater(0.5).cast('float32').mul(x),
          select: x.cast('uint8').select(x, 1),
        },
      },
      { x: [NaN, -1.75, 0, 1, 300.9, -2.5] },
    );
  });

  it('broadcasts', async () => {
    const [x, row, column, one] = [
      input('x', [3, 4]),
      input('row', [4]),
      input('column', [3, 1]),
      input('one', []),
    ];
    await expectOracle(
      { outputs: { y: x.mul(row).add(column.exp()).div(one.exp().add(row.square())) } },
      { x: numbers(12), row: numbers(4, 2), column: numbers(3, 3), one: [0.7] },
    );
  });

  it('reads views', async () => {
    const x = input('x', [3, 4, 5]);
    const t = x.transpose([2, 0, 1]);
    await expectOracle(
      {
        outputs: {
          transposed: t.mul(2),
          sliced: x.slice([1, 0, 2], [3, 4, 4]).add(1),
          both: t.slice([1, 1], [3, 3]).neg(),
          reshaped: x.reshape([12, 5]).mul(3),
        },
      },
      { x: numbers(60) },
    );
  });

  it('pads and joins', async () => {
    const [x, y] = [input('x', [2, 3]), input('y', [4, 3])];
    await expectOracle(
      {
        outputs: {
          padded: x.pad([1, 2], [0, 1], 7).mul(2),
          joined: concat([x, y, x.exp()]).mul(concat([y, x, x]).sigmoid()),
          wide: concat([x.square(), y.slice([1], [3])], 1),
          nested: concat([x, y]).pad([1], [1]).slice([0, 1], [8, 3]),
          summed: concat([x.exp(), y.exp().mul(y.exp().add(1))]).sum(0),
        },
      },
      { x: numbers(6), y: numbers(12, 2) },
    );
  });

  it('knows coordinates', async () => {
    const labels = input('labels', [5], { dtype: 'int32' });
    await expectOracle(
      {
        outputs: {
          hot: labels.oneHot(4),
          iota: iota([3, 4], 0)
            .mul(10)
            .add(iota([3, 4], 1)),
        },
      },
      { labels: [0, 3, 1, 2, 2] },
    );
  });
});

describe('reduce', () => {
  const axes = [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]];
  it.each(axes.map((each) => [each]))('sums and maximizes over axes %j', async (each) => {
    for (const shape of [
      [3, 4, 5],
      [2, 9, 1],
      [1, 3, 17],
    ]) {
      const x = input('x', shape);
      const count = shape.reduce((a, b) => a * b, 1);
      await expectOracle(
        {
          outputs: {
            sum: x.sum(each),
            max: x.max(each),
            ofSquares: x.square().sum(each).sqrt(),
            transposed: x.transpose([2, 0, 1]).exp().sum(each),
          },
        },
        { x: numbers(count) },
      );
    }
  });

  it('lets NaN win, and takes the first of equals', async () => {
    const x = input('x', [4, 5]);
    const values = [1, 3, 3, 2, 0, -1, NaN, 4, NaN, 2, -5, -5, -5, -5, -5, 0, 0, 9, 1, 9];
    await expectOracle(
      { outputs: { max: x.max(1), argmax: x.argmax(1), down: x.argmax(0), downMax: x.max(0) } },
      { x: values },
    );
  });

  it('normalizes rows', async () => {
    const x = input('x', [6, 10]);
    const y = input('y', [6, 10]);
    await expectOracle(
      { outputs: { softmax: softmax(x), lse: logSumExp(x), loss: logSumExp(x).sub(x.mul(y).sum(1)).mean() } },
      { x: numbers(60), y: numbers(60, 5) },
    );
  });
});

describe('matmul', () => {
  const sizes = [
    [1, 1, 1],
    [2, 6, 2],
    [5, 7, 3],
    [10, 1, 20],
    [1, 33, 40],
    [17, 9, 70],
    [64, 40, 33],
  ];
  it.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])('multiplies, transposed: %s, %s', async (left, right) => {
    for (const [m, n, k] of sizes as [number, number, number][]) {
      const a = input('a', left ? [k, m] : [m, k]);
      const b = input('b', right ? [n, k] : [k, n]);
      const bias = input('bias', [n]);
      const product = (left ? a.transpose() : a).matmul(right ? b.transpose() : b);
      const z = product.add(bias);
      await expectOracle(
        { outputs: { product, activated: z.greater(0).select(z, z.mul(0.01)) } },
        { a: numbers(m * k), b: numbers(k * n, 2), bias: numbers(n, 3) },
      );
    }
  });

  it('multiplies doubles and parts of buffers', async () => {
    const options = { dtype: 'float64', home: 'state', buffer: 'all' } as const;
    const [a, b] = [input('a', [3, 4], options), input('b', [4, 5], { ...options, offset: 12 })];
    const computation = {
      outputs: { y: a.matmul(b).tanh() },
      buffers: { all: { home: 'state', dtype: 'float64', length: 32 } as const },
    };
    await expectOracle(computation, { a: numbers(12), b: numbers(20, 2) }, { tolerance: 1e-12 });
  });
});

describe('gather', () => {
  it('takes rows, scales pixels', async () => {
    const data = input('data', [6, 7], { dtype: 'uint8', home: 'data' });
    const labels = input('labels', [6], { dtype: 'int32', home: 'data' });
    const rows = input('rows', [4], { dtype: 'int32' });
    await expectOracle(
      { outputs: { x: data.gather(rows).cast('float32').div(255), y: labels.gather(rows) } },
      { data: numbers(42, 1, 400).map(Math.abs), labels: [5, 4, 3, 2, 1, 0], rows: [3, 0, 5, 3] },
    );
  });

  it('takes rows of higher rank by computed numbers', async () => {
    const data = input('data', [5, 2, 3]);
    const rows = input('rows', [4], { dtype: 'int32' });
    await expectOracle(
      {
        outputs: {
          y: data.gather(rows.add(1)).mul(data.gather(rows.mul(2)).square()),
          t: data.transpose([0, 2, 1]).gather(rows).neg(),
        },
      },
      { data: numbers(30), rows: [0, 2, 1, 1] },
    );
  });
});

describe('random', () => {
  it('draws what the oracle draws', async () => {
    const step = input('step', [], { dtype: 'int32', home: 'state' });
    const x = input('x', [20, 30]);
    const mask = uniform([20, 30], { seed: 7, purpose: 'dropout', step }).less(0.5);
    const computation = {
      updates: new Map([[step, step.add(1)]]),
      outputs: {
        dropped: mask.select(x, 0),
        noise: normal([50], { seed: 3, purpose: 'noise' }),
        sum: mask.cast('float32').sum(0),
      },
    };
    await expectOracle(computation, { x: numbers(600), step: [5] }, { steps: 3 });
  });
});

describe('state', () => {
  it('is updated in place, several at once, step after step', async () => {
    const options = { home: 'state', buffer: 'parameters' } as const;
    const [w, b] = [input('w', [3, 2], options), input('b', [2], { ...options, offset: 6 })];
    const [vw, vb] = [
      input('vw', [3, 2], { home: 'state', buffer: 'velocity' }),
      input('vb', [2], { home: 'state', buffer: 'velocity', offset: 6 }),
    ];
    const rate = input('rate', []);
    const [x, y] = [input('x', [5, 3]), input('y', [5, 2])];
    const loss = x.matmul(w).add(b).tanh().sub(y).square().mean();
    const [gw, gb] = grad(loss, [w, b]) as [Tensor, Tensor];
    const updates = new Map<Tensor, Tensor>();
    for (const [p, v, g] of [
      [w, vw, gw],
      [b, vb, gb],
    ] as const) {
      const velocity = v.mul(0.9).add(g);
      updates.set(v, velocity);
      updates.set(p, p.sub(velocity.mul(rate)));
    }
    const buffers = {
      parameters: { home: 'state', dtype: 'float32', length: 8 },
      velocity: { home: 'state', dtype: 'float32', length: 8 },
    } as const;
    await expectOracle(
      { updates, outputs: { loss }, buffers },
      {
        w: numbers(6),
        b: numbers(2, 2),
        vw: numbers(6, 3),
        vb: numbers(2, 4),
        rate: [0.1],
        x: numbers(15, 5),
        y: numbers(10, 6),
      },
      { steps: 4 },
    );
  });

  it('can be swapped', async () => {
    const [a, b] = [input('a', [3], { home: 'state' }), input('b', [3], { home: 'state' })];
    const computation = {
      updates: new Map([
        [a, b.mul(1)],
        [b, a.add(0)],
      ]),
      outputs: { both: a.sub(b).add(constant(1)) },
    };
    await expectOracle(computation, { a: [1, 2, 3], b: [4, 5, 6] }, { steps: 3 });
  });
});
