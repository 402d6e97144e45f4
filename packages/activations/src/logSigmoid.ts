import { activation, heNormal, logOnePlusExp } from '@neurite/core';

/** ln σ(x) = −ln(1 + e⁻ˣ), without overflow. PyTorch's LogSigmoid. */
export const logSigmoid = activation('logSigmoid', (x) => logOnePlusExp(x.neg()).neg(), {
  initializer: heNormal(),
});
