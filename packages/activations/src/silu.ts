import { activation, heNormal } from '@neurite/core';

/** x σ(x), also called swish. Elfwing et al., 2017; PyTorch's SiLU. */
export const silu = activation('silu', (x) => x.mul(x.sigmoid()), { initializer: heNormal() });
