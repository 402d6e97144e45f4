// The oracle: computes a graph slowly and obviously, operation by operation, each result rounded to its dtype. Backends
// are tested against it; initial weights come from it, so that they are the same on every backend.
import { NeuriteError } from '../errors.ts';
import { type Affine, combine } from '../scalar/affine.ts';
import { convertArray, type NumberArray, newArray } from '../scalar/dtype.ts';
import { encrypt, roundKeys } from '../scalar/generator.ts';
import { convert, scalarOperations } from '../scalar/operations.ts';
import { identityIndex, rowMajorStrides, type Shape, sizeOf } from '../scalar/shape.ts';
import { topologicalOrder } from './graph.ts';
import type { Tensor } from './tensor.ts';

/**
 * The numbers of each root, in order.
 *
 * @param inputs the numbers of each input by name, row-major.
 */
export function evaluate(
  roots: readonly Tensor[],
  inputs: Readonly<Record<string, ArrayLike<number>>> = {},
): NumberArray[] {
  const results = new Map<Tensor, NumberArray>();
  for (const tensor of topologicalOrder(roots)) {
    const sources = tensor.sources.map((source) => results.get(source) as NumberArray);
    results.set(tensor, compute(tensor, sources, inputs));
  }
  return roots.map((root) => results.get(root) as NumberArray);
}

function compute(
  tensor: Tensor,
  sources: readonly NumberArray[],
  inputs: Readonly<Record<string, ArrayLike<number>>>,
): NumberArray {
  const { op, shape, dtype, size } = tensor;
  const result = newArray(dtype, size);
  switch (op.kind) {
    case 'input': {
      const values = inputs[op.name];
      if (values?.length !== size) {
        throw new NeuriteError(
          'data',
          `input "${op.name}" takes ${size} numbers, but got ${values?.length ?? 'none'}`,
        );
      }
      return convertArray(dtype, values);
    }
    case 'constant':
      return result.fill(convert(op.value, dtype));
    case 'iota': {
      const along = identityIndex(shape)[op.axis] as Affine;
      forEachIndex(shape, [along], (i, [coordinate]) => {
        result[i] = coordinate as number;
      });
      return result;
    }
    case 'random': {
      const step = (sources[0] as NumberArray)[0] as number;
      const keys = roundKeys(op.stream[0], op.stream[1], step);
      for (let i = 0; i < size; i++) result[i] = encrypt(keys, i);
      return result;
    }
    case 'map': {
      const [a, b, c] = sources;
      const operation: (a: number, b: number, c: number) => number = scalarOperations[op.operation];
      // Storing converts to the dtype.
      if (c) for (let i = 0; i < size; i++) result[i] = operation(at(a, i), at(b, i), at(c, i));
      else if (b) for (let i = 0; i < size; i++) result[i] = operation(at(a, i), at(b, i), 0);
      else for (let i = 0; i < size; i++) result[i] = operation(at(a, i), 0, 0);
      return result;
    }
    case 'view': {
      const source = tensor.sources[0] as Tensor;
      const index = op.sourceIndex(identityIndex(shape), source);
      const address = combine(index, rowMajorStrides(source.shape), shape.length);
      forEachIndex(shape, [address], (i, [from]) => {
        result[i] = sources[0]?.[from as number] as number;
      });
      return result;
    }
    case 'reshape':
      result.set(sources[0] as NumberArray);
      return result;
    case 'pieces': {
      result.fill(op.fill);
      const strides = rowMajorStrides(shape);
      tensor.sources.forEach((source, s) => {
        const address = combine(identityIndex(source.shape), strides, shape.length);
        const start = (op.starts[s] as number) * (strides[op.axis] as number);
        forEachIndex(source.shape, [address], (i, [to]) => {
          result[(to as number) + start] = sources[s]?.[i] as number;
        });
      });
      return result;
    }
    case 'reduce': {
      const source = tensor.sources[0] as Tensor;
      const kept = source.shape.flatMap((_, axis) => (op.axes.includes(axis) ? [] : [axis]));
      const identity = identityIndex(source.shape);
      const address = combine(
        kept.map((axis) => identity[axis] as Affine),
        rowMajorStrides(shape),
        source.shape.length,
      );
      // Sums in double precision, whatever the dtype.
      const totals = new Float64Array(size).fill(op.reduction === 'sum' ? 0 : Number.NEGATIVE_INFINITY);
      const along = op.reduction === 'argmax' ? (identity[op.axes[0] as number] as Affine) : address;
      forEachIndex(source.shape, [address, along], (i, [to, coordinate]) => {
        const value = sources[0]?.[i] as number;
        const total = totals[to as number] as number;
        if (op.reduction === 'sum') totals[to as number] = total + value;
        else if (value > total || Number.isNaN(value)) {
          totals[to as number] = value;
          if (op.reduction === 'argmax') result[to as number] = coordinate as number;
        }
      });
      if (op.reduction !== 'argmax') result.set(totals);
      return result;
    }
    case 'contract': {
      const [left, right] = sources as [NumberArray, NumberArray];
      const [m, k] = (tensor.sources[0] as Tensor).shape as [number, number];
      const n = shape[1] as number;
      // Sums in double precision, a row at a time.
      const row = new Float64Array(n);
      for (let i = 0; i < m; i++) {
        row.fill(0);
        for (let p = 0; p < k; p++) {
          const factor = left[i * k + p] as number;
          for (let j = 0; j < n; j++) row[j] = (row[j] as number) + factor * (right[p * n + j] as number);
        }
        result.set(row, i * n);
      }
      return result;
    }
    case 'gather': {
      const width = size / (shape[0] as number);
      (sources[1] as NumberArray).forEach((row, i) => {
        result.set((sources[0] as NumberArray).subarray(row * width, (row + 1) * width), i * width);
      });
      return result;
    }
    default:
      return op satisfies never;
  }
}

const at = (values: NumberArray | undefined, i: number): number => values?.[i] as number;

/** Calls `visit` with each element's linear index and the value of each sum there, in row-major order. */
function forEachIndex(shape: Shape, sums: readonly Affine[], visit: (i: number, at: number[]) => void): void {
  const counters: number[] = new Array(shape.length).fill(0);
  const at = sums.map((sum) => sum.offset);
  const size = sizeOf(shape);
  for (let i = 0; i < size; i++) {
    visit(i, at);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const wraps = (counters[axis] as number) + 1 === shape[axis];
      const move = wraps ? -(counters[axis] as number) : 1;
      counters[axis] = (counters[axis] as number) + move;
      sums.forEach((sum, s) => {
        at[s] = (at[s] as number) + move * (sum.strides[axis] as number);
      });
      if (!wraps) break;
    }
  }
}
