import { metric } from '../plugin/metric.ts';

/**
 * R² = 1 − Σ (x − target)² / Σ (target − mean target)², the mean over the outputs: 1 is right everywhere, 0 no better than
 * the mean. An output whose targets are all equal counts 1 where it is right everywhere, else 0. As scikit-learn's
 * r2_score. In float32, targets whose mean is far above their spread lose digits: centre them.
 */
export const rSquared = metric('rSquared', {}, () => ({
  totals: (x, target) => {
    const [rows, targets] = [x, target].map((each) => each.reshape([x.shape[0] as number, -1])) as [
      typeof x,
      typeof x,
    ];
    return {
      residual: rows.sub(targets).square().sum(0),
      sum: targets.sum(0),
      squares: targets.square().sum(0),
    };
  },
  result: ({ residual, sum, squares }, examples) => {
    const scores = Array.from(residual, (rest, i) => {
      const spread = (squares[i] as number) - (sum[i] as number) ** 2 / examples;
      return spread > 0 ? 1 - rest / spread : Number(rest === 0);
    });
    return scores.reduce((total, score) => total + score, 0) / scores.length;
  },
}));
