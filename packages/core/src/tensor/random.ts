// Random tensors. Their numbers are a function of (stream, step, element), the same on every backend.
import type { DType } from '../scalar/dtype.ts';
import { generatorKey } from '../scalar/generator.ts';
import type { Shape } from '../scalar/shape.ts';
import * as leaf from './ops/leaf.ts';
import { constant, Tensor } from './tensor.ts';

/** Where random numbers come from: a seed, what they are for, and how many draws were made before. */
export interface RandomSource {
  /** Any whole number. */
  readonly seed: number;
  /** Names the stream, such as "hidden1.weight"; another purpose gives other numbers. */
  readonly purpose: string;
  /** An int32 single number; each step draws anew. 0 if not given. */
  readonly step?: Tensor;
}

/** Numbers k / 2²⁴ with whole k, evenly spread over 0 ≤ x < 1. */
export function uniform(
  shape: Shape,
  { seed, purpose, step }: RandomSource,
  dtype: DType = 'float32',
): Tensor {
  const draw = new Tensor(leaf.random(shape, generatorKey(seed, purpose)), [
    step ?? constant(0, { dtype: 'int32' }),
  ]);
  return draw.cast(dtype).mul(2 ** -24);
}

/** Mean 0, variance 1. Box and Muller, 1958. */
export function normal(shape: Shape, source: RandomSource, dtype: DType = 'float32'): Tensor {
  const first = uniform(shape, { ...source, purpose: `${source.purpose}/radius` }, dtype);
  const angle = uniform(shape, { ...source, purpose: `${source.purpose}/angle` }, dtype).mul(2 * Math.PI);
  const radius = first.neg().add(1).log().mul(-2).sqrt(); // 1 − u is never 0
  return radius.mul(angle.cos());
}
