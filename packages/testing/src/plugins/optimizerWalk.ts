// An optimizer step by step on the oracle, without a network: for given gradients, everything that it computes.
import { evaluate, type NumberArray, type Optimizer, placeholder, type Tensor } from '@neurite/core';

export interface WalkedParameter {
  readonly name: string;
  readonly role: 'weight' | 'bias';
  readonly shape: readonly number[];
  readonly start: readonly number[];
}

/** What there is after a step; lists are in the order of the parameters. */
export interface WalkedStep {
  readonly parameters: readonly NumberArray[];
  readonly directions: readonly NumberArray[];
  /** What is remembered of each parameter and of the whole, by name. */
  readonly remembered: Readonly<Record<string, NumberArray>>;
}

type FloatType = 'float32' | 'float64';
type Tensors = Readonly<Record<string, Tensor>>;

/** The graph of one step. Its inputs have the names of what it gives, so that each step begins where the last one ended. */
export interface StepGraph {
  /** Parameters ("w"), what is remembered of each ("w.mean") and of the whole ("memory.norm"): as they are at first. */
  readonly first: Tensors;
  /** The same after a step. */
  readonly next: Tensors;
  readonly directions: readonly Tensor[];
}

/**
 * A step as core traces it. Inputs beside those in `first`: "gradient of w" and "rate of w" for each parameter, "loss" and
 * "step".
 */
export function stepGraph(
  optimizer: Optimizer,
  parameters: readonly WalkedParameter[],
  dtype: FloatType,
): StepGraph {
  const input = (name: string, { shape }: { readonly shape: readonly number[] }): Tensor =>
    placeholder(name, shape, { dtype });
  const tensors = parameters.map(({ name, shape }) => input(name, { shape }));
  const first: Record<string, Tensor> = {};
  const next: Record<string, Tensor> = {};
  const inputsLike = (prefix: string, initial: Tensors): Tensors =>
    Object.fromEntries(
      Object.entries(initial).map(([key, tensor]) => {
        first[`${prefix}.${key}`] = tensor;
        return [key, input(`${prefix}.${key}`, tensor)];
      }),
    );
  const states = tensors.map((tensor, i) =>
    inputsLike((parameters[i] as WalkedParameter).name, optimizer.state(tensor)),
  );
  const memory = inputsLike('memory', optimizer.memory?.(tensors) ?? {});
  const step = input('step', { shape: [] });

  const gradients = parameters.map(({ name, shape }) => input(`gradient of ${name}`, { shape }));
  const loss = input('loss', { shape: [] });
  const made =
    optimizer.prepare?.(gradients, {
      parameters: tensors,
      infos: parameters.map(({ name, role }) => ({ name, role })),
      states,
      memory,
      loss,
      step,
    }) ?? gradients;
  const prepared = { states, memory, ...('gradients' in made ? made : { gradients: made }) };
  for (const [key, tensor] of Object.entries(prepared.memory)) next[`memory.${key}`] = tensor;

  const directions = parameters.map(({ name, role }, i) => {
    const parameter = tensors[i] as Tensor;
    const gradient = prepared.gradients[i] as Tensor;
    const state = prepared.states[i] as Tensors;
    const updated = optimizer.update({ name, role, gradient, parameter, state, step });
    const goal = parameter.sub(updated.direction.mul(input(`rate of ${name}`, { shape: [] })));
    const moved = optimizer.moves?.(step, { name, role })?.select(goal, parameter) ?? goal;
    next[name] = moved;
    const after = optimizer.afterMove?.(moved, updated.state, step, { name, role }) ?? updated.state;
    for (const [key, tensor] of Object.entries(after)) next[`${name}.${key}`] = tensor;
    return updated.direction;
  });
  return { first, next, directions };
}

/** The learning rate of a parameter at a step, counted from 1. */
function rateAt(optimizer: Optimizer, parameter: WalkedParameter, step: number): number {
  const rate = optimizer.rateOf?.(parameter) ?? optimizer.learningRate;
  return typeof rate === 'number' ? rate : rate.rate(step - 1, rate.memory);
}

/**
 * Lets an optimizer make `steps` steps.
 *
 * @param gradientsAt the gradient of each parameter, given where they are and the number of the step, counted from 1.
 * @param lossAt the loss there. The sum of all parameters times their gradients, if not given.
 */
export function walkOptimizer(
  optimizer: Optimizer,
  parameters: readonly WalkedParameter[],
  steps: number,
  gradientsAt: (at: readonly ArrayLike<number>[], step: number) => readonly ArrayLike<number>[],
  dtype: FloatType = 'float64',
  lossAt = linearLoss,
): WalkedStep[] {
  const { first, next, directions } = stepGraph(optimizer, parameters, dtype);
  const names = Object.keys(next);
  const roots = [...Object.values(next), ...directions];
  const starts = Object.fromEntries(parameters.map(({ name, start }) => [name, start]));
  const initial = evaluate(Object.values(first), starts);
  let now: Record<string, ArrayLike<number>> = {
    ...starts,
    ...Object.fromEntries(Object.keys(first).map((name, i) => [name, initial[i] as NumberArray])),
  };
  return Array.from({ length: steps }, (_, i) => {
    const step = i + 1;
    const at = parameters.map(({ name }) => now[name] as ArrayLike<number>);
    const gradients = gradientsAt(at, step);
    const given: Record<string, ArrayLike<number>> = { step: [step], loss: [lossAt(at, gradients)] };
    for (const [p, parameter] of parameters.entries()) {
      given[`gradient of ${parameter.name}`] = gradients[p] as ArrayLike<number>;
      given[`rate of ${parameter.name}`] = [rateAt(optimizer, parameter, step)];
    }
    const results = evaluate(roots, { ...now, ...given });
    const after = Object.fromEntries(names.map((name, n) => [name, results[n] as NumberArray]));
    now = after;
    const remembered = Object.entries(after).filter(([name]) => !(name in starts));
    return {
      parameters: parameters.map(({ name }) => after[name] as NumberArray),
      directions: results.slice(names.length),
      remembered: Object.fromEntries(remembered),
    };
  });
}

/** The loss whose gradients these are wherever it is. */
function linearLoss(at: readonly ArrayLike<number>[], gradients: readonly ArrayLike<number>[]): number {
  const terms = at.flatMap((values, p) => Array.from(values, (w, i) => w * (gradients[p]?.[i] as number)));
  return terms.reduce((sum, term) => sum + term, 0);
}
