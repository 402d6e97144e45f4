// Corners of the dtypes, as core's `convert` has them, and truth values in every role.
import { concat, constant, placeholder, type Tensor, uniform } from '@neurite/core';
import { checkComputation } from '@neurite/testing';
import { describe, expect, it } from 'vitest';
import { sharingBackend } from './sharingBackend.ts';

describe.each([1, 3])('on %i threads', (threads) => {
  const backend = sharingBackend(threads);

  it('truncates floats beyond the integers modulo 2³², and what is not finite to 0', async () => {
    const values = [
      2147483520,
      2147483648,
      -2147483648,
      -2147483904,
      3e9,
      -3e9,
      4294967296,
      6e9,
      -1e10,
      1e20,
      -1e30,
      255.9,
      256.5,
      -0.5,
      -255.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      1e-40,
    ];
    const x = placeholder('x', [values.length]);
    const outputs = {
      integers: x.cast('int32'),
      bytes: x.cast('uint8'),
      both: x.cast('int32').cast('uint8').cast('float32'),
    };
    await checkComputation(backend, { outputs }, { x: values }, { tolerance: 0 });
  });

  it('keeps bytes within a byte', async () => {
    const bytes = placeholder('bytes', [6, 7], { dtype: 'uint8' });
    const values = { bytes: Array.from({ length: 42 }, (_, i) => (i * 37) % 256) };
    const outputs: Record<string, Tensor> = {
      most: bytes.max(0),
      above: bytes.greater(constant(300, { dtype: 'uint8' })),
      equal: bytes.equal(constant(37 + 256, { dtype: 'uint8' })),
      joined: concat([bytes, bytes.pad([0, 1], [0, 0], 260).slice([0, 0], [6, 7])]),
    };
    for (const axes of [[0], [1], [0, 1]]) {
      outputs[`sum ${axes}`] = bytes.sum(axes);
      outputs[`as float ${axes}`] = bytes.sum(axes).cast('float32').mul(0.5);
    }
    await checkComputation(backend, { outputs }, values, { tolerance: 0 });
  });

  it('wraps integers', async () => {
    const [a, b] = [placeholder('a', [5], { dtype: 'int32' }), placeholder('b', [5], { dtype: 'int32' })];
    const values = { a: [2147483647, -2147483648, 65536, -7, 123456], b: [1, -1, 65536, 3, 1000] };
    const outputs = {
      sum: a.add(b),
      difference: a.sub(b),
      product: a.mul(b),
      negative: a.neg(),
      all: a.sum(),
      square: b.square(),
      sign: a.sign(),
      largest: a.argmax(),
    };
    await checkComputation(backend, { outputs }, values, { tolerance: 0 });
  });

  it('takes truth for numbers, and numbers for truth', async () => {
    const [x, y] = [placeholder('x', [4, 9]), placeholder('y', [9])];
    const rows = placeholder('rows', [5], { dtype: 'int32' });
    const values = {
      x: Array.from({ length: 36 }, (_, i) => (i % 7) - 3),
      y: [0, 1, -1, 2, -2, 3, 0, 1, 5],
      rows: [3, 0, 2, 2, 1],
    };
    const [less, same] = [x.less(y), x.equal(y)];
    const outputs: Record<string, Tensor> = {
      alike: less.equal(same),
      ordered: less.lessEqual(same).cast('float32').add(less.cast('float32')),
      chosen: same.select(less, x.greater(0)),
      byBytes: x.cast('uint8').select(x, y.broadcastTo([4, 9])),
      asInteger: less.cast('int32').mul(3),
      asFloat: less.cast('float32').sub(0.5),
      any: less.max(1),
      where: less.argmax(1),
      count: less.cast('float32').sum(0),
      padded: less.pad([1, 1], [0, 2], 1).cast('float32').mul(2),
      gathered: less.gather(rows),
      nested: less.select(same.select(x, 1), less.select(2, y.broadcastTo([4, 9]))),
    };
    await checkComputation(backend, { outputs }, values, { tolerance: 0 });
  });

  it('computes on single numbers', async () => {
    const [a, b] = [placeholder('a', []), placeholder('b', [1, 1])];
    const state = placeholder('state', [], { home: 'state' });
    const computation = {
      outputs: {
        y: a.mul(b.reshape([])).exp(),
        z: b.matmul(b).add(a),
        max: b.max(),
        sum: b.sum().add(state),
        place: b.argmax(0),
      },
      updates: new Map([[state, state.mul(0.5).add(a)]]),
    };
    await checkComputation(backend, computation, { a: [0.3], b: [2], state: [7] }, { steps: 3 });
  });

  it('computes what is used again and again once', async () => {
    const x = placeholder('x', [6]);
    let y: Tensor = x;
    for (let i = 0; i < 60; i++) y = y.mul(y).sub(y).mul(0.5); // 3⁶⁰ paths
    const padded = y.pad([1], [2], 3).mul(2);
    await checkComputation(backend, { outputs: { y, padded } }, { x: [0, 1, -1, 0.5, 0.3, -0.7] });
  });

  it('draws random numbers inside pieces, at a step that is kept', async () => {
    const step = placeholder('step', [], { dtype: 'int32', home: 'state' });
    const x = placeholder('x', [3, 5]);
    const noise = uniform([3, 5], { seed: 1, purpose: 'noise', step });
    const outputs = {
      joined: concat([noise.add(x), x, noise.mul(x)]).mul(2),
      padded: noise.add(1).pad([1, 1], [0, 2], 5).neg(),
    };
    const values = { x: Array.from({ length: 15 }, (_, i) => i), step: [7] };
    await checkComputation(backend, { outputs, updates: new Map([[step, step.add(1)]]) }, values, {
      steps: 2,
      tolerance: 0,
    });
  });

  it('has no instructions for what no program may say', async () => {
    const kernel = {
      kind: 'map',
      label: 'strange',
      shape: [2],
      uses: [
        { buffer: 0, access: 'read', view: { offset: 0, strides: [1] } },
        { buffer: 1, access: 'write', view: { offset: 0, strides: [1] } },
      ],
      outputs: [
        {
          kind: 'operation',
          dtype: 'int32',
          operation: 'sqrt',
          operands: [{ kind: 'read', dtype: 'int32', use: 0 }],
        },
      ],
    } as const;
    const buffer = { home: 'output', dtype: 'int32', length: 2, offset: 0, live: [0, 0] } as const;
    const program = {
      buffers: [
        { ...buffer, id: 0, name: 'x', home: 'input' as const },
        { ...buffer, id: 1, name: 'y' },
      ],
      kernels: [kernel],
      names: {},
      scratchBytes: 0,
    };
    await expect(backend.compile(program)).rejects.toMatchObject({
      code: 'internal',
      message: 'internal: there are no instructions for sqrt of int32',
    });
  });
});
