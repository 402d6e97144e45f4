import { initializer } from '../plugin/initializer.ts';
import { normal } from '../tensor/random.ts';

/** Normal with standard deviation √(1 / fanIn): what selu is made for. LeCun et al., 1998; PyTorch's kaiming_normal_ with gain 1. */
export const lecunNormal = initializer(
  'lecunNormal',
  {},
  () =>
    ({ shape, dtype, fanIn, random }) =>
      normal(shape, random, dtype).mul(Math.sqrt(1 / fanIn)),
);
