// Contract: an optimizer says in which direction a parameter moves. Core alone writes
// parameter − learningRate · direction, so that whatever works on directions or parameters composes with all of them.
import type { Tensor } from '../tensor/tensor.ts';
import { type Definition, define, type Plugin } from './definition.ts';
import { option, type RequiredOption, type Resolved, type Schema } from './options.ts';
import type { Schedule } from './schedule.ts';

/** What an optimizer remembers of each parameter: tensors of the parameter's shape and dtype, by name. */
type State = Readonly<Record<string, Tensor>>;

/** Which parameter it is. */
export interface ParameterInfo {
  /** "hidden1.weight". */
  readonly name: string;
  readonly role: 'weight' | 'bias';
}

export interface UpdateContext<S extends State = State> extends ParameterInfo {
  /** dLoss/dparameter, penalties included. */
  readonly gradient: Tensor;
  readonly parameter: Tensor;
  /** What `update` gave last time; at first what `state` gave. */
  readonly state: { readonly [Name in keyof S]: Tensor };
  /** Number of this step, counted from 1: a single float. */
  readonly step: Tensor;
}

/** What `prepare` gets to see beside the gradients; lists are in the order of the parameters. */
export interface PrepareContext {
  readonly parameters: readonly Tensor[];
  readonly infos: readonly ParameterInfo[];
  /** What is remembered of each parameter. */
  readonly states: readonly State[];
  /** What is remembered of the training as a whole. */
  readonly memory: State;
  /** The loss of this step's batch, penalties included, []. */
  readonly loss: Tensor;
  /** Number of this step, counted from 1: a single float. */
  readonly step: Tensor;
}

/** What the updates get to see in place of the gradients, states and memory as they were. */
export interface Prepared {
  readonly gradients: readonly Tensor[];
  readonly states?: readonly State[];
  readonly memory?: State;
}

interface OptimizerBody<S extends State> {
  /** What the optimizer remembers of `parameter`, as it is before the first step. */
  state(parameter: Tensor): S;
  /** What it remembers beside that of the training as a whole: tensors of any shape and the parameters' dtype. */
  memory?(parameters: readonly Tensor[]): State;
  /**
   * For what depends on all gradients together, such as their norm: called before the updates with every parameter's
   * gradient, it gives those that `update` gets instead, of the same shapes and in the same order. States and memory that
   * it gives hold what it does not know, too: they may be a wrapper's.
   */
  prepare?(gradients: readonly Tensor[], context: PrepareContext): readonly Tensor[] | Prepared;
  update(context: UpdateContext<S>): {
    readonly direction: Tensor;
    readonly state: { readonly [Name in keyof S]: Tensor };
  };
  /** Called after the move, penalties and constraints included: may look at where the parameter came to. */
  afterMove?(
    moved: Tensor,
    state: { readonly [Name in keyof S]: Tensor },
    step: Tensor,
    parameter: ParameterInfo,
  ): { readonly [Name in keyof S]: Tensor };
  /** Whether a step moves the parameter at all, uint8 []; where there is none, each step does. */
  moves?(step: Tensor, parameter: ParameterInfo): Tensor | undefined;
  /** Which of the things remembered stands in for the parameters in evaluation and prediction. */
  readonly evaluates?: (keyof S & string) | undefined;
  /** The learning rate of a parameter, where not all have the same. */
  rateOf?(parameter: ParameterInfo): number | Schedule;
}

/** An optimizer: in which direction each parameter moves, and what it remembers for that. */
export interface Optimizer extends Plugin<'optimizer'>, OptimizerBody<State> {
  readonly learningRate: number | Schedule;
}

/** What `optimizer` makes of gradients before its updates. */
export function prepareGradients(
  optimizer: Optimizer,
  gradients: readonly Tensor[],
  context: PrepareContext,
): Required<Prepared> {
  const made = optimizer.prepare?.(gradients, context) ?? gradients;
  const prepared: Prepared = Array.isArray(made) ? { gradients: made } : (made as Prepared);
  return { states: context.states, memory: context.memory, ...prepared };
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
      ...bodyOf(inner),
      ...make(inner, options as unknown as Resolved<S>),
    };
  });
}

/** What an optimizer does, without what it is called. */
function bodyOf({ kind: _, type: _type, options: _options, ...body }: Optimizer) {
  return body;
}
