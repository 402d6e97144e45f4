// What random computations are made of: tensors, of which is known how large and how exact their numbers are.
import { type DType, iota, type Shape, sizeOf, type Tensor, uniform } from '@neurite/core';

/**
 * A tensor to go on from. Whole numbers stay so small that float32 holds them, and only they are compared, rounded down or
 * used as indices: a difference in the last digit of another number must not make a difference of 1.
 */
export interface Entry {
  readonly tensor: Tensor;
  readonly exact: boolean;
  /** No element is larger. */
  readonly bound: number;
}

export const isFloat = ({ tensor }: Entry): boolean =>
  tensor.dtype === 'float32' || tensor.dtype === 'float64';
export const isWhole = (entry: Entry): boolean => isFloat(entry) && entry.exact;
export const isMatrix = (entry: Entry): boolean => isFloat(entry) && entry.tensor.shape.length === 2;

/** Keeps numbers small: whole ones by a remainder, others by what suits networks. */
export function tame({ tensor, exact, bound }: Entry): Entry {
  if (tensor.dtype === 'int32') return { tensor: tensor.maximum(-40).minimum(40), exact, bound: 40 };
  if (exact && bound > 32) {
    return {
      tensor: tensor.sub(
        tensor
          .mul(1 / 32)
          .floor()
          .mul(32),
      ),
      exact,
      bound: 32,
    };
  }
  if (!exact && bound > 4) {
    return bound > 16
      ? { tensor: tensor.tanh(), exact, bound: 1 }
      : { tensor: tensor.mul(0.25), exact, bound: bound / 4 };
  }
  return { tensor, exact, bound };
}

/** `entry` with `shape`, by one of the ways there are. */
export function fit({ tensor, exact, bound }: Entry, shape: Shape, way: number): Entry {
  const [from, size] = [tensor.shape, sizeOf(shape)];
  const stretches =
    from.length <= shape.length &&
    from.every((each, i) => each === 1 || each === shape[shape.length - from.length + i]);
  if (stretches) return { tensor: tensor.broadcastTo(shape), exact, bound };
  if (way % 3 === 0 && tensor.dtype !== 'uint8') {
    return tame({ tensor: tensor.sum().broadcastTo(shape), exact, bound: bound * tensor.size });
  }
  const flat = tensor.reshape([tensor.size]);
  const resized = tensor.size >= size ? flat.slice([0], [size]) : flat.pad([0], [size - tensor.size], 1);
  return { tensor: resized.reshape(shape), exact, bound: Math.max(bound, 1) };
}

export const product = (a: Entry, b: Entry): Entry => ({
  tensor: a.tensor.matmul(b.tensor),
  exact: a.exact && b.exact,
  bound: a.bound * b.bound * (a.tensor.shape[1] as number),
});
export const transposed = (entry: Entry): Entry => ({ ...entry, tensor: entry.tensor.transpose() });

export const added = (a: Entry, b: Entry): Entry => ({
  tensor: a.tensor.add(b.tensor),
  exact: a.exact && b.exact,
  bound: a.bound + b.bound,
});

/** Draws from what has been made so far, by the numbers of an instruction. */
export class Maker {
  readonly dtype: DType;
  readonly pool: Entry[];
  readonly states: readonly Entry[];
  readonly #counter: Tensor | undefined;
  #choices: number[] = [];

  constructor(dtype: DType, pool: readonly Entry[], states: readonly Entry[]) {
    this.dtype = dtype;
    this.pool = [...pool];
    this.states = states;
    this.#counter = states.find(({ tensor }) => tensor.dtype === 'int32' && tensor.size === 1)?.tensor;
  }

  begin(choices: readonly number[]): void {
    this.#choices = [...choices];
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    return (this.#choices.shift() ?? 0) % limit;
  }

  pick(which: (entry: Entry) => boolean): Entry | undefined {
    const found = this.pool.filter(which);
    return found[found.length - 1 - this.below(Math.max(found.length, 1))];
  }

  axis({ tensor }: Entry): number {
    return this.below(Math.max(tensor.shape.length, 1));
  }

  random(shape: Shape): Tensor {
    const step = this.#counter?.reshape([]);
    return uniform(shape, { seed: this.below(3), purpose: 'noise', ...(step && { step }) }, this.dtype);
  }

  /** Indices of `rows` rows. */
  indices(rows: number): Tensor {
    const given = this.pick(({ tensor }) => tensor.dtype === 'int32' && tensor.shape.length === 1);
    const drawn = given?.tensor ?? iota([1 + this.below(4)]);
    return drawn.maximum(0).minimum(rows - 1);
  }
}
