import { activation, heNormal, logOnePlusExp } from '@neurite/core';

/** ln(1 + eˣ), a smooth relu, without overflow. Dugas et al., 2001; PyTorch's Softplus. */
export const softplus = activation('softplus', (x) => logOnePlusExp(x), { initializer: heNormal() });
