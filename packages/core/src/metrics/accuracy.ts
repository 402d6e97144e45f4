import { metric } from '../plugin/metric.ts';

/**
 * Share of examples whose largest output is the target class; a single output counts as 1 above 0 (a logit), else as 0.
 * Targets are class numbers [batch] or values of the prediction's shape, of which the largest is the class.
 */
export const accuracy = metric('accuracy', {}, () => ({
  totals: (prediction, target) => {
    const single = prediction.shape.at(-1) === 1;
    const read = single ? prediction.greater(0).cast('int32').reshape([-1]) : prediction.argmax(-1);
    const truth =
      target.dtype === 'int32'
        ? target
        : single
          ? target.greater(0.5).cast('int32').reshape([-1])
          : target.argmax(-1);
    return { correct: read.equal(truth).cast(prediction.dtype).sum() };
  },
  result: ({ correct }, examples) => (correct[0] as number) / examples,
}));
