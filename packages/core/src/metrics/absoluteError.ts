import { metric } from '../plugin/metric.ts';
import { meanPerExample } from '../tensor/functions.ts';

/** Mean of |x − target| over outputs and examples. As scikit-learn's mean_absolute_error. */
export const absoluteError = metric('absoluteError', {}, () => ({
  totals: (x, target) => ({ sum: meanPerExample(x.sub(target).abs()).sum() }),
  result: ({ sum }, examples) => (sum[0] as number) / examples,
}));
