import { initializer } from '../plugin/initializer.ts';
import { constant } from '../tensor/tensor.ts';

/** 1 everywhere: what factors begin as. PyTorch's ones_. */
export const ones = initializer(
  'ones',
  {},
  () =>
    ({ shape, dtype }) =>
      constant(1, { shape, dtype }),
);
