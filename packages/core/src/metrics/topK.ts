import { metric } from '../plugin/metric.ts';
import { option } from '../plugin/options.ts';
import { keepAxes } from '../tensor/functions.ts';
import { iota } from '../tensor/tensor.ts';
import { targetClass } from './classesOf.ts';

/**
 * Share of examples whose target class is among the `k` largest outputs, 5 if not given; of equal outputs, the first counts
 * as the larger. `topK({ k: 1 })` is the accuracy. Targets: class numbers, or values of which the largest is the class.
 */
export const topK = metric('topK', { k: option.number(5, { minimum: 1, whole: true }) }, ({ k }) => ({
  totals: (prediction, target) => {
    const classes = prediction.shape.at(-1) as number;
    const wanted = keepAxes(targetClass(prediction, target), prediction, -1);
    const index = iota(prediction.shape, 1);
    const isWanted = index.equal(wanted);
    const own = keepAxes(isWanted.select(prediction, 0).sum(-1), prediction, -1);
    // 1 where an output is behind the wanted one; NaN is behind nothing, and nothing is behind NaN.
    const behind = index
      .greater(wanted)
      .select(prediction.lessEqual(own).cast('int32'), prediction.less(own).cast('int32'));
    const ahead = behind
      .sum(-1)
      .neg()
      .add(classes - 1);
    return { found: ahead.less(k).cast(prediction.dtype).sum() };
  },
  result: ({ found }, examples) => (found[0] as number) / examples,
}));
