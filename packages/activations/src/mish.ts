import { activation, heNormal, logOnePlusExp } from '@neurite/core';

/** x tanh(ln(1 + eˣ)). Misra, 2019; PyTorch's Mish. */
export const mish = activation('mish', (x) => x.mul(logOnePlusExp(x).tanh()), { initializer: heNormal() });
