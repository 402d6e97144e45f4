// What the parts of the suite have in common.
import { type Backend, type DType, placeholder, type Shape, sizeOf, type Tensor } from '@neurite/core';
import { sampleNumbers } from '../sampleNumbers.ts';

/** A test with a name: hand it to any test runner. */
export interface SuiteCase {
  readonly name: string;
  /** Rejects, with what is wrong, unless it is as it should be. */
  run(): Promise<void>;
}

/** What a part of the suite gets. */
export interface SuiteContext {
  /** A new backend for each case. */
  readonly make: () => Backend;
  /** How far float32 results may be from the oracle's, times 1 + |x|. */
  readonly tolerance: number;
}

/** A case on a backend of its own. */
export const backendCase =
  ({ make }: SuiteContext) =>
  (name: string, run: (backend: Backend) => Promise<void>): SuiteCase => ({ name, run: () => run(make()) });

/** Inputs with numbers, collected while a computation is put together. */
export class Inputs {
  readonly values: Record<string, readonly number[]> = {};
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** A new input with numbers in low ≤ x < high, exactly representable in its dtype. */
  add(
    shape: Shape,
    {
      dtype = 'float32',
      low = -1,
      high = 1,
      home = 'input',
      name = `input${Object.keys(this.values).length}`,
    }: {
      readonly dtype?: DType;
      readonly low?: number;
      readonly high?: number;
      readonly home?: 'input' | 'data' | 'state';
      readonly name?: string;
    } = {},
  ): Tensor {
    const seed = this.#seed + 1000 * Object.keys(this.values).length;
    const numbers = sampleNumbers(sizeOf(shape), { seed, low, high });
    return this.given(shape, numbers.map(dtype.startsWith('float') ? Math.fround : Math.floor), {
      dtype,
      home,
      name,
    });
  }

  /** A new input with these numbers. */
  given(
    shape: Shape,
    values: readonly number[],
    {
      dtype = 'float32',
      home = 'input',
      name = `input${Object.keys(this.values).length}`,
    }: {
      readonly dtype?: DType;
      readonly home?: 'input' | 'data' | 'state';
      readonly name?: string;
    } = {},
  ): Tensor {
    this.values[name] = values;
    return placeholder(name, shape, { dtype, home });
  }
}
