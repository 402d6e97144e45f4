import { initializer } from '../plugin/initializer.ts';
import { constant } from '../tensor/tensor.ts';

/** `value` everywhere: 0 if not given. PyTorch's constant_. */
export const filled = initializer(
  'filled',
  { value: 0 },
  ({ value }) =>
    ({ shape, dtype }) =>
      constant(value, { shape, dtype }),
);
