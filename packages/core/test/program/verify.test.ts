// Every rule of verifyProgram against a program that breaks this rule alone.
import { describe, expect, it } from 'vitest';
import { concat, NeuriteError, type Program, placeholder, verifyProgram } from '../../src/index.ts';
import type { Expression } from '../../src/program/expression.ts';
import type { BufferInfo, Kernel, MatmulKernel, Use } from '../../src/program/program.ts';
import { programOf } from '../support/programs.ts';

const read = (buffer: number, strides = [1], offset = 0): Use => ({
  buffer,
  access: 'read',
  view: { offset, strides },
});
const write = (buffer: number, strides = [1], offset = 0): Use => ({
  buffer,
  access: 'write',
  view: { offset, strides },
});
const readUse = (use: number): Expression => ({ kind: 'read', dtype: 'float32', use });
const buffer = (
  id: number,
  name: string,
  home: BufferInfo['home'],
  rest: Partial<BufferInfo> = {},
): BufferInfo => ({
  id,
  name,
  home,
  dtype: 'float32',
  length: 4,
  offset: 0,
  live: [0, 1],
  ...rest,
});
const map = (uses: Use[], outputs: Expression[] = [readUse(0)]): Kernel => ({
  kind: 'map',
  label: 'hidden1',
  shape: [4],
  uses,
  outputs,
});

/** Two kernels in a row: x → middle → y, with a second scratch buffer and a state beside them. */
const sound: Program = {
  buffers: [
    buffer(0, 'x', 'input'),
    buffer(1, 'middle', 'scratch'),
    buffer(2, 'other', 'scratch', { offset: 64, live: [1, 1] }),
    buffer(3, 'y', 'output'),
    buffer(4, 'state', 'state'),
    buffer(5, 'rows', 'data', { dtype: 'int32' }),
  ],
  kernels: [map([read(0), write(1)]), map([read(1), write(2), write(3)], [readUse(0), readUse(0)])],
  names: {},
  scratchBytes: 128,
};
const withBuffer = (id: number, change: Partial<BufferInfo>): Program => ({
  ...sound,
  buffers: sound.buffers.map((each) => (each.id === id ? { ...each, ...change } : each)),
});
const withKernel = (position: number, kernel: Kernel): Program => ({
  ...sound,
  kernels: sound.kernels.with(position, kernel),
});

describe('verifyProgram', () => {
  it('accepts a sound program', () => {
    expect(() => verifyProgram(sound)).not.toThrow();
  });

  const faults: [what: string, program: Program, message: RegExp][] = [
    ['a buffer that calls itself by another number', withBuffer(2, { id: 7 }), /buffer 2 calls itself 7/],
    [
      'scratch buffers that overlap while both live',
      withBuffer(2, { offset: 0 }),
      /middle and other overlap/,
    ],
    ['scratch that sticks out of the memory', { ...sound, scratchBytes: 64 }, /other sticks out/],
    [
      'a buffer that is not there',
      withKernel(0, map([read(9), write(1)])),
      /uses buffer 9, which is not there/,
    ],
    [
      'a read beyond the end',
      withKernel(0, map([read(0, [1], 1), write(1)])),
      /kernel 0 \(hidden1\) reaches 1…4 of x/,
    ],
    ['a read before the start', withKernel(0, map([read(0, [-1]), write(1)])), /reaches -3…0 of x/],
    ['a write beyond the end', withKernel(0, map([read(0), write(1, [2])])), /reaches 0…6 of middle/],
    [
      'a use before the buffer lives',
      withBuffer(1, { live: [1, 1] }),
      /kernel 0 \(hidden1\) uses middle outside its life/,
    ],
    [
      'a use after its life',
      withBuffer(1, { live: [0, 0], offset: 0 }),
      /kernel 1 \(hidden1\) uses middle outside its life/,
    ],
    [
      'a read of what nobody has written',
      withKernel(0, map([read(1), write(1)])),
      /reads middle before it is written/,
    ],
    [
      'a read of an output that nobody has written',
      withKernel(0, map([read(3), write(1)])),
      /reads y before it is written/,
    ],
    ['a write to an input', withKernel(0, map([read(1), write(0)])), /reads middle before|writes x/],
    [
      'a write to data',
      withKernel(
        1,
        map([read(1), write(5), write(3)], [{ kind: 'constant', dtype: 'int32', value: 0 }, readUse(0)]),
      ),
      /writes rows/,
    ],
    [
      'an update of what is no state',
      withKernel(1, map([{ ...read(1), access: 'update' }, write(3)], [readUse(0), readUse(0)])),
      /updates middle, which is no state/,
    ],
    [
      'fewer formulas than writes',
      withKernel(1, map([read(1), write(2), write(3)], [readUse(0)])),
      /writes 2 times with 1 formulas/,
    ],
    [
      'a formula of another dtype',
      withKernel(0, map([read(0), write(1)], [{ kind: 'constant', dtype: 'int32', value: 0 }])),
      /writes int32 to float32/,
    ],
    [
      'a formula that reads no use',
      withKernel(0, map([read(0), write(1)], [readUse(2)])),
      /has a formula that reads use 2/,
    ],
    [
      'a formula that reads what is only written',
      withKernel(0, map([read(0), write(1)], [readUse(1)])),
      /has a formula that reads use 1/,
    ],
    [
      'a formula that reads a buffer as another dtype',
      withKernel(0, map([read(5), write(1)], [readUse(0)])),
      /reads 5 as float32/,
    ],
    ['an output that nobody writes', withKernel(1, map([read(1), write(2)])), /output y is never written/],
    [
      'a name for more than its buffer holds',
      { ...sound, names: { w: { buffer: 4, offset: 2, shape: [3] } } },
      /w does not lie in its buffer/,
    ],
    [
      'a write to a place that is read elsewhere in the same kernel',
      withKernel(0, map([read(0), write(1), read(4, [-1], 3), write(4)], [readUse(0), readUse(2)])),
      /writes to state where it also reads or writes other elements/,
    ],
    [
      'two writes to one place',
      withKernel(0, map([read(0), write(1), write(1)], [readUse(0), readUse(0)])),
      /writes to middle where it also reads or writes other elements/,
    ],
  ];
  it.each(faults)('finds %s', (_, program, message) => {
    let caught: unknown;
    try {
      verifyProgram(program);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(NeuriteError);
    const { code, message: text } = caught as NeuriteError;
    expect(code).toBe('internal');
    expect(text).toMatch(/^internal: /);
    expect(text.split('\n')[0]).toMatch(message);
    expect(text).toContain('2 kernels, 6 buffers');
  });

  it('wants an operand of a product to have a stride of 1', () => {
    const [a, b] = [placeholder('a', [3, 4]), placeholder('b', [4, 5])];
    const program = programOf({ outputs: { y: a.matmul(b) } });
    const [kernel] = program.kernels as [MatmulKernel];
    const uses = kernel.uses.with(kernel.left, read(0, [2, 2]));
    expect(() => verifyProgram({ ...program, kernels: [{ ...kernel, uses }] })).toThrow(
      /strides 2,2, none of them 1/,
    );
  });

  it('lets parts of one buffer be read and updated side by side', () => {
    const part = { home: 'state', buffer: 'all' } as const;
    const [a, b] = [placeholder('a', [3], part), placeholder('b', [3], { ...part, offset: 3 })];
    const buffers = { all: { home: 'state', dtype: 'float32', length: 6 } } as const;
    const program = programOf({ updates: new Map([[a, a.add(b)]]), buffers });
    expect(program.kernels[0]?.uses.map(({ access }) => access)).toEqual(['update', 'read']);
    expect(() => verifyProgram(program)).not.toThrow();
  });

  it('knows how far reductions, products and gathers reach', () => {
    const x = placeholder('x', [3, 4]);
    const sum = programOf({ outputs: { y: x.square().sum(0) } });
    const product = programOf({ outputs: { y: x.matmul(placeholder('w', [4, 5])) } });
    const gather = programOf({ outputs: { y: x.gather(placeholder('rows', [2], { dtype: 'int32' })) } });
    for (const program of [sum, product, gather]) {
      expect(() => verifyProgram(program)).not.toThrow();
      const buffers = program.buffers.map((each) => (each.name === 'x' ? { ...each, length: 3 } : each));
      if (program === gather) continue; // any row may be chosen: whoever fills the indices checks them
      expect(() => verifyProgram({ ...program, buffers, names: {} })).toThrow(/reaches 0…11 of x/);
    }
  });

  it('lets a choice name elements that are not there in the branch that is not taken', () => {
    const x = placeholder('x', [3]);
    expect(() => verifyProgram(programOf({ outputs: { y: concat([x, x]).pad([1], [1]) } }))).not.toThrow();
  });
});
