import { initializer } from '../plugin/initializer.ts';
import { constant } from '../tensor/tensor.ts';

/** 0 everywhere: what biases begin as. */
export const zeros = initializer(
  'zeros',
  {},
  () =>
    ({ shape, dtype }) =>
      constant(0, { shape, dtype }),
);
