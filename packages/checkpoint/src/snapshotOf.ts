// The snapshot that a checkpoint is, for a network that is there.
import {
  type Network,
  NeuriteError,
  type NumberArray,
  printShape,
  type Shape,
  type Snapshot,
  sizeOf,
} from '@neurite/core';
import type { Checkpoint, TensorsByName, TrainingState } from './checkpoint.ts';
import { cut, pathTo } from './json/json.ts';

type Part = { readonly name: string; readonly shape: Shape };

/**
 * Throws unless the checkpoint's parameters and layer state are those of `network`, in name and shape.
 *
 * @throws NeuriteError `state`.
 */
export function requireNumbersOf(network: Network, { parameters, layerState }: Checkpoint): void {
  requireParts(network.parameters, parameters, 'parameters');
  requireParts(network.state, layerState, 'layerState');
}

function requireParts(parts: readonly Part[], tensors: TensorsByName, path: string): void {
  for (const { name, shape } of parts) {
    const place = pathTo(path, name);
    if (!Object.hasOwn(tensors, name))
      throw new NeuriteError('state', `${place} is missing: the checkpoint is of another network`);
    const saved = (tensors[name] as TensorsByName[string]).shape;
    if (String(saved) === String(shape)) continue;
    throw new NeuriteError(
      'state',
      `${place} is ${cut(printShape(saved))}, but the network's is ${printShape(shape)}: the checkpoint is of another network`,
    );
  }
  const strange = Object.keys(tensors).find((name) => !parts.some((part) => part.name === name));
  if (strange === undefined) return;
  throw new NeuriteError(
    'state',
    `${pathTo(path, strange)} is nowhere in the network: the checkpoint is of another one`,
  );
}

/** Numbers by name, copied. */
export const numbersOf = (tensors: TensorsByName): Record<string, NumberArray> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor.numbers()]));

/**
 * What `Trainer.restore` takes. To be asked for after `requireNumbersOf`.
 *
 * @throws NeuriteError `state` where the order of the parameters matters, and is another.
 */
export function snapshotOf(
  { parameters, layerState }: Checkpoint,
  training: TrainingState,
  network: Network,
): Snapshot {
  const { optimizerState, memory, steps, epochs, schedules, adapted, written, position } = training;
  if (Object.keys(memory).length > 0) requireOrder(network.parameters, parameters);
  const state: Record<string, NumberArray> = {
    parameters: join(network.parameters, parameters),
    step: Int32Array.of(steps),
  };
  if (network.state.length > 0) state.layers = join(network.state, layerState);
  for (const [key, tensors] of Object.entries(optimizerState))
    state[`optimizer.${key}`] = join(network.parameters, tensors);
  for (const [key, tensor] of Object.entries(memory)) state[`memory.${key}`] = tensor.numbers();
  return {
    state,
    epochs,
    schedules,
    adapted,
    ...(written && { written }),
    ...(position && { position: { ...position, totals: numbersOf(position.totals) } }),
  };
}

/** Tensors of the sizes of `parts` one after another, as core lays them out. */
function join(parts: readonly Part[], tensors: TensorsByName): NumberArray {
  const arrays = parts.map(({ name }) => (tensors[name] as TensorsByName[string]).numbers());
  const length = parts.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const all = arrays[0] instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
  let offset = 0;
  for (const numbers of arrays) {
    all.set(numbers, offset);
    offset += numbers.length;
  }
  return all;
}

/** What the optimizer remembers of the training as a whole may be laid out as the parameters are. */
function requireOrder(parts: readonly Part[], tensors: TensorsByName): void {
  const names = Object.keys(tensors);
  const at = parts.findIndex(({ name }, i) => name !== names[i]);
  if (at < 0) return;
  throw new NeuriteError(
    'state',
    `parameters: number ${at + 1} is "${names[at]}" in the checkpoint and "${parts[at]?.name}" in the network, but this optimizer needs the same order`,
  );
}
