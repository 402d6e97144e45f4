import { activation, heNormal, option, type Tensor, zerosLike } from '@neurite/core';

/**
 * A polynomial in u = (1 − z/5) / (1 + z/5), fitted to Q(z) e^(z²/2) (1 + z/5) with Q(z) = 1 − Φ(z) at the Chebyshev nodes,
 * lowest power first: Q and its slope to 2·10⁻¹¹ for every z ≥ 0.
 */
const tailSeries = [
  0.1538386099500126, 0.13307650057904166, 0.09906112319588142, 0.06270663128465083, 0.033004073143229264,
  0.013823728441133642, 0.0041590146425101344, 0.0005986708953195939, -0.00015958205874406185,
  -0.000108964615864509, -1.1847241723182046e-5, 9.922720519090507e-6, 3.2814626932807473e-6,
  -7.617108954989305e-7, -4.90941177935019e-7, 4.4366005284528955e-8, 4.5887556928831585e-8,
];

/** Q(z) = ½ erfc(z/√2), the probability that a normal number is above z ≥ 0; small results keep their digits. */
function normalTail(z: Tensor): Tensor {
  const t = z.mul(0.2).add(1).reciprocal();
  const u = t.mul(2).sub(1);
  const series = tailSeries.reduceRight((sum, coefficient) => u.mul(sum).add(coefficient), zerosLike(u));
  return z.square().mul(-0.5).exp().mul(t.mul(series));
}

function exact(x: Tensor): Tensor {
  const above = x.greater(0);
  const tail = normalTail(above.select(x, x.neg()));
  return x.mul(above.select(tail.neg().add(1), tail));
}

/** σ(2a) = ½ (1 + tanh a), which keeps its digits where that is small; beyond ±30, it is 0 or 1. */
function byTanh(x: Tensor): Tensor {
  const near = x.less(-30).select(-30, x.greater(30).select(30, x));
  const a = near
    .square()
    .mul(0.044715)
    .add(1)
    .mul(near)
    .mul(Math.sqrt(2 / Math.PI));
  return x.mul(a.mul(2).sigmoid());
}

/**
 * x Φ(x), Φ the distribution function of the normal numbers. `approximation`: 'none', or 'tanh' for
 * ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))). Hendrycks and Gimpel, 2016; PyTorch's GELU.
 */
export const gelu = activation(
  'gelu',
  { approximation: option.choice('none', ['none', 'tanh']) },
  ({ approximation }) => (approximation === 'tanh' ? byTanh : exact),
  { initializer: heNormal() },
);
