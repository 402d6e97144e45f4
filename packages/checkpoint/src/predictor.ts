// A network from a checkpoint that predicts, and nothing else.
import {
  type Backend,
  type Network,
  type Predictor,
  predictor as predictorOf,
  type Registry,
} from '@neurite/core';
import type { Checkpoint } from './checkpoint.ts';
import { networkOf } from './networkOf.ts';
import { numbersOf } from './snapshotOf.ts';

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
    parameters: numbersOf(evaluated(checkpoint, network)),
    layerState: numbersOf(checkpoint.layerState),
    dtype: checkpoint.dtype,
    backend,
  });
}

/** The parameters that predictions are made with. Those that training does not move have no stand-in. */
function evaluated(
  { parameters, training }: Checkpoint,
  { parameters: all }: Network,
): Checkpoint['parameters'] {
  const instead = training?.evaluates === undefined ? undefined : training.optimizerState[training.evaluates];
  if (!instead) return parameters;
  const moved = all.filter(({ trainable }) => trainable).map(({ name }) => name);
  return {
    ...parameters,
    ...Object.fromEntries(Object.entries(instead).filter(([name]) => moved.includes(name))),
  };
}
