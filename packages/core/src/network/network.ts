// A network: layers with names, the parameters that they want, and the function that they are together.
import type { Layer, ParameterSpec, StateSpec } from '../plugin/layer.ts';
import type { Shape } from '../scalar/shape.ts';
import type { RandomSource } from '../tensor/random.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { NetworkData } from './json.ts';
import type { Summary } from './summary.ts';

/** A parameter of a network: what its layer said of it, and its full name. */
export interface NetworkParameter extends ParameterSpec {
  /** "hidden1.weight". */
  readonly name: string;
  /** Whether training moves it, and by what its learning rate is multiplied. */
  readonly trainable: boolean;
  readonly rateMultiplier: number;
}

/** Numbers that a layer keeps from step to step: "batchNorm1.mean". */
export interface NetworkState extends StateSpec {
  readonly name: string;
}

/** A layer in its place. Shapes are of one example. */
export interface NetworkLayer {
  readonly name: string;
  readonly layer: Layer;
  readonly input: Shape;
  readonly output: Shape;
  readonly parameters: readonly NetworkParameter[];
  readonly state: readonly NetworkState[];
}

/** What a layer did while a network was applied. */
export interface LayerWork {
  readonly layer: NetworkLayer;
  readonly input: Tensor;
  /** What it made before its activation, and after it. */
  readonly scores: Tensor;
  readonly output: Tensor;
  /** Its state after this step, by full name; empty where it has not changed. */
  readonly state: ReadonlyMap<string, Tensor>;
}

/** How a network is applied: in training or not, and where its random numbers come from. */
export interface ApplyContext {
  readonly training: boolean;
  /** The stream of a layer for a purpose: "dropout1/mask". */
  random(purpose: string): RandomSource;
  /** Called with what each layer did, in order. */
  onLayer?(work: LayerWork): void;
}

/** An input or an output of a network: its name, and the shape of one example. */
export interface Port {
  readonly name: string;
  readonly shape: Shape;
}

/**
 * A network: layers put together, with named parameters. Symbolic: it holds no numbers; a trainer or a predictor
 * does.
 */
export interface Network {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** Shape of one example at the first input, and at the first output. */
  readonly input: Shape;
  readonly output: Shape;
  readonly layers: readonly NetworkLayer[];
  readonly parameters: readonly NetworkParameter[];
  readonly state: readonly NetworkState[];
  /**
   * The outputs, each [batch, …output].
   *
   * @param values parameters and state by name.
   * @param inputs a tensor for each input, [batch, …input].
   */
  apply(
    values: ReadonlyMap<string, Tensor>,
    inputs: readonly Tensor[],
    context: ApplyContext,
  ): readonly Tensor[];
  /** Layers, shapes and numbers of parameters. Its `toString()` is a table. */
  summary(): Summary;
  /** The network as plain data, without the numbers; `registry().use(…).fromJSON(data)` makes it again. */
  toJSON(): NetworkData;
}
