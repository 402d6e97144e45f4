import { optimizerWrapper, option, type Tensor, zerosLike } from '@neurite/core';
import { runningMean } from './moments.ts';

/**
 * For matrices [m, n], a momentum whose singular values are all brought to about 1; `optimizer` moves every other
 * parameter, and its learning rate is that of both. M ← μ M + (1 − μ) G, O the nearest orthogonal matrix to (1 − μ) G +
 * μ M (without `nesterov`: to M), found by `iterations` of Newton and Schulz; W ← W − learningRate · (0.2 √max(m, n) · O
 * + weightDecay · W). The factor gives steps the size of Adam's. Jordan and others, 2024; Liu and others, 2025: Muon is
 * Scalable for LLM Training; PyTorch's Muon with match_rms_adamw, in full precision.
 * `momentum`: 0.95. `nesterov`: true. `weightDecay`: 0.1. `iterations`: 5. `epsilon`: 1e-7, the least norm to divide by.
 *
 * @example
 * muon({ optimizer: adamW({ learningRate: 0.001, weightDecay: 0.1 }) })
 */
export const muon = optimizerWrapper(
  'muon',
  {
    momentum: option.fraction(0.95),
    nesterov: true,
    weightDecay: option.nonNegative(0.1),
    iterations: option.number(5, { minimum: 1, maximum: 100, whole: true }),
    epsilon: option.positive(1e-7),
  },
  (inner, { momentum, nesterov, weightDecay, iterations, epsilon }) => ({
    // All parameters remember the same: matrices what the other optimizer would, others a momentum that stays 0.
    state: (parameter) => ({ ...inner.state(parameter), matrixMomentum: zerosLike(parameter) }),
    update: (context) => {
      const { gradient, parameter, state } = context;
      const before = state.matrixMomentum as Tensor;
      if (parameter.shape.length !== 2) {
        const { direction, state: next } = inner.update(context);
        return { direction, state: { ...next, matrixMomentum: before } };
      }
      const matrixMomentum = runningMean(before, gradient, momentum);
      const pushed = nesterov ? runningMean(matrixMomentum, gradient, momentum) : matrixMomentum;
      const size = 0.2 * Math.sqrt(Math.max(...parameter.shape));
      const direction = orthogonalized(pushed, iterations, epsilon).mul(size).add(parameter.mul(weightDecay));
      const moves = inner.moves?.(context.step, context);
      return {
        direction,
        state: { ...state, matrixMomentum: moves ? moves.select(matrixMomentum, before) : matrixMomentum },
      };
    },
  }),
);

/** `matrix` with singular values of 0.7 … 1.2: X ← a X + (b XXᵀ + c (XXᵀ)²) X from X = matrix / ‖matrix‖. */
function orthogonalized(matrix: Tensor, iterations: number, epsilon: number): Tensor {
  const [a, b, c] = [3.4445, -4.775, 2.0315];
  const [rows, columns] = matrix.shape as readonly [number, number];
  const flat = rows > columns ? matrix.transpose() : matrix; // the product of the shorter side is the smaller one
  let x = flat.div(flat.square().sum().sqrt().maximum(epsilon));
  for (let i = 0; i < iterations; i++) {
    const products = x.matmul(x.transpose());
    x = x.mul(a).add(products.mul(b).add(products.matmul(products).mul(c)).matmul(x));
  }
  return rows > columns ? x.transpose() : x;
}
