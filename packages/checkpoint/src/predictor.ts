// A network from a checkpoint that predicts, and nothing else.
import { type Backend, type Predictor, predictor as predictorOf, type Registry } from '@neurite/core';
import type { Checkpoint } from './checkpoint.ts';
import { evaluatedNumbers } from './evaluatedNumbers.ts';
import { networkOf } from './networkOf.ts';

/**
 * The network of a checkpoint, ready to predict, as the training's own `predict` did: where its optimizer evaluates a mean
 * of the parameters, with that.
 *
 * @param registry has the layers, and the plugins in them; losses and optimizers are not needed.
 * @throws NeuriteError as `networkOf` does; `unsupported` where the backend cannot compute the network.
 *
 * @example
 * const digits = await predictor(decode(bytes), registry().use(layers, activations), { backend: cpu() });
 * const logits = await digits.predict(pixels); // [rows · 10]
 */
export async function predictor<D>(
  checkpoint: Checkpoint,
  registry: Registry<D>,
  { backend }: { readonly backend: Backend },
): Promise<Predictor> {
  const network = networkOf(checkpoint, registry);
  return predictorOf(network, {
    ...evaluatedNumbers(checkpoint, network),
    dtype: checkpoint.dtype,
    backend,
  });
}
