// A network as a graph over named inputs, and its gradients by the oracle: for looking at what a network computes.
import {
  evaluate,
  grad,
  type Loss,
  type Network,
  type NumberArray,
  placeholder,
  type Tensor,
} from '@neurite/core';

type Dtype = 'float32' | 'float64';

/** The prediction for `batch` rows `x`, over parameters by name, as in evaluation. */
export function graphOf(network: Network, batch: number, dtype: Dtype = 'float64') {
  const x = placeholder('x', [batch, ...network.input], { dtype });
  const parameters = new Map(
    network.parameters.map(({ name, shape }) => [name, placeholder(name, shape, { dtype, home: 'state' })]),
  );
  const random = (purpose: string) => ({ seed: 0, purpose });
  const [prediction] = network.apply(parameters, [x], { training: false, random });
  return { x, parameters, prediction: prediction as Tensor };
}

/** dLoss/dparameter for each parameter by name, the loss being the mean over the rows. Targets are class numbers. */
export function gradientsOf(
  network: Network,
  loss: Loss,
  values: Readonly<Record<string, ArrayLike<number>>>,
  inputs: ArrayLike<number>,
  classes: readonly number[],
): Record<string, NumberArray> {
  const { parameters, prediction } = graphOf(network, classes.length);
  const target = placeholder('target', [classes.length], { dtype: 'int32' });
  const gradients = grad(loss.compute(prediction, target).mean(), [...parameters.values()]);
  const results = evaluate(gradients, { ...values, x: inputs, target: classes });
  return Object.fromEntries([...parameters.keys()].map((name, i) => [name, results[i]!]));
}
