// The same numbers under other coordinates: none of these computes anything.
import { NeuriteError } from '../../errors.ts';
import { constantIndex, shift } from '../../scalar/affine.ts';
import {
  broadcastShape,
  printShape,
  requireShape,
  type Shape,
  sameShape,
  sizeOf,
} from '../../scalar/shape.ts';
import type { PiecesOp, ReshapeOp, ViewOp } from '../op.ts';
import type { Tensor } from '../tensor.ts';

export const reshape = (shape: Shape): ReshapeOp => ({
  kind: 'reshape',
  key: `reshape ${shape}`,
  infer: ([source]) => {
    const { shape: from, dtype } = source as Tensor;
    requireShape(shape, 'reshape');
    if (sizeOf(from) !== sizeOf(shape)) {
      throw new NeuriteError(
        'shape',
        `reshape keeps the number of elements, but ${printShape(from)} has ${sizeOf(from)} and ${printShape(shape)} has ${sizeOf(shape)}`,
      );
    }
    return { shape, dtype };
  },
  gradient: (g, _, source) => [g.reshape(source.shape)],
});

/** Axis i of the result is axis `order[i]` of the source. */
export const transpose = (order: readonly number[]): ViewOp => ({
  kind: 'view',
  key: `transpose ${order}`,
  infer: ([source]) => {
    const { shape, dtype } = source as Tensor;
    if (order.length !== shape.length || shape.some((_, axis) => !order.includes(axis))) {
      throw new NeuriteError(
        'shape',
        `transpose of ${printShape(shape)} takes each axis once, but got [${order}]`,
      );
    }
    return { shape: order.map((axis) => shape[axis] as number), dtype };
  },
  sourceIndex: (index) => inverse(order).map((axis) => index[axis] as (typeof index)[number]),
  gradient: (g) => [g.transpose(inverse(order))],
});

const inverse = (order: readonly number[]): number[] => order.map((_, axis) => order.indexOf(axis));

/** Elements `starts[axis]` up to but not including `ends[axis]`. */
export const slice = (starts: readonly number[], ends: readonly number[]): ViewOp => ({
  kind: 'view',
  key: `slice ${starts} ${ends}`,
  infer: ([source]) => {
    const { shape, dtype } = source as Tensor;
    const fits = starts.length === shape.length && ends.length === shape.length;
    const bad = shape.some((size, axis) => {
      const [start, end] = [starts[axis] as number, ends[axis] as number];
      return !(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start < end && end <= size);
    });
    if (!fits || bad) {
      throw new NeuriteError(
        'shape',
        `slice from [${starts}] to [${ends}] does not lie in ${printShape(shape)}`,
      );
    }
    return { shape: ends.map((end, axis) => end - (starts[axis] as number)), dtype };
  },
  sourceIndex: (index) => index.map((sum, axis) => shift(sum, starts[axis] as number)),
  gradient: (g, _, source) => [
    g.pad(
      starts,
      source.shape.map((size, axis) => size - (ends[axis] as number)),
    ),
  ],
});

/** Stretches axes of size 1 and adds axes in front, as NumPy does. Its gradient is the one place that un-broadcasts. */
export const broadcastTo = (shape: Shape): ViewOp => ({
  kind: 'view',
  key: `broadcastTo ${shape}`,
  infer: ([source]) => {
    const { shape: from, dtype } = source as Tensor;
    const both = broadcastShape(from, shape);
    if (!both || !sameShape(both, shape)) {
      throw new NeuriteError('shape', `${printShape(from)} cannot be broadcast to ${printShape(shape)}`);
    }
    return { shape, dtype };
  },
  sourceIndex: (index, source) => {
    const added = shape.length - source.shape.length;
    const rank = index[0]?.strides.length ?? 0;
    return source.shape.map((size, axis) =>
      size === 1 ? constantIndex(0, rank) : (index[axis + added] as (typeof index)[number]),
    );
  },
  gradient: (g, _, source) => {
    const added = shape.length - source.shape.length;
    const stretched = shape.flatMap((size, axis) =>
      axis < added || (source.shape[axis - added] === 1 && size !== 1) ? [axis] : [],
    );
    return [stretched.length === 0 ? g : g.sum(stretched).reshape(source.shape)];
  },
});

/** The same numbers; no gradient flows through. */
export const stopGradient: ViewOp = {
  kind: 'view',
  key: 'stopGradient',
  infer: ([source]) => source as Tensor,
  sourceIndex: (index) => index,
};

/** The sources one after the other along `axis`. */
export const concat = (axis: number, sizes: readonly number[]): PiecesOp => {
  let end = 0;
  const starts = sizes.map((size) => {
    end += size;
    return end - size;
  });
  return {
    kind: 'pieces',
    key: `concat ${axis} ${sizes}`,
    axis,
    starts,
    fill: 0,
    infer: (sources) => {
      const [first] = sources as [Tensor];
      for (const { shape, dtype } of sources) {
        if (
          shape.length !== first.shape.length ||
          shape.some((size, i) => i !== axis && size !== first.shape[i])
        ) {
          throw new NeuriteError(
            'shape',
            `concat along axis ${axis} takes shapes that agree elsewhere, but got ${printShape(first.shape)} and ${printShape(shape)}`,
          );
        }
        if (dtype !== first.dtype) {
          throw new NeuriteError(
            'dtype',
            `concat takes one dtype, but got ${first.dtype} and ${dtype}: use cast()`,
          );
        }
      }
      return { shape: first.shape.map((size, i) => (i === axis ? end : size)), dtype: first.dtype };
    },
    gradient: (g, _, ...sources) =>
      sources.map((source, i) => {
        const from = source.shape.map((_size, other) => (other === axis ? (starts[i] as number) : 0));
        return g.slice(
          from,
          source.shape.map((size, other) => size + (from[other] as number)),
        );
      }),
  };
};

/** `before` and `after` further elements along `axis`, each `fill`. */
export const pad = (axis: number, before: number, after: number, fill: number): PiecesOp => ({
  kind: 'pieces',
  key: `pad ${axis} ${before} ${after} ${fill}`,
  axis,
  starts: [before],
  fill,
  infer: ([source]) => {
    const { shape, dtype } = source as Tensor;
    return { shape: shape.map((size, i) => (i === axis ? size + before + after : size)), dtype };
  },
  gradient: (g, _, source) => {
    const from = source.shape.map((_size, other) => (other === axis ? before : 0));
    return [
      g.slice(
        from,
        source.shape.map((size, other) => size + (from[other] as number)),
      ),
    ];
  },
});
