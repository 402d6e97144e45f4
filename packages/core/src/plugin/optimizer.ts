// Contract: an optimizer says in which direction a parameter moves. Core alone writes
// parameter − learningRate · direction, so that whatever works on directions or parameters composes with all of them.
import type { Tensor } from '../tensor/tensor.ts';
import { type Definition, define, type Plugin } from './definition.ts';
import { option, type RequiredOption, type Resolved, type Schema } from './options.ts';
import type { Schedule } from './schedule.ts';

/** What an optimizer remembers of each parameter: tensors of the parameter's shape and dtype, by name. */
type State = Readonly<Record<string, Tensor>>;

export interface UpdateContext<S extends State = State> {
  /** dLoss/dparameter, penalties included. */
  readonly gradient: Tensor;
  readonly parameter: Tensor;
  /** What `update` gave last time; at first what `state` gave. */
  readonly state: { readonly [Name in keyof S]: Tensor };
  /** Number of this step, counted from 1: a single float. */
  readonly step: Tensor;
}

interface OptimizerBody<S extends State> {
  /** What the optimizer remembers of `parameter`, as it is before the first step. */
  state(parameter: Tensor): S;
  /**
   * For what depends on all gradients together, such as their norm: called before the updates with every parameter's
   * gradient, it gives those that `update` gets instead, of the same shapes and in the same order.
   */
  prepare?(gradients: readonly Tensor[]): readonly Tensor[];
  update(context: UpdateContext<S>): {
    readonly direction: Tensor;
    readonly state: { readonly [Name in keyof S]: Tensor };
  };
}

export interface Optimizer extends Plugin<'optimizer'>, OptimizerBody<State> {
  readonly learningRate: number | Schedule;
}

/** The option that every optimizer has. */
type WithRate<S> = S & { readonly learningRate: ReturnType<typeof option.rate> };

/**
 * Defines an optimizer.
 *
 * @param learningRate its default; the option `learningRate` takes a number or a schedule.
 */
/* @__NO_SIDE_EFFECTS__ */
export function optimizer<const Type extends string, const S extends Schema, Memory extends State>(
  type: Type,
  learningRate: number,
  schema: S,
  make: (options: Resolved<S>) => OptimizerBody<Memory>,
): Definition<'optimizer', Type, WithRate<S>, Optimizer> {
  const full = { learningRate: option.rate(learningRate), ...schema } as WithRate<S>;
  return define<'optimizer', Type, WithRate<S>, Optimizer>('optimizer', type, full, (options) => ({
    ...(make(options as unknown as Resolved<S>) as unknown as OptimizerBody<State>),
    learningRate: options.learningRate as number | Schedule,
  }));
}

/** The option that every wrapper has. */
type WithInner<S> = S & { readonly optimizer: RequiredOption<Optimizer> };

/**
 * Defines an optimizer that works on top of another, its option `optimizer`.
 *
 * @param make gives what the wrapper does itself; the rest, the learning rate among it, is the inner optimizer's.
 */
/* @__NO_SIDE_EFFECTS__ */
export function optimizerWrapper<const Type extends string, const S extends Schema>(
  type: Type,
  schema: S,
  make: (inner: Optimizer, options: Resolved<S>) => Partial<OptimizerBody<State>>,
): Definition<'optimizer', Type, WithInner<S>, Optimizer> {
  const full = { optimizer: option.requiredPlugin('optimizer'), ...schema } as WithInner<S>;
  return define<'optimizer', Type, WithInner<S>, Optimizer>('optimizer', type, full, (options) => {
    const inner = options.optimizer as Optimizer;
    return {
      learningRate: inner.learningRate,
      state: (parameter) => inner.state(parameter),
      prepare: (gradients) => inner.prepare?.(gradients) ?? gradients,
      update: (context) => inner.update(context),
      ...make(inner, options as unknown as Resolved<S>),
    };
  });
}
