import { describe, expect, it } from 'vitest';
import { placeholder, type Tensor } from '../../src/index.ts';
import { fuse, keepsElements } from '../../src/program/fuse.ts';

const of = (...shape: number[]): Tensor => placeholder('x', shape);

describe('keepsElements', () => {
  it.each([
    ['a transpose of a column', of(4, 1).transpose()],
    ['a transpose that moves an axis of size 1', of(1, 3, 4).transpose([1, 0, 2])],
    ['an axis of size 1 in front', of(4).broadcastTo([1, 4])],
    ['a slice of everything', of(3, 4).slice([0, 0], [3, 4])],
    ['stopGradient', of(3, 4).stopGradient()],
    ['a reshape that takes an axis of size 1 away', of(4, 1, 4).reshape([4, 4])],
    ['a reshape that adds one', of(4, 4).reshape([4, 1, 4])],
  ])('%s does', (_, tensor) => {
    expect(keepsElements(tensor)).toBe(true);
  });

  it.each([
    ['a transpose of a square', of(3, 3).transpose()],
    ['a transpose of a square beside an axis of size 1', of(1, 3, 3).transpose()],
    ['a transpose of a square around an axis of size 1', of(3, 1, 3).transpose()],
    ['a transpose of two of three equal axes', of(3, 3, 3).transpose([0, 2, 1])],
    ['a transpose of a rectangle', of(2, 3).transpose()],
    ['a stretch', of(3, 1).broadcastTo([3, 3])],
    ['a stretch to more rows', of(3).broadcastTo([3, 3])],
    ['a part', of(3, 4).slice([0, 1], [3, 4])],
    ['another grouping', of(2, 6).reshape([6, 2])],
    ['a row for a matrix', of(2, 3).reshape([1, 6])],
    ['an operation', of(3, 4).exp()],
  ])('%s does not', (_, tensor) => {
    expect(keepsElements(tensor)).toBe(false);
  });
});

describe('fuse', () => {
  it('places every root, and stores what is read from elsewhere', () => {
    const product = of(3, 3).matmul(placeholder('w', [3, 3]));
    const roots = [product.tanh(), product.sum(0)];
    const { clusters, place } = fuse(roots);
    expect(clusters).toHaveLength(2);
    for (const root of roots) expect(place.get(root)?.stored.has(root)).toBe(true);
    expect(place.get(product)?.stored.has(product)).toBe(true);
    expect(place.get(roots[1] as Tensor)?.dependencies).toEqual(new Set([place.get(product)]));
  });
});
