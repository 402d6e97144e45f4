// Contract: a layer declares parameters and is an expression over them and its input.
import { NeuriteError } from '../errors.ts';
import type { RandomSource } from '../tensor/random.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type Definition, define, type Plugin } from './definition.ts';
import type { Initializer } from './initializer.ts';
import { type Option, option, type Resolved, type Schema } from './options.ts';
import type { Regularizer } from './regularizer.ts';

/** A parameter that a layer wants. */
export interface ParameterSpec {
  readonly shape: Shape;
  readonly initializer: Initializer;
  /** Numbers that flow into each unit, and out of each; for the initializer. */
  readonly fanIn: number;
  readonly fanOut: number;
  /** `weight`s are what a penalty on the whole network falls on; `bias`es are left alone. */
  readonly role: 'weight' | 'bias';
  readonly regularizer?: Regularizer | undefined;
}

export interface LayerContext {
  /** False in evaluation and prediction. */
  readonly training: boolean;
  /** Random numbers of this layer, new at each step. */
  random(purpose: string): RandomSource;
}

type Specs = Readonly<Record<string, ParameterSpec | undefined>>;
type TensorsOf<P extends Specs> = {
  readonly [K in keyof P]: undefined extends P[K] ? Tensor | undefined : Tensor;
};

interface LayerBody<P extends Specs> {
  /** Units that hold an activation each; a layer that has them is counted as a layer, as the field counts. */
  readonly neurons?: number;
  /**
   * The parameters for examples of shape `input` (without the batch). Undefined entries are left out.
   * @throws NeuriteError `shape` where such an input cannot be taken; the message is completed with the layer's name.
   */
  parameters?(input: Shape): P;
  /** [batch, …input] → [batch, …output]. */
  apply(parameters: TensorsOf<P>, x: Tensor, context: LayerContext): Tensor;
}

export interface Layer extends Plugin<'layer'>, LayerBody<Specs> {
  /** Given by the user; a network names the others. */
  readonly name: string | undefined;
}

/** The option that every layer has. */
type WithName<S> = S & { readonly name: Option<string | undefined> };

/** Defines a layer. Every layer also takes a `name`. */
/* @__NO_SIDE_EFFECTS__ */
export function layer<
  const Type extends string,
  const S extends Schema,
  P extends Specs = Record<never, never>,
>(
  type: Type,
  schema: S,
  make: (options: Resolved<S>) => LayerBody<P>,
): Definition<'layer', Type, WithName<S>, Layer> {
  const full = { ...schema, name: option.text(/^[^.]+$/, 'a name without dots') } as WithName<S>;
  return define<'layer', Type, WithName<S>, Layer>('layer', type, full, (options) => ({
    ...(make(options as unknown as Resolved<S>) as unknown as LayerBody<Specs>),
    name: options.name as string | undefined,
  }));
}

/** Throws unless an input has `rank` axes beside the batch. */
export function requireRank(input: Shape, rank: number, mend: string): void {
  if (input.length === rank) return;
  const wanted = ['batch', ...Array.from({ length: rank }, () => 'n')].join(', ');
  throw new NeuriteError('shape', `takes [${wanted}], but got [${['batch', ...input].join(', ')}]: ${mend}`);
}
