// Which class a prediction and a target name: for the metrics that count.
import type { Tensor } from '../tensor/tensor.ts';

/** Whether there is one output, a logit: class 1 above 0, else class 0. */
export const isSingle = (prediction: Tensor): boolean => prediction.shape.at(-1) === 1;

/** The largest output's class, or the single output's, int32 [batch]. */
export const predictedClass = (prediction: Tensor): Tensor =>
  isSingle(prediction) ? prediction.greater(0).cast('int32').reshape([-1]) : prediction.argmax(-1);

/** The class that a target names: class numbers as they are, else the largest value's, or 1 above 0.5. int32 [batch]. */
export function targetClass(prediction: Tensor, target: Tensor): Tensor {
  if (target.dtype === 'int32') return target.reshape([-1]);
  return isSingle(prediction) ? target.greater(0.5).cast('int32').reshape([-1]) : target.argmax(-1);
}
