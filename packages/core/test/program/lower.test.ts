// What is fused, shared, ordered and laid out, kernel by kernel. That the numbers are right is shown in @neurite/testing,
// on programs drawn by lot.
import { describe, expect, it } from 'vitest';
import {
  type Computation,
  concat,
  constant,
  grad,
  iota,
  logSumExp,
  type Program,
  placeholder,
  printProgram,
  type Tensor,
  uniform,
  verifyProgram,
} from '../../src/index.ts';
import { label } from '../../src/tensor/labels.ts';
import { programOf } from '../support/programs.ts';

const x = placeholder('x', [8, 5]);
const w = placeholder('w', [5, 3]);
const b = placeholder('b', [3]);
const state = (name: string, shape: number[] = [4]): Tensor => placeholder(name, shape, { home: 'state' });

const verified = (computation: Computation, inPlace = true): Program => {
  const program = programOf(computation, { inPlace });
  verifyProgram(program);
  return program;
};
const kernelsOf = (outputs: Record<string, Tensor>): string[] =>
  verified({ outputs }).kernels.map(({ kind }) => kind);
const scratchOf = ({ buffers }: Program): number[] =>
  buffers.filter(({ home }) => home === 'scratch').map(({ length }) => length);
const accesses = (program: Program, name: string): string[] =>
  program.kernels.flatMap(({ uses }) =>
    uses.filter(({ buffer }) => program.buffers[buffer]?.name === name).map(({ access }) => access),
  );

describe('fusion', () => {
  it('makes one map of a chain of element-wise work', () => {
    expect(kernelsOf({ y: x.mul(2).add(1).tanh().square().neg() })).toEqual(['map']);
  });

  it('computes several results in one map', () => {
    const shared = x.exp();
    const program = verified({ outputs: { a: shared.add(1), b: shared.mul(2), c: shared } });
    expect(program.kernels).toHaveLength(1);
    expect(program.kernels[0]?.outputs).toHaveLength(3);
  });

  it('puts bias and activation behind the product', () => {
    const z = x.matmul(w).add(b);
    expect(kernelsOf({ y: z.greater(0).select(z, 0) })).toEqual(['matmul']);
    expect(kernelsOf({ y: z.tanh(), z })).toEqual(['matmul']);
  });

  it('sees through views and reshapes that only add or take away axes of size 1', () => {
    const column = x.matmul(placeholder('c', [5, 1]));
    const row = placeholder('row', [8]);
    expect(kernelsOf({ y: column.transpose().add(row).tanh() })).toEqual(['matmul']);
    expect(kernelsOf({ y: column.reshape([8]).add(row).reshape([1, 8, 1]).tanh() })).toEqual(['matmul']);
    expect(kernelsOf({ y: column.broadcastTo([1, 1, 8, 1]).slice([], []).neg() })).toEqual(['matmul']);
  });

  it('computes what is reduced inside the reduction, and goes on behind it', () => {
    expect(kernelsOf({ y: x.sub(1).square().mean().sqrt() })).toEqual(['reduce']);
    expect(scratchOf(verified({ outputs: { y: x.exp().sum(1).log() } }))).toEqual([]);
  });

  it('scales rows in the kernel that gathers them', () => {
    const rows = placeholder('rows', [4], { dtype: 'int32' });
    const images = placeholder('images', [100, 9], { dtype: 'uint8', home: 'data' });
    expect(kernelsOf({ y: images.gather(rows).cast('float32').div(255) })).toEqual(['gather']);
  });

  it('reads transposed, sliced and stretched operands as they lie', () => {
    const cases: Tensor[] = [
      w.transpose().matmul(x.transpose()),
      x.slice([0, 1], [8, 4]).matmul(placeholder('v', [3, 3])),
      x
        .transpose()
        .slice([1, 0], [5, 8])
        .matmul(placeholder('u', [8, 2])),
      placeholder('flat', [40]).reshape([8, 5]).matmul(w),
      x.reshape([1, 8, 5]).reshape([8, 5]).matmul(w),
    ];
    for (const y of cases) {
      const program = verified({ outputs: { y } });
      expect(program.kernels.map(({ kind }) => kind)).toEqual(['matmul']);
      expect(scratchOf(program)).toEqual([]);
    }
  });

  it('copies an operand that cannot be read by strides', () => {
    const stretched = placeholder('row', [1, 5]).broadcastTo([8, 5]);
    expect(kernelsOf({ y: stretched.matmul(w) })).toEqual(['map', 'matmul']);
    expect(kernelsOf({ y: concat([x, x]).matmul(w) })).toEqual(['map', 'matmul']);
  });

  it('reads what was stored under another grouping where it lies', () => {
    const stored = x.exp();
    const rows = placeholder('rows', [2], { dtype: 'int32' });
    expect(kernelsOf({ y: stored.reshape([5, 8]).matmul(placeholder('u', [8, 2])) })).toEqual([
      'map',
      'matmul',
    ]);
    expect(kernelsOf({ y: stored.reshape([10, 4]).gather(rows) })).toEqual(['map', 'gather']);
    expect(kernelsOf({ y: stored.reshape([4, 10]).reshape([2, 20]).sum(0) })).toEqual(['map', 'reduce']);
  });

  it('stores costly work that two kernels read, and repeats light work', () => {
    const costly = x.exp();
    expect(kernelsOf({ a: costly.sum(0), b: costly.sum(1) })).toEqual(['map', 'reduce', 'reduce']);
    const chain = costly.mul(2).sin();
    const sums = { a: chain.sum(0), b: chain.sum(1), c: costly.sum(0), d: costly.sum(1) };
    expect(kernelsOf(sums).filter((kind) => kind === 'map')).toHaveLength(1);
    const light = x.mul(2);
    expect(kernelsOf({ a: light.sum(0), b: light.sum(1) })).toEqual(['reduce', 'reduce']);
  });

  it('stores light work too where a maximum is looked for in it again', () => {
    const light = x.mul(0.3);
    const [gradient] = grad(light.max(1).sum(), [x]) as [Tensor];
    expect(kernelsOf({ gradient })[0]).toBe('map');
    expect(kernelsOf({ largest: light.max(1) })).toEqual(['reduce']);
  });

  it('draws random numbers where they are needed, once', () => {
    const mask = uniform([8, 3], { seed: 1, purpose: 'mask' }).less(0.5);
    const y = mask.select(x.matmul(w), 0);
    const [gradient] = grad(y.square().sum(), [w]) as [Tensor];
    const program = verified({ outputs: { y, gradient } });
    const draws = printProgram(program).match(/random\(/g) ?? [];
    expect(draws).toHaveLength(1);
  });

  it('needs three passes over the rows for a softmax cross-entropy and its gradient', () => {
    const logits = placeholder('logits', [64, 10]);
    const loss = logSumExp(logits)
      .sub(logits.slice([0, 0], [64, 1]).reshape([64]))
      .mean();
    const [gradient] = grad(loss, [logits]) as [Tensor];
    // max, exp, sum, gradient: the loss itself has no reader.
    expect(kernelsOf({ gradient })).toEqual(['reduce', 'map', 'reduce', 'map']);
  });
});

describe('sharing', () => {
  it('computes equal formulas once, wherever they were written', () => {
    const program = verified({
      outputs: { a: x.matmul(w).add(b).exp(), c: x.matmul(w).add(b).exp().sum(0) },
    });
    expect(program.kernels.map(({ kind }) => kind)).toEqual(['matmul', 'reduce']);
  });

  it('leaves out what nobody reads', () => {
    const unread = x.matmul(w);
    const loss = unread.square().mean();
    grad(loss, [w]);
    expect(verified({ outputs: { y: x.add(1) } }).buffers.map(({ name }) => name)).toEqual(['x', 'y']);
  });

  it('computes nothing that is known', () => {
    const program = verified({ outputs: { y: x.mul(constant(2).mul(3).sub(5)) } });
    expect(printProgram(program)).toContain('y[i] = float32(x[i])');
  });
});

describe('outputs', () => {
  it('may be inputs, constants, coordinates, views, and the same tensor twice', () => {
    const outputs = {
      input: x,
      constant: constant(3, { shape: [2] }),
      coordinate: iota([3]),
      view: x.transpose(),
      reshaped: x.reshape([40]),
      again: x.transpose(),
      rows: x.gather(constant(1, { shape: [2], dtype: 'int32' })),
    };
    const program = verified({ outputs });
    for (const [name, { shape, dtype }] of Object.entries(outputs)) {
      const region = program.names[name] as Program['names'][string];
      expect(region.shape).toEqual(shape);
      expect(program.buffers[region.buffer]).toMatchObject({ name, home: 'output', dtype });
    }
  });

  it('are computed though another output is made of them', () => {
    const hidden = x.matmul(w).tanh();
    const program = verified({ outputs: { hidden, y: hidden.sum(1), z: hidden } });
    expect(program.kernels.map(({ kind }) => kind)).toEqual(['matmul', 'reduce']);
  });
});

describe('state', () => {
  const a = state('a');
  const c = state('c');

  it('is updated in place where only its own element is read', () => {
    const program = verified({ updates: new Map([[a, a.mul(0.9).add(1)]]) });
    expect(accesses(program, 'a')).toEqual(['update']);
    expect(program.scratchBytes).toBe(0);
  });

  it('is computed aside and copied where the backend does not take in-place kernels', () => {
    const program = verified({ updates: new Map([[a, a.mul(0.9).add(1)]]) }, false);
    expect(accesses(program, 'a')).toEqual(['read', 'write']);
    expect(scratchOf(program)).toEqual([4]);
  });

  it('is overwritten only after everybody has read the old numbers', () => {
    const program = verified({
      updates: new Map([[a, a.add(1)]]),
      outputs: { old: a.sum(), squared: a.square().max() },
    });
    const writer = program.kernels.findIndex(({ uses }) => uses.some(({ access }) => access === 'update'));
    expect(writer).toBe(program.kernels.length - 1);
  });

  it('can be swapped, one in place and one aside', () => {
    const program = verified({
      updates: new Map([
        [a, c.mul(1)],
        [c, a.mul(1)],
      ]),
    });
    const copied = program.kernels.filter(({ label }) => label.startsWith('→'));
    expect(copied.length).toBeGreaterThan(0);
    expect(scratchOf(program).length).toBeGreaterThan(0);
  });

  it('is not overwritten by a product that reads it, nor by its own transpose', () => {
    const m = state('m', [3, 3]);
    for (const value of [m.matmul(m), m.add(m.transpose())]) {
      expect(accesses(verified({ updates: new Map([[m, value]]) }), 'm')).not.toContain('update');
    }
  });

  it('is updated behind the product that its gradient is', () => {
    const parameter = state('parameter', [5, 3]);
    const [gradient] = grad(x.matmul(parameter).sum(), [parameter]) as [Tensor];
    const program = verified({ updates: new Map([[parameter, parameter.sub(gradient.mul(0.1))]]) });
    expect(accesses(program, 'parameter')).toContain('update');
    expect(scratchOf(program)).not.toContain(15);
  });

  it('takes one result for two states, and an update that is an output as well', () => {
    const next = a.add(c);
    const program = verified({
      updates: new Map([
        [a, next],
        [c, next],
      ]),
      outputs: { next },
    });
    expect(program.buffers.filter(({ home }) => home === 'output')).toHaveLength(1);
  });

  it('is not touched where the update is the state itself', () => {
    const program = verified({ updates: new Map([[a, a.add(0)]]) });
    expect(program.kernels.length).toBeLessThanOrEqual(1);
  });
});

describe('the layout', () => {
  it('knows inputs, state and outputs by name, each part of a buffer by its own', () => {
    const part = { home: 'state', buffer: 'parameters' } as const;
    const [weight, bias] = [
      placeholder('weight', [2, 3], part),
      placeholder('bias', [3], { ...part, offset: 6 }),
    ];
    const buffers = { parameters: { home: 'state', dtype: 'float32', length: 20 } } as const;
    const program = verified({ outputs: { y: weight.add(bias) }, buffers });
    expect(program.buffers[0]).toMatchObject({ name: 'parameters', home: 'state', length: 20 });
    expect(program.names).toMatchObject({
      weight: { buffer: 0, offset: 0, shape: [2, 3] },
      bias: { buffer: 0, offset: 6, shape: [3] },
      y: { offset: 0, shape: [2, 3] },
    });
  });

  it('has declared buffers though nothing touches them', () => {
    const buffers = { step: { home: 'state', dtype: 'int32', length: 1 } } as const;
    expect(verified({ buffers })).toMatchObject({
      kernels: [],
      buffers: [{ name: 'step' }],
      scratchBytes: 0,
    });
  });

  it('reuses scratch memory of what is no longer needed', () => {
    let tensor = x.matmul(placeholder('square', [5, 5]));
    for (let i = 0; i < 6; i++) tensor = tensor.matmul(placeholder(`square${i}`, [5, 5]));
    const program = verified({ outputs: { y: tensor } });
    expect(scratchOf(program)).toHaveLength(6);
    expect(program.scratchBytes).toBe(2 * 192);
  });
});

describe('labels', () => {
  it('say what made a kernel, and which state it updates', () => {
    const labels = new Map<Tensor, string>();
    const hidden = x.matmul(w).tanh();
    label(labels, hidden, 'hidden1');
    const a = state('a', [8, 3]);
    const program = verified({ updates: new Map([[a, a.add(hidden)]]), labels });
    expect(program.kernels.map((kernel) => kernel.label)).toEqual(['hidden1 → a']);
  });
});

describe('what cannot be lowered', () => {
  it('a dtype that the backend lacks', () => {
    const double = placeholder('d', [2], { dtype: 'float64' });
    expect(() => programOf({ outputs: { y: double.exp() } }, { dtypes: ['float32', 'int32'] })).toThrow(
      expect.objectContaining({
        code: 'unsupported',
        message: 'the backend computes with float32, int32, but the program needs float64',
      }),
    );
  });

  it('an update of another shape or dtype', () => {
    const a = state('a');
    expect(() => programOf({ updates: new Map([[a, a.sum()]]) })).toThrow(
      /^update of "a" takes float32 \[4\], but got float32 \[\]$/,
    );
    expect(() => programOf({ updates: new Map([[a, a.cast('float64')]]) })).toThrow(/but got float64 \[4\]/);
  });

  it('an update of what is no state', () => {
    expect(() => programOf({ updates: new Map([[x, x.add(1)]]) })).toThrow(
      /^internal: only state can be updated$/,
    );
  });
});

describe('kernels', () => {
  it('do not wait for each other in a circle where costly work is read through a transpose and by two', () => {
    const m = state('m', [3, 3]);
    const costly = m.add(placeholder('z', [])).tanh();
    const turned = costly.transpose();
    const doubled = turned.add(turned);
    const shared = doubled.add(doubled);
    const program = verified({
      updates: new Map([[m, m.add(shared).tanh()]]),
      outputs: { y: shared.sum().mul(2).tanh() },
    });
    expect(program.kernels.length).toBeLessThanOrEqual(3);
  });
});

describe('large graphs', () => {
  it('are lowered quickly where everything is used twice', () => {
    const product = x.matmul(placeholder('square', [5, 5]));
    const doubled = Array.from({ length: 22 }).reduce<Tensor>((tensor) => tensor.add(tensor), product);
    const program = verified({
      outputs: { stored: product.transpose().matmul(product), y: doubled.sum(0).mul(doubled.sum()) },
    });
    expect(program.kernels.length).toBeLessThan(8);
  });

  it('may have hundreds of operations in a row', () => {
    const deep = Array.from({ length: 200 }).reduce<Tensor>(
      (tensor, _, i) => tensor.add(i % 2 === 0 ? 1.5 : -1.5).mul(0.5),
      x,
    );
    expect(kernelsOf({ y: deep })).toEqual(['map']);
  });
});

describe('printProgram', () => {
  it('shows kernels with their formulas, and the buffers', () => {
    const z = x.matmul(w).add(b);
    const total = placeholder('total', [], { home: 'state' });
    const program = verified({
      updates: new Map([[total, total.add(z.square().sum())]]),
      outputs: { y: z.exp() },
    });
    expect(printProgram(program)).toMatchInlineSnapshot(`
      "0 matmul [8×3] over [5]  map
          product = x[5i + j] · w[3i + j]
          v0 = (product + b[j])
          scratch5[3i + j] = square(v0)
          y[3i + j] = exp(v0)
      1 sum [1] over [24]  → total
          sum of scratch5[i]
          total[0] := (total[0] + sum)
      2 kernels, 6 buffers: 332 bytes named, 128 bytes of scratch
        total: state float32[1]
        x: input float32[40]
        w: input float32[15]
        b: input float32[3]
        y: output float32[24]
        scratch5: scratch float32[24] at byte 0, live 0…1"
    `);
  });

  it('shows choices, coordinates, random numbers and gathers', () => {
    const rows = placeholder('rows', [2], { dtype: 'int32' });
    const outputs = {
      hot: rows.oneHot(3),
      padded: x.slice([0, 0], [1, 2]).pad([0, 1], [0, 0], 7),
      mask: uniform([2], { seed: 1, purpose: 'mask' }).less(0.5),
      chosen: x.gather(rows).transpose(),
    };
    expect(printProgram(verified({ outputs }))).toMatchInlineSnapshot(`
      "0 gather [2×5]  map
          row = x[5i + j] with i = rows[i]
          scratch6[5i + j] = row
      1 map [2×3]  map
          hot[3i + j] = float32((rows[i] == j))
      2 map [3]  map
          padded[i] = (1 <= i < 3 ? x[i + -1] : 7)
      3 map [2]  map
          mask[i] = ((float32(random(0, i)) * 5.960464477539063e-8) < 0.5)
      4 map [5×2]  map
          chosen[2i + j] = scratch6[i + 5j]
      5 kernels, 7 buffers: 246 bytes named, 64 bytes of scratch
        rows: input int32[2]
        x: input float32[40]
        hot: output float32[6]
        padded: output float32[3]
        mask: output uint8[2]
        chosen: output float32[10]
        scratch6: scratch float32[10] at byte 0, live 0…4"
    `);
  });
});
