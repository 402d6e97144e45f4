// Kernels within limits: what is cut, and that the parts compute what the whole does.
import { describe, expect, it } from 'vitest';
import {
  type Computation,
  concat,
  type Program,
  placeholder,
  printProgram,
  type Tensor,
  uniform,
  verifyProgram,
} from '../../src/index.ts';
import { kernelLimits, type NumberArray } from '../../src/program/index.ts';
import { execute, programOf, sampleBuffers } from '../support/programs.ts';

const input = (name: string, shape: number[] = [4]): Tensor => placeholder(name, shape);
const state = (name: string, shape: number[] = [4]): Tensor => placeholder(name, shape, { home: 'state' });

/** Outputs and state by name, after one execution on numbers that depend on names alone. */
function results(program: Program): Record<string, number[]> {
  const known: Record<string, NumberArray> = {};
  const samples = sampleBuffers(program);
  const start = program.buffers.map(({ id, name, home }) => {
    const numbers = samples[id] as NumberArray;
    if (home === 'scratch') return numbers;
    const seed = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
    known[name] = numbers.map((_, i) => ((7 * i + 3 * seed) % 11) - 5);
    return known[name];
  });
  const after = execute(program.kernels, start);
  return Object.fromEntries(
    program.buffers
      .filter(({ home }) => home !== 'scratch')
      .map(({ id, name }) => [name, [...(after[id] as NumberArray)]]),
  );
}

/** The program within limits; it must keep the rules, and compute what the program without them computes. */
function limited(computation: Computation, limits: { maxReads?: number; maxWrites?: 1 }): Program {
  const program = programOf(computation, { limits: kernelLimits(limits) });
  verifyProgram(program);
  expect(results(program)).toEqual(results(programOf(computation)));
  return program;
}
const kinds = ({ kernels }: Program): string[] => kernels.map(({ kind }) => kind);
const written = ({ kernels, buffers }: Program): (string | undefined)[] =>
  kernels.flatMap(({ uses }) =>
    uses.filter(({ access }) => access !== 'read').map(({ buffer }) => buffers[buffer]?.name),
  );
const mostReads = ({ kernels }: Program): number =>
  Math.max(
    ...kernels.map(({ uses }) => new Set(uses.filter((u) => u.access !== 'write').map((u) => u.buffer)).size),
  );

const [x, y] = [input('x', [3, 5]), input('y', [5, 2])];
const product = x.matmul(y);

describe('kernels that write once', () => {
  it('stay as they are where nothing has to be cut', () => {
    const computation = { outputs: { z: product.add(input('bias', [2])).tanh() } };
    expect(
      printProgram(programOf(computation, { limits: kernelLimits({ maxReads: 7, maxWrites: 1 }) })),
    ).toBe(printProgram(programOf(computation)));
  });

  it('compute a product once, with what all results have in common', () => {
    const scores = product.add(1);
    const program = limited({ outputs: { a: scores.mul(2), b: scores.abs() } }, { maxWrites: 1 });
    expect(kinds(program)).toEqual(['matmul', 'map', 'map']);
    expect(program.kernels[0]?.outputs[0]).toMatchObject({ operation: 'add' });
  });

  it('put what they have in common straight where it belongs, if that is a result', () => {
    const [weight, velocity] = [state('weight', [3, 2]), state('velocity', [3, 2])];
    const next = velocity.mul(2).add(product);
    const updates = new Map([
      [weight, weight.sub(next)],
      [velocity, next],
    ]);
    const program = limited({ updates }, { maxWrites: 1 });
    expect(kinds(program)).toEqual(['matmul', 'map']);
    expect(written(program)).toEqual(['velocity', 'weight']);
  });

  it('keep it aside where others want the numbers that it overwrites', () => {
    const [weight, velocity] = [state('weight', [3, 2]), state('velocity', [3, 2])];
    const next = velocity.mul(2).add(product);
    const updates = new Map([
      [weight, weight.sub(next).add(velocity)],
      [velocity, next],
    ]);
    const program = limited({ updates }, { maxWrites: 1 });
    expect(kinds(program)).toEqual(['matmul', 'map', 'map']);
    expect(written(program).slice(1)).toEqual(['weight', 'velocity']);
  });

  it('read what others overwrite before they do', () => {
    const [a, b, c] = [state('a'), state('b'), state('c')];
    const updates = new Map([
      [b, b.add(a)],
      [c, c.mul(b)],
      [a, a.add(1)],
    ]);
    const names = written(limited({ updates }, { maxWrites: 1 }));
    expect(names.indexOf('c')).toBeLessThan(names.indexOf('b'));
    expect(names.indexOf('b')).toBeLessThan(names.indexOf('a'));
  });

  it('compute one aside where each overwrites what another reads', () => {
    const [a, b] = [state('a'), state('b')];
    const updates = new Map([
      [a, a.add(b)],
      [b, b.sub(a)],
    ]);
    const names = written(limited({ updates }, { maxWrites: 1 }));
    expect(names).toHaveLength(3);
    expect(names[0]).toMatch(/^scratch/);
    expect(names.slice(1)).toEqual(['b', 'a']);
  });

  it('sum, choose and draw as before', () => {
    const sums = x.square().sum(1);
    const drawn = uniform([3, 5], { seed: 1, purpose: 'mask' });
    const rows = placeholder('rows', [4], { dtype: 'int32' });
    const gathered = x.gather(rows.mul(0));
    limited(
      {
        outputs: {
          a: sums.add(1),
          b: sums.mul(sums),
          c: drawn.less(0.5),
          d: drawn.mul(x),
          e: gathered.neg(),
          f: gathered.abs().add(gathered),
        },
      },
      { maxWrites: 1 },
    );
  });
});

describe('kernels that read few buffers', () => {
  const many = Array.from({ length: 9 }, (_, i) => input(`input${i}`));

  it.each([3, 4, 7])('compute parts of a formula before: at most %i', (maxReads) => {
    const sum = many.reduce((total, each, i) => total.add(each.mul(i + 1)));
    const program = limited({ outputs: { sum } }, { maxReads });
    expect(mostReads(program)).toBeLessThanOrEqual(maxReads);
    expect(program.kernels.length).toBe(Math.ceil((9 - 1) / (maxReads - 1)));
  });

  it('join many tensors', () => {
    const joined = concat(many.map((each, i) => each.mul(i + 2)));
    const program = limited({ outputs: { joined } }, { maxReads: 3 });
    expect(mostReads(program)).toBeLessThanOrEqual(3);
  });

  it('read what lies behind a choice only where it is chosen', () => {
    const [first, second, third, fourth] = many as [Tensor, Tensor, Tensor, Tensor];
    const inner = first
      .mul(second)
      .add(third.mul(fourth))
      .add(many[4] as Tensor);
    const program = limited({ outputs: { padded: inner.pad([2], [3], 1).mul(2) } }, { maxReads: 3 });
    expect(mostReads(program)).toBeLessThanOrEqual(3);
  });

  it('take a product and what is made of it apart', () => {
    const rows = Array.from({ length: 4 }, (_, i) => input(`row${i}`, [2]));
    const z = rows.reduce((total, row) => total.add(row), product);
    const program = limited({ outputs: { z } }, { maxReads: 3 });
    expect(mostReads(program)).toBeLessThanOrEqual(3);
    expect(program.kernels.filter(({ kind }) => kind === 'matmul')).toHaveLength(1);
  });

  it('reduce over, and choose rows by, what was computed before', () => {
    const table = input('table', [4, 3]);
    const total = many.slice(0, 5).reduce((sum, each) => sum.mul(each));
    const rows = ['r', 's', 't', 'u'].map((name) => placeholder(name, [6], { dtype: 'int32' }));
    const row = rows.reduce((sum, each) => sum.mul(each));
    const program = limited({ outputs: { total: total.sum(), rows: table.gather(row) } }, { maxReads: 3 });
    expect(mostReads(program)).toBeLessThanOrEqual(3);
  });

  it('count parts of a state buffer one by one', () => {
    const part = (i: number): Tensor =>
      placeholder(`part${i}`, [4], { home: 'state', buffer: 'parts', offset: 4 * i });
    const sum = part(0).add(part(1)).add(part(2)).add(part(3));
    const buffers = { parts: { home: 'state', dtype: 'float32', length: 16 } } as const;
    expect(limited({ outputs: { sum }, buffers }, { maxReads: 3 }).kernels).toHaveLength(2);
  });
});
