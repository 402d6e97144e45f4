// A layer as a function of its input, its parameters and its state, as a network applies it.
import {
  constant,
  evaluate,
  type Layer,
  type NumberArray,
  type ParameterSpec,
  placeholder,
  type Shape,
  sizeOf,
  Tensor,
} from '@neurite/core';
import { AssertionError } from '../assertionError.ts';
import { sampleNumbers } from '../sampleNumbers.ts';

export interface Applied {
  /** [batch, …output], its activation applied. */
  readonly output: Tensor;
  /** What it keeps, where it has changed that. */
  readonly state: Readonly<Record<string, Tensor>>;
  /** Which streams of random numbers it asked for. */
  readonly streams: readonly string[];
}

export interface Circumstances {
  readonly training: boolean;
  /** Of its random numbers. 0. */
  readonly seed?: number;
  /** The step, on which its random numbers depend too; a constant 0 if not given. */
  readonly step?: Tensor;
}

/** The parameters that `layer` declares for examples of shape `input`, in order. */
export function specsOf(layer: Layer, input: Shape): (ParameterSpec & { readonly name: string })[] {
  return Object.entries(layer.parameters?.(input) ?? {}).flatMap(([name, spec]) =>
    spec ? [{ ...spec, name }] : [],
  );
}

/** @throws AssertionError where it asks for a parameter or for state that it has not declared. */
export function applyLayer(
  layer: Layer,
  x: Tensor,
  parameters: readonly Tensor[],
  { training, seed = 0, step = constant(0, { dtype: 'int32' }) }: Circumstances,
): Applied {
  const input = x.shape.slice(1);
  const streams: string[] = [];
  const declared = layer.parameters?.(input) ?? {};
  const given = Object.fromEntries(
    specsOf(layer, input).map(({ name }, i) => [name, parameters[i] as Tensor]),
  );
  const states = Object.entries(layer.state?.(input) ?? {}).map(
    ([name, { shape, initial }]) => [name, constant(initial, { shape, dtype: x.dtype })] as const,
  );
  const made = layer.apply(only({ ...declared, ...given } as Record<string, Tensor>, 'parameter'), x, {
    training,
    random: (purpose) => {
      streams.push(purpose);
      return { seed, purpose, step };
    },
    state: only(Object.fromEntries(states), 'state'),
  });
  const { output, state } = made instanceof Tensor ? { output: made, state: {} } : made;
  return { output: layer.activation?.apply(output) ?? output, state, streams };
}

/** An object that complains when it is asked for something that it does not have. */
function only<T>(values: Readonly<Record<string, T>>, what: string): Readonly<Record<string, T>> {
  return new Proxy(values, {
    get: (target, name) => {
      if (typeof name === 'string' && !(name in target)) {
        throw new AssertionError(`it asks for the ${what} "${name}", which it does not declare`);
      }
      return target[name as string];
    },
  });
}

/** The name of x, and of the parameters after it. */
export const inputName = (i: number): string => (i === 0 ? 'x' : `parameter ${i}`);

/** Numbers for "x" [batch, …input] and for "parameter 1", "parameter 2", … */
export function layerInputs(
  layer: Layer,
  batch: number,
  input: Shape,
  seed: number,
): Record<string, number[]> {
  const shapes = [[batch, ...input], ...specsOf(layer, input).map(({ shape }) => shape)];
  return Object.fromEntries(
    shapes.map((shape, i) => [inputName(i), sampleNumbers(sizeOf(shape), { seed: seed + 100 * i })] as const),
  );
}

/** x and the parameters as inputs of a graph, and what `applyLayer` makes of them. */
export function layerGraph(
  layer: Layer,
  batch: number,
  input: Shape,
  dtype: 'float32' | 'float64',
  circumstances: Circumstances,
): Applied & { readonly x: Tensor; readonly parameters: readonly Tensor[] } {
  const x = placeholder(inputName(0), [batch, ...input], { dtype });
  const parameters = specsOf(layer, input).map(({ shape }, i) =>
    placeholder(inputName(i + 1), shape, { dtype }),
  );
  return { ...applyLayer(layer, x, parameters, circumstances), x, parameters };
}

/** What the layer makes of these numbers, in float64. */
export function computeLayer(
  layer: Layer,
  values: Readonly<Record<string, readonly number[]>>,
  batch: number,
  input: Shape,
  circumstances: Circumstances,
): NumberArray {
  const { output } = layerGraph(layer, batch, input, 'float64', circumstances);
  return evaluate([output], values)[0] as NumberArray;
}
