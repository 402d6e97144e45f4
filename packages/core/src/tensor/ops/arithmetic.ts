// Operations on single elements, each with its gradient beside it. Conventions at kinks follow PyTorch: |x|'(0) = 0,
// equal operands of maximum and minimum share evenly.
import { NeuriteError } from '../../errors.ts';
import { type DType, isFloat } from '../../scalar/dtype.ts';
import type { ScalarOperation } from '../../scalar/operations.ts';
import { printShape, sameShape } from '../../scalar/shape.ts';
import type { MapOp, Op } from '../op.ts';
import type { Tensor } from '../tensor.ts';

type Takes = 'floats' | 'numbers';

/** An operation whose sources and result share one shape and one dtype. */
function elementwise(
  operation: ScalarOperation,
  takes: Takes,
  gradient?: Op['gradient'],
  costly = false,
): MapOp {
  return {
    kind: 'map',
    key: operation,
    operation,
    costly,
    infer: (sources) => {
      const [first] = sources as [Tensor];
      requireSameShapes(operation, sources);
      for (const { dtype } of sources) {
        if (dtype !== first.dtype) {
          throw new NeuriteError(
            'dtype',
            `${operation} takes one dtype, but got ${first.dtype} and ${dtype}: use cast()`,
          );
        }
        if (!(takes === 'floats' ? isFloat(dtype) : dtype !== 'uint8')) {
          throw new NeuriteError(
            'dtype',
            `${operation} does not take ${dtype}: use cast('float32') before it`,
          );
        }
      }
      return { shape: first.shape, dtype: first.dtype };
    },
    ...(gradient && { gradient }),
  };
}

export function requireSameShapes(who: string, sources: readonly Tensor[]): void {
  const [first] = sources as [Tensor];
  for (const { shape } of sources) {
    if (!sameShape(shape, first.shape)) {
      throw new NeuriteError(
        'shape',
        `${who} takes equal shapes, but got ${printShape(first.shape)} and ${printShape(shape)}`,
      );
    }
  }
}

const half = (condition: Tensor, upstream: Tensor, equal: Tensor): Tensor =>
  equal.select(upstream.mul(0.5), condition.select(upstream, 0));

export const add = elementwise('add', 'numbers', (g) => [g, g]);
export const sub = elementwise('sub', 'numbers', (g) => [g, g.neg()]);
export const mul = elementwise('mul', 'numbers', (g, _, a, b) => [g.mul(b), g.mul(a)]);
export const div = elementwise('div', 'floats', (g, y, _, b) => [g.div(b), g.mul(y).div(b).neg()]);
export const pow = elementwise(
  'pow',
  'floats',
  (g, y, a, b) => [
    b.equal(0).select(0, g.mul(b).mul(a.pow(b.sub(1)))),
    a.equal(0).select(0, g.mul(y).mul(a.log())), // y·ln a → 0 as a → 0 where b > 0, as in PyTorch
  ],
  true,
);
export const maximum = elementwise('maximum', 'numbers', (g, _, a, b) => {
  const equal = a.equal(b);
  return [half(a.greater(b), g, equal), half(b.greater(a), g, equal)];
});
export const minimum = elementwise('minimum', 'numbers', (g, _, a, b) => {
  const equal = a.equal(b);
  return [half(a.less(b), g, equal), half(b.less(a), g, equal)];
});

export const neg = elementwise('neg', 'numbers', (g) => [g.neg()]);
export const square = elementwise('square', 'numbers', (g, _, a) => [g.mul(a).mul(2)]);
export const sqrt = elementwise('sqrt', 'floats', (g, y) => [g.div(y).mul(0.5)]);
export const exp = elementwise('exp', 'floats', (g, y) => [g.mul(y)], true);
export const log = elementwise('log', 'floats', (g, _, a) => [g.div(a)], true);
export const sin = elementwise('sin', 'floats', (g, _, a) => [g.mul(a.cos())], true);
export const cos = elementwise('cos', 'floats', (g, _, a) => [g.mul(a.sin()).neg()], true);
export const tanh = elementwise('tanh', 'floats', (g, y) => [g.mul(y.square().neg().add(1))], true);
export const sigmoid = elementwise('sigmoid', 'floats', (g, y) => [g.mul(y).mul(y.neg().add(1))], true);
export const abs = elementwise('abs', 'numbers', (g, _, a) => [g.mul(a.sign())]);
export const sign = elementwise('sign', 'numbers');
export const floor = elementwise('floor', 'floats');
export const reciprocal = elementwise('reciprocal', 'floats', (g, y) => [g.mul(y.square()).neg()]);

/** Conversion of the element type. A gradient flows from float to float alone. */
export const cast = (dtype: DType): MapOp => ({
  kind: 'map',
  key: `cast ${dtype}`,
  operation: 'cast',
  costly: false,
  infer: ([source]) => ({ shape: (source as Tensor).shape, dtype }),
  ...(isFloat(dtype) && {
    gradient: (g: Tensor, _: Tensor, source: Tensor) => [
      isFloat(source.dtype) ? g.cast(source.dtype) : undefined,
    ],
  }),
});
