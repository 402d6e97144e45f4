import { layer, NeuriteError, option, sizeOf } from '@neurite/core';

/**
 * [batch, …] → [batch, …sizes], the same numbers in the same order. `sizes`: of one example, without the batch; must be
 * given, and have as many numbers as an example has. PyTorch's Unflatten, of all axes.
 */
export const reshape = layer('reshape', { sizes: option.sizes() }, ({ sizes }) => ({
  apply: (_, x) => {
    const [batch, ...input] = x.shape as [number, ...number[]];
    if (sizeOf(input) !== sizeOf(sizes)) {
      const print = (shape: readonly number[]): string => `[${['batch', ...shape].join(', ')}]`;
      throw new NeuriteError(
        'shape',
        `makes ${print(sizes)}, ${sizeOf(sizes)} numbers for each example, but got ${print(input)}, ${sizeOf(input)} numbers: choose sizes whose product is ${sizeOf(input)}`,
      );
    }
    return x.reshape([batch, ...sizes]);
  },
}));
