// Contract: a layer declares parameters and is an expression over them and its input.
import { NeuriteError } from '../errors.ts';
import type { Shape } from '../scalar/shape.ts';
import type { RandomSource } from '../tensor/random.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Activation } from './activation.ts';
import type { Constraint } from './constraint.ts';
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
  /** Where the parameter is kept after each step. */
  readonly constraint?: Constraint | undefined;
}

/** Numbers that a layer keeps from step to step without learning them: running statistics. */
export interface StateSpec {
  readonly shape: Shape;
  /** What all of them are before the first step. */
  readonly initial: number;
}

/** What a layer gets beside its parameters and its input. */
export interface LayerContext<Kept extends string = string> {
  /** False in evaluation and prediction, and always where the layer is not trainable. */
  readonly training: boolean;
  /** Random numbers of this layer, new at each step. */
  random(purpose: string): RandomSource;
  /** What the layer's `state` holds. */
  readonly state: { readonly [Name in Kept]: Tensor };
}

type Specs = Readonly<Record<string, ParameterSpec | undefined>>;
type TensorsOf<P extends Specs> = {
  readonly [K in keyof P]: undefined extends P[K] ? Tensor | undefined : Tensor;
};
type States = Readonly<Record<string, StateSpec>>;

/** What a layer makes, and where it has changed its state, that too. */
export type LayerResult<Kept extends string = string> =
  | Tensor
  | { readonly output: Tensor; readonly state: { readonly [Name in Kept]: Tensor } };

interface LayerBody<P extends Specs, M extends States> {
  /** Units that hold an activation each; a layer that has them is counted as a layer, as the field counts. */
  readonly neurons?: number;
  /** Applied by the network to what `apply` makes: so both sides of it can be looked at. */
  readonly activation?: Activation | undefined;
  /**
   * The parameters for examples of shape `input` (without the batch). Undefined entries are left out.
   * @throws NeuriteError `shape` where such an input cannot be taken; the message is completed with the layer's name.
   */
  parameters?(input: Shape): P;
  /** What it keeps from step to step, for examples of shape `input`. */
  state?(input: Shape): M;
  /** What `state` holds as seen in the training data: x [rows, …input], all of them. Asked once, before the first step. */
  stateFromData?(x: Tensor): { readonly [Name in keyof M]: Tensor };
  /** [batch, …input] → [batch, …output], before the activation. */
  apply(
    parameters: TensorsOf<P>,
    x: Tensor,
    context: LayerContext<keyof M & string>,
  ): LayerResult<keyof M & string>;
}

/** The options that every layer has. They stay out of saved networks where they are not given. */
type CommonOptions = {
  /** Names its parameters; a network names the layers that have none. */
  readonly name: Option<string | undefined>;
  /** false: its parameters and its state stay as they are, and it works as in evaluation. true. */
  readonly trainable: Option<boolean | undefined>;
  /** By what the learning rate is multiplied for its parameters. 1. */
  readonly rateMultiplier: Option<number | undefined>;
  /** A penalty on what it makes (after the activation), divided by the number of examples. */
  readonly activityRegularizer: Option<Regularizer | undefined>;
};

type CommonValues = Resolved<CommonOptions>;

/** A layer, as a call such as dense({ units: 3 }) gives it. */
export interface Layer extends Plugin<'layer'>, LayerBody<Specs, States>, CommonValues {}

/* @__NO_SIDE_EFFECTS__ */
const commonOptions = (): CommonOptions => ({
  name: option.text(/^[^.]+$/, 'a name without dots'),
  trainable: option.optional(option.flag(true)),
  rateMultiplier: option.optional(option.nonNegative(1)),
  activityRegularizer: option.plugin('regularizer'),
});

/**
 * Defines a layer. Every layer also takes a `name`, and `trainable`, `rateMultiplier` and `activityRegularizer`.
 *
 * TypeScript tells `apply` what `parameters` and `state` are if these are written before it, and with a parameter without a
 * type: `parameters: (input) => …`, or `(_) => …`.
 */
/* @__NO_SIDE_EFFECTS__ */
export function layer<
  const Type extends string,
  const S extends Schema,
  P extends Specs = Record<never, never>,
  M extends States = Record<never, never>,
>(
  type: Type,
  schema: S,
  make: (options: Resolved<S>) => LayerBody<P, M>,
): Definition<'layer', Type, S & CommonOptions, Layer> {
  const full = { ...schema, ...commonOptions() };
  return define<'layer', Type, S & CommonOptions, Layer>('layer', type, full, (options) => {
    const { name, trainable, rateMultiplier, activityRegularizer } = options as unknown as CommonValues;
    const body = make(options as unknown as Resolved<S>) as unknown as LayerBody<Specs, States>;
    return { ...body, name, trainable, rateMultiplier, activityRegularizer };
  });
}

/** Throws unless an input has `rank` axes beside the batch. */
export function requireRank(input: Shape, rank: number, mend: string): void {
  if (input.length === rank) return;
  const wanted = ['batch', ...Array.from({ length: rank }, () => 'n')].join(', ');
  throw new NeuriteError('shape', `takes [${wanted}], but got [${['batch', ...input].join(', ')}]: ${mend}`);
}
