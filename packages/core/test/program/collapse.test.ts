import { describe, expect, it } from 'vitest';
import { concat, iota, placeholder, type Tensor, uniform } from '../../src/index.ts';
import { collapseAxes } from '../../src/program/collapse.ts';
import type { Kernel, MapKernel, Program, ReduceKernel } from '../../src/program/program.ts';
import { execute, programOf, sampleBuffers } from '../support/programs.ts';

/** A kernel over more loops than it needs: its axes of `sizes`, split in two where they can be. */
function spread<K extends Kernel>(kernel: K, parts: readonly (readonly number[])[]): K {
  const split = (strides: readonly number[]): number[] =>
    strides.flatMap((stride, axis) => {
      const sizes = parts[axis] as readonly number[];
      return sizes.map((_, i) => stride * sizes.slice(i + 1).reduce((product, size) => product * size, 1));
    });
  const rank = kernel.shape.length;
  return {
    ...kernel,
    shape: parts.slice(0, rank).flat(),
    ...(kernel.kind === 'reduce' && { over: parts.slice(rank).flat() }),
    uses: kernel.uses.map((use) => ({ ...use, view: { ...use.view, strides: split(use.view.strides) } })),
  };
}

const kernelsOf = (outputs: Record<string, Tensor>): Program => programOf({ outputs });
const sizes = (kernel: Kernel): number[][] => [
  [...kernel.shape],
  kernel.kind === 'reduce' ? [...kernel.over] : [],
];

describe('collapseAxes', () => {
  const x = placeholder('x', [4, 6]);
  const y = placeholder('y', [6]);

  it('makes one loop of those that every view runs through without a gap', () => {
    const { kernels } = kernelsOf({ y: placeholder('a', [2, 3, 4]).add(placeholder('b', [2, 3, 4])) });
    expect(sizes(kernels[0] as Kernel)).toEqual([[24], []]);
  });

  it('leaves a loop alone that some view walks otherwise', () => {
    expect(sizes(kernelsOf({ r: x.add(y) }).kernels[0] as Kernel)).toEqual([[4, 6], []]);
    expect(sizes(kernelsOf({ r: x.transpose().exp() }).kernels[0] as Kernel)).toEqual([[6, 4], []]);
    expect(sizes(kernelsOf({ r: x.slice([0, 1], [4, 6]).exp() }).kernels[0] as Kernel)).toEqual([[4, 5], []]);
  });

  it('joins what broadcasts over the same axes', () => {
    const a = placeholder('a', [5, 2, 3]).add(placeholder('b', [2, 3]));
    expect(sizes(kernelsOf({ r: a }).kernels[0] as Kernel)).toEqual([[5, 6], []]);
  });

  it('keeps loops over results and loops that are reduced over apart', () => {
    const sum = placeholder('a', [3, 4, 5, 6]).sum([2, 3]);
    expect(sizes(kernelsOf({ sum }).kernels[0] as Kernel)).toEqual([[12], [30]]);
    expect(sizes(kernelsOf({ sum: x.sum() }).kernels[0] as Kernel)).toEqual([[], [24]]);
  });

  it('drops axes of size 1, but keeps one to reduce over', () => {
    expect(sizes(kernelsOf({ r: placeholder('a', [1, 5, 1]).exp() }).kernels[0] as Kernel)).toEqual([
      [5],
      [],
    ]);
    const argmax = placeholder('a', [4, 1]).argmax();
    expect(sizes(kernelsOf({ argmax }).kernels[0] as Kernel)).toEqual([[4], [1]]);
  });

  it('keeps the axis that picks the rows of a gather', () => {
    const rows = placeholder('rows', [1], { dtype: 'int32' });
    const { kernels } = kernelsOf({ r: placeholder('a', [3, 2, 4]).gather(rows) });
    expect(sizes(kernels[0] as Kernel)).toEqual([[1, 8], []]);
  });

  it('minds coordinates, choices and random numbers', () => {
    expect(sizes(kernelsOf({ r: iota([2, 3], 1).add(1) }).kernels[0] as Kernel)[0]).toEqual([2, 3]);
    expect(sizes(kernelsOf({ r: concat([x, x], 1).neg() }).kernels[0] as Kernel)[0]).toEqual([4, 12]);
    expect(sizes(kernelsOf({ r: concat([x, x]).neg() }).kernels[0] as Kernel)[0]).toEqual([8, 6]);
    const draw = uniform([2, 3], { seed: 1, purpose: 'a' });
    expect(sizes(kernelsOf({ r: draw }).kernels[0] as Kernel)[0]).toEqual([6]);
    expect(sizes(kernelsOf({ r: draw.transpose() }).kernels[0] as Kernel)[0]).toEqual([3, 2]);
  });

  it('undoes any splitting of loops, and keeps the results', () => {
    const map = kernelsOf({ r: x.mul(2).add(y) });
    const reduce = kernelsOf({ r: x.square().sum(0).add(y) });
    const cases: [Program, Kernel][] = [
      [
        map,
        spread(map.kernels[0] as MapKernel, [
          [2, 1, 2],
          [3, 2],
        ]),
      ],
      [
        reduce,
        spread(reduce.kernels[0] as ReduceKernel, [
          [2, 3, 1],
          [1, 4],
        ]),
      ],
    ];
    for (const [program, longer] of cases) {
      const [kernel] = program.kernels as [Kernel];
      const collapsed = collapseAxes(longer);
      const buffers = sampleBuffers(program);
      expect(collapsed).toEqual(kernel);
      expect(execute([longer], buffers)).toEqual(execute([kernel], buffers));
      expect(execute([collapsed], buffers)).toEqual(execute([kernel], buffers));
    }
  });
});
