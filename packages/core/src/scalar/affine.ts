// Index arithmetic: sums of loop counters with constant factors. Views of buffers are such sums.

/** offset + Σ strides[axis] · counter[axis], in elements. */
export interface Affine {
  readonly offset: number;
  readonly strides: readonly number[];
}

/** The same number everywhere in a loop nest of `rank` axes. */
export const constantIndex = (offset: number, rank: number): Affine => ({
  offset,
  strides: new Array(rank).fill(0),
});

/** Σ factors[i] · indices[i]. */
export function combine(indices: readonly Affine[], factors: readonly number[], rank: number): Affine {
  let offset = 0;
  const strides: number[] = new Array(rank).fill(0);
  indices.forEach((index, i) => {
    const factor = factors[i] as number;
    offset += factor * index.offset;
    index.strides.forEach((stride, axis) => {
      strides[axis] = (strides[axis] as number) + factor * stride;
    });
  });
  return { offset, strides };
}

export const shift = (index: Affine, by: number): Affine => ({
  offset: index.offset + by,
  strides: index.strides,
});

export const sameAffine = (a: Affine, b: Affine): boolean =>
  a.offset === b.offset &&
  a.strides.length === b.strides.length &&
  a.strides.every((s, i) => s === b.strides[i]);
