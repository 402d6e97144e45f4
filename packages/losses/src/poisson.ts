import { loss, meanPerExample } from '@neurite/core';

/**
 * eˣ − t x, from the logarithm x of the expected count, and counts t; the mean over an example's outputs. The part of
 * −ln Poisson(t; eˣ) that depends on x; infinite where eˣ is. PyTorch's PoissonNLLLoss.
 */
export const poisson = loss('poisson', {}, () => (x, target) => meanPerExample(x.exp().sub(target.mul(x))));
