// Weights of PyTorch.
import { readSafetensors } from '@neurite/checkpoint';
import { type Network, NeuriteError, type NumberArray, printShape, type Shape, sizeOf } from '@neurite/core';
import type { NetworkNumbers } from './network.ts';
import { type Match, matchTensors } from './pytorch/match.ts';
import { needless } from './pytorch/modules.ts';
import { type TensorData, transposed } from './tensors.ts';
import { quoted } from './values.ts';

export type { NetworkNumbers } from './network.ts';
export type { TensorData } from './tensors.ts';

/** Which tensor is which parameter, where names and shapes do not tell. */
export interface PyTorchOptions {
  /**
   * What PyTorch calls things: modules by the names of layers, `{ hidden1: 'encoder.fc' }`, or tensors by the names of
   * parameters, `{ 'hidden1.weight': 'w1' }`. Layers that are not named here are found by their shapes, those of the same
   * shapes in the order of the numbers in their names.
   */
  readonly names?: Readonly<Record<string, string>> | undefined;
  /** Modules and tensors that the network does not need. */
  readonly ignore?: readonly string[] | undefined;
}

/** A tensor whose numbers are there when they are asked for, as `readSafetensors` gives it. */
interface LazyTensor {
  readonly shape: Shape;
  numbers(): NumberArray;
}

/**
 * The numbers of `network` from a PyTorch state_dict: dense layers from nn.Linear (whose weights are [outputs, inputs]),
 * batchNorm from nn.BatchNorm1d, layerNorm, rmsNorm, prelu and embedding. Running statistics become layer state.
 *
 * @param weights the bytes of a safetensors file, `save_file(model.state_dict(), 'model.safetensors')`; or tensors by name.
 * @throws NeuriteError `data` where the file is none; `shape` or `name` that lists both sides where layers and modules do
 * not fit, where it is not clear which is which, or where something is left over.
 *
 * @example
 * const { parameters, layerState } = fromPyTorch(readFileSync('model.safetensors'), network);
 * const model = await predictor(network, { parameters, layerState, backend: cpu() });
 */
export function fromPyTorch(
  weights: Uint8Array | Readonly<Record<string, TensorData>>,
  network: Network,
  options: PyTorchOptions = {},
): NetworkNumbers {
  const { names = {}, ignore = [] } = options;
  const isIgnored = (name: string): boolean =>
    ignore.some((each) => name === each || name.startsWith(`${each}.`));
  const tensors = new Map([...tensorsIn(weights)].filter(([name]) => !isIgnored(name)));
  const matches = matchTensors(network, tensors, names);
  const numbers = new Map(matches.map((match) => [match.ours, numbersOf(match, tensors)]));
  requireNothingLeft(tensors, matches);
  const pick = (parts: readonly { readonly name: string }[]): Record<string, NumberArray> =>
    Object.fromEntries(parts.map(({ name }) => [name, numbers.get(name) as NumberArray]));
  return { parameters: pick(network.parameters), layerState: pick(network.state) };
}

function tensorsIn(
  weights: Uint8Array | Readonly<Record<string, TensorData>>,
): Iterable<[string, LazyTensor]> {
  if (weights instanceof Uint8Array) return readSafetensors(weights).tensors;
  return Object.entries(weights).map(([name, { shape, numbers }]) => {
    if (!Array.isArray(shape) || sizeOf(shape) !== numbers?.length)
      throw new NeuriteError(
        'data',
        `"${name}" must be { shape, numbers } with as many numbers as fit the shape`,
      );
    return [name, { shape, numbers: () => numbers }];
  });
}

function requireNothingLeft(tensors: ReadonlyMap<string, LazyTensor>, matches: readonly Match[]): void {
  const used = new Set(matches.map(({ theirs }) => theirs));
  const left = [...tensors.keys()].filter(
    (name) => !used.has(name) && !needless.has(name.slice(name.lastIndexOf('.') + 1)),
  );
  if (left.length === 0) return;
  const shown = left.slice(0, 10);
  throw new NeuriteError(
    'name',
    `the network has no place for ${quoted(shown)}${left.length > 10 ? ` and ${left.length - 10} others` : ''}: leave them out with ignore`,
  );
}

function numbersOf(
  { ours, theirs, shape, ...match }: Match,
  tensors: ReadonlyMap<string, LazyTensor>,
): NumberArray {
  const tensor = tensors.get(theirs);
  if (!tensor) {
    const known = quoted([...tensors.keys()].slice(0, 20));
    throw new NeuriteError(
      'name',
      `"${ours}" shall be "${theirs}", which is not among ${known || 'the tensors'}`,
    );
  }
  const wanted = match.transposed ? shape.toReversed() : shape;
  if (printShape(wanted) !== printShape(tensor.shape)) {
    throw new NeuriteError(
      'shape',
      `"${ours}" takes ${printShape(wanted)} in PyTorch's order, but "${theirs}" is ${printShape(tensor.shape)}`,
    );
  }
  const numbers = tensor.numbers();
  return match.transposed ? transposed({ shape: tensor.shape, numbers }).numbers : numbers;
}
