// A network as it predicts, as a graph of tensors: what `trainer.predict` computes.
import { type LayerWork, type Network, NeuriteError, placeholder, sizeOf, type Tensor } from '@neurite/core';

/** In what the numbers come and are computed. */
export interface NumberOptions {
  /** What is computed in. float32. */
  readonly dtype?: 'float32' | 'float64' | undefined;
  /** `bytes`: inputs are whole numbers 0 … 255, scaled to 0 … 1, as `predict` does with a Uint8Array. `numbers`. */
  readonly inputs?: 'numbers' | 'bytes' | undefined;
}

export interface Traced {
  /** The inputs, in order: home `input`. */
  readonly inputs: readonly Tensor[];
  /** Parameters and layer state by name: home `state`, side by side in the buffers "parameters" and "layers". */
  readonly values: ReadonlyMap<string, Tensor>;
  /** The outputs, in order. */
  readonly outputs: readonly Tensor[];
  readonly works: readonly LayerWork[];
}

/**
 * The network in evaluation, on so many rows. Homes, buffers and the order of operations are those of core's prediction:
 * lowered, both become the same program.
 *
 * @throws NeuriteError `unsupported` where a layer draws random numbers in evaluation, too.
 */
export function traceNetwork(network: Network, rows: number, options: NumberOptions = {}): Traced {
  const { dtype = 'float32', inputs: kind = 'numbers' } = options;
  const inputs = network.inputs.map(({ name, shape }) =>
    placeholder(`input.${name}`, [rows, ...shape], { dtype: kind === 'bytes' ? 'uint8' : dtype }),
  );
  const values = new Map<string, Tensor>();
  for (const [buffer, parts] of Object.entries({ parameters: network.parameters, layers: network.state })) {
    let offset = 0;
    for (const { name, shape } of parts) {
      values.set(name, placeholder(name, shape, { dtype, home: 'state', buffer, offset }));
      offset += sizeOf(shape);
    }
  }
  const works: LayerWork[] = [];
  const read = kind === 'bytes' ? inputs.map((input) => input.cast(dtype).div(255)) : inputs;
  const outputs = network.apply(values, read, {
    training: false,
    random: (purpose) => {
      throw new NeuriteError(
        'unsupported',
        `draws random numbers for "${purpose}" in evaluation: such a network cannot be exported`,
      );
    },
    onLayer: (work) => works.push(work),
  });
  return { inputs, values, outputs, works };
}

/** Which layer computes a tensor: the first that needs it. */
export function layersOf({ works }: Traced): Map<Tensor, string> {
  const layers = new Map<Tensor, string>();
  for (const { layer, output } of works) {
    const pending = [output];
    for (let tensor = pending.pop(); tensor; tensor = pending.pop()) {
      if (layers.has(tensor)) continue;
      layers.set(tensor, layer.name);
      pending.push(...tensor.sources);
    }
  }
  return layers;
}
