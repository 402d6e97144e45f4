// The forward pass as a graph: what a network makes of rows, with nothing of a training around it.
import type { LayerWork, Network } from '../network/network.ts';
import type { NamedBuffer } from '../program/layout.ts';
import type { Computation } from '../program/lower.ts';
import type { DType } from '../scalar/dtype.ts';
import type { Shape } from '../scalar/shape.ts';
import { constant, type Tensor } from '../tensor/tensor.ts';
import { input, portNames } from './recipe.ts';

/** What decides a forward pass, beside the parameters. */
export interface Forward {
  readonly network: Network;
  readonly dtype: DType;
  readonly seed: number;
}

/** uint8 means 0 … 255 and becomes 0 … 1 where it is read. */
const scaled = (raw: Tensor, dtype: DType): Tensor =>
  raw.dtype === 'uint8' ? raw.cast(dtype).div(255) : raw;

/** The inputs of some examples, each made by `read`. */
export const traceInputs = (
  { network, dtype }: Forward,
  dtypes: readonly DType[],
  read: (name: string, shape: Shape, dtype: DType) => Tensor,
): Tensor[] => {
  const names = portNames('inputs', network.inputs);
  return network.inputs.map(({ shape }, i) =>
    scaled(read(names[i] as string, shape, dtypes[i] as DType), dtype),
  );
};

export const fromHost =
  (size: number) =>
  (name: string, shape: Shape, dtype: DType): Tensor =>
    input(`batch.${name}`, [size, ...shape], dtype, 'input');

/** The inputs of `size` examples from the host. */
export const hostInputs = (forward: Forward, size: number, dtypes: readonly DType[]): Tensor[] =>
  traceInputs(forward, dtypes, fromHost(size));

/**
 * The outputs of the network as it is in evaluation.
 *
 * @param values parameters and layer state by name.
 */
export const traceForward = (
  { network, seed }: Forward,
  values: ReadonlyMap<string, Tensor>,
  inputs: readonly Tensor[],
  onLayer?: (work: LayerWork) => void,
): readonly Tensor[] =>
  network.apply(values, inputs, {
    training: false,
    random: (purpose) => ({ seed, purpose, step: constant(0, { dtype: 'int32' }) }),
    ...(onLayer && { onLayer }),
  });

/** The network's outputs for `size` rows from the host, as `prediction` or `prediction.<output>`. */
export function traceOutputs(
  forward: Forward,
  values: ReadonlyMap<string, Tensor>,
  buffers: Readonly<Record<string, NamedBuffer>>,
  size: number,
  dtypes: readonly DType[],
): Computation {
  const predictions = traceForward(forward, values, hostInputs(forward, size, dtypes));
  const names = portNames('prediction', forward.network.outputs);
  return {
    outputs: Object.fromEntries(names.map((name, i) => [name, predictions[i] as Tensor])),
    buffers,
  };
}
