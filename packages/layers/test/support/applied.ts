// A layer as a network of its own applies it.
import { type Layer, type LayerWork, sequential, type Tensor } from '@neurite/core';

export type Tensors = Readonly<Record<string, Tensor>>;

export interface Given {
  /** Parameters and state by the names that the layer gives them. */
  readonly values?: Tensors;
  /** true. */
  readonly training?: boolean;
  /** Of its random numbers. 1. */
  readonly seed?: number;
}

export interface Applied {
  /** What it makes of x, its activation included. */
  readonly output: Tensor;
  /** Its state after that, where it has changed it. */
  readonly state: Tensors;
}

export function applied(
  layer: Layer,
  x: Tensor,
  { values = {}, training = true, seed = 1 }: Given = {},
): Applied {
  const network = sequential(x.shape.slice(1), [layer]);
  const { name } = network.layers[0]!;
  let work: LayerWork | undefined;
  const [output] = network.apply(
    new Map(Object.entries(values).map(([key, tensor]) => [`${name}.${key}`, tensor])),
    [x],
    {
      training,
      random: (purpose) => ({ seed, purpose }),
      onLayer: (done) => {
        work = done;
      },
    },
  );
  const state = Object.fromEntries(
    [...work!.state].map(([full, tensor]) => [full.slice(name.length + 1), tensor]),
  );
  return { output: output!, state };
}

/** Its parameters for examples of shape `input`, in the order in which it declares them. */
export const parametersOf = (layer: Layer, input: readonly number[]) =>
  Object.entries(layer.parameters?.(input) ?? {}).flatMap(([name, spec]) =>
    spec ? [{ name, ...spec }] : [],
  );
