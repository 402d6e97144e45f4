// Reverse mode on the graph. Gradients are ordinary tensors, so they can be differentiated again.
import { NeuriteError } from '../errors.ts';
import { isFloat } from '../scalar/dtype.ts';
import { printShape } from '../scalar/shape.ts';
import { topologicalOrder } from './graph.ts';
import { type Labels, label } from './labels.ts';
import { constant, type Tensor } from './tensor.ts';

/**
 * dLoss/dx for each `x` of `variables`, each with the shape of its x; zeros where the loss does not depend on it.
 *
 * @param loss a single float number, shape [].
 * @param labels where given, tensors of the way back are labelled "∂" and what their origin is labelled.
 */
export function grad(loss: Tensor, variables: readonly Tensor[], labels?: Labels): Tensor[] {
  if (loss.shape.length !== 0 || !isFloat(loss.dtype)) {
    throw new NeuriteError(
      'shape',
      `grad takes the gradient of a single number, but got ${loss.dtype} ${printShape(loss.shape)}: use sum() or mean()`,
    );
  }
  const order = topologicalOrder([loss]);
  const wanted = new Set(variables);
  const leadsToVariable = new Set<Tensor>();
  for (const tensor of order) {
    if (wanted.has(tensor) || tensor.sources.some((source) => leadsToVariable.has(source)))
      leadsToVariable.add(tensor);
  }

  const gradients = new Map<Tensor, Tensor>([[loss, constant(1, { dtype: loss.dtype })]]);
  for (const tensor of order.reverse()) {
    const upstream = gradients.get(tensor);
    if (!upstream || !leadsToVariable.has(tensor) || !tensor.op.gradient) continue;
    const toSources = tensor.op.gradient(upstream, tensor, ...tensor.sources);
    tensor.sources.forEach((source, i) => {
      const gradient = toSources[i];
      if (!gradient || !leadsToVariable.has(source)) return;
      const earlier = gradients.get(source);
      const total = earlier ? earlier.add(gradient) : gradient;
      gradients.set(source, total);
      const origin = labels?.get(tensor);
      if (labels && origin) label(labels, total, origin.startsWith('∂') ? origin : `∂${origin}`);
    });
  }
  return variables.map(
    (variable) => gradients.get(variable) ?? constant(0, { shape: variable.shape, dtype: variable.dtype }),
  );
}
