// A network: layers with names, the parameters that they want, and the function that they are together.
import type { Layer, LayerContext, ParameterSpec } from '../plugin/layer.ts';
import type { RandomSource } from '../tensor/random.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { NetworkData } from './json.ts';
import type { Summary } from './summary.ts';

/** A parameter of a network: what its layer said of it, and its full name. */
export interface NetworkParameter extends ParameterSpec {
  /** "hidden1.weight". */
  readonly name: string;
}

/** A layer in its place. Shapes are of one example. */
export interface NetworkLayer {
  readonly name: string;
  readonly layer: Layer;
  readonly input: Shape;
  readonly output: Shape;
  readonly parameters: readonly NetworkParameter[];
}

export interface ApplyContext {
  readonly training: boolean;
  /** The stream of a layer for a purpose: "dropout1/mask". */
  random(purpose: string): RandomSource;
  /** Called with what each layer made, in order. */
  onLayer?(name: string, output: Tensor): void;
}

export interface Network {
  /** Shape of one example. */
  readonly input: Shape;
  readonly output: Shape;
  readonly layers: readonly NetworkLayer[];
  readonly parameters: readonly NetworkParameter[];
  /** [batch, …input] → [batch, …output]. */
  apply(parameters: ReadonlyMap<string, Tensor>, x: Tensor, context: ApplyContext): Tensor;
  /** Layers, shapes and numbers of parameters. Its `toString()` is a table. */
  summary(): Summary;
  /** The network as plain data, without the numbers; `registry().network(data)` makes it again. */
  toJSON(): NetworkData;
}

/** What a layer gets to see of the step that is going on. */
export const layerContext = (name: string, { training, random }: ApplyContext): LayerContext => ({
  training,
  random: (purpose) => random(`${name}/${purpose}`),
});
