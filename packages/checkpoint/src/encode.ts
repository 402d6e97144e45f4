// A training, or a network with its numbers, as the bytes of a safetensors file.
import {
  type Network,
  NeuriteError,
  type NumberArray,
  type Shape,
  type Snapshot,
  sizeOf,
  type Trainer,
} from '@neurite/core';
import type { CheckpointInfo } from './checkpoint.ts';
import { type Form, formName, memoryForm, readForm, type TrainingForm, tensorNames } from './form.ts';
import { parseJson } from './json/parseJson.ts';
import { writeJson } from './json/writeJson.ts';
import { dtypeOf, evaluatesOf, recipeOf } from './recipeOf.ts';
import { type Bytes, type TensorNumbers, writeSafetensors } from './safetensors/writeSafetensors.ts';

/** A network and its numbers, where there is no trainer: `trainer.readParameters()` and the like give them. */
export interface NetworkNumbers {
  readonly network: Network;
  /** Row-major, by name; all that the network has. */
  readonly parameters: Readonly<Record<string, ArrayLike<number>>>;
  /** Likewise what its layers keep, where they keep something. */
  readonly layerState?: Readonly<Record<string, ArrayLike<number>>> | undefined;
  /** How the numbers are written. `float64` where a Float64Array is among the parameters, else `float32`. */
  readonly dtype?: 'float32' | 'float64' | undefined;
}

type Tensors = (readonly [name: string, tensor: TensorNumbers])[];
type Part = { readonly name: string; readonly shape: Shape };

/**
 * Everything that a training consists of but its data, as a safetensors file: the network, what `train()` was given, and
 * the training as it is between two steps, in the middle of an epoch or not. Given a network and its numbers, these alone.
 *
 * @throws NeuriteError `data` that names what JSON cannot hold; `unsupported` where a graph cannot be data; `name` and
 * `shape` where numbers of the network are missing or of the wrong number; `state` after release.
 *
 * @example
 * const bytes = await encode(trainer, { classNames: ['cat', 'dog'] });
 */
export async function encode(source: Trainer | NetworkNumbers, info: CheckpointInfo = {}): Promise<Bytes> {
  return isTrainer(source)
    ? encodeTraining(source, await source.snapshot(), info)
    : encodeNetwork(source, info);
}

/** What can be saved: a trainer has more to say than a network. */
const isTrainer = (source: Trainer | NetworkNumbers): source is Trainer => 'snapshot' in source;

function encodeNetwork(source: NetworkNumbers, info: CheckpointInfo): Bytes {
  const { network, parameters, layerState = {} } = source;
  const isWide = Object.values(parameters).some((numbers) => numbers instanceof Float64Array);
  const { dtype = isWide ? 'float64' : 'float32' } = source;
  const take = (
    parts: readonly Part[],
    given: Readonly<Record<string, ArrayLike<number>>>,
    what: string,
  ): Tensors =>
    parts.map(({ name, shape }) => {
      const numbers = Object.hasOwn(given, name) ? given[name] : undefined;
      if (!numbers) throw new NeuriteError('name', `encode: ${what} "${name}" is missing`);
      return [
        name,
        { shape, numbers: dtype === 'float64' ? Float64Array.from(numbers) : Float32Array.from(numbers) },
      ];
    });
  const tensors = [
    ...take(network.parameters, parameters, 'parameter'),
    ...take(network.state, layerState, 'layer state'),
  ];
  return write(tensors, { ...networkForm(network, dtype), ...info });
}

function encodeTraining(trainer: Trainer, snapshot: Snapshot, info: CheckpointInfo): Bytes {
  const { network } = trainer;
  const { state, epochs, schedules, adapted, written, position } = snapshot;
  const { parameters, layers, step, ...rest } = state;
  const tensors: Tensors = [
    ...split(parameters, network.parameters),
    ...(layers ? split(layers, network.state) : []),
  ];
  const optimizerState: string[] = [];
  const memory: string[] = [];
  for (const [buffer, numbers] of Object.entries(rest)) {
    const [, kind, key] = /^(optimizer|memory)\.(.*)$/s.exec(buffer) ?? [];
    if (kind === undefined || key === undefined)
      throw new NeuriteError('internal', `nobody knows what "${buffer}" of a snapshot is`);
    if (kind === 'memory') {
      memory.push(key);
      tensors.push([tensorNames.memory(key), flat(numbers)]);
      continue;
    }
    optimizerState.push(key);
    for (const [name, tensor] of split(numbers, network.parameters))
      tensors.push([tensorNames.optimizer(key, name), tensor]);
  }
  const totals = Object.entries(position?.totals ?? {});
  for (const [name, numbers] of totals) tensors.push([tensorNames.totals(name), flat(numbers)]);
  const training: TrainingForm = {
    ...recipeOf(trainer),
    steps: step?.[0] as number,
    epochs,
    schedules: schedules.map(memoryForm),
    adapted,
    written,
    optimizerState,
    memory,
    evaluates: evaluatesOf(trainer),
    position: position && { ...position, totals: totals.map(([name]) => name) },
  };
  return write(tensors, { ...networkForm(network, dtypeOf(trainer)), ...info, training });
}

const networkForm = (network: Network, dtype: 'float32' | 'float64') => ({
  version: 1 as const,
  network: network.toJSON(),
  dtype,
  parameters: network.parameters.map(({ name }) => name),
  layerState: network.state.map(({ name }) => name),
});

/** A buffer that holds `parts` one after another, as they are. */
function split(numbers: NumberArray | undefined, parts: readonly Part[]): Tensors {
  let end = 0;
  return parts.map(({ name, shape }) => {
    const begin = end;
    end += sizeOf(shape);
    return [name, { shape, numbers: (numbers as NumberArray).subarray(begin, end) }];
  });
}

const flat = (numbers: NumberArray): TensorNumbers => ({ shape: [numbers.length], numbers });

function write(tensors: Tensors, form: Form): Bytes {
  const text = writeJson(form, '');
  readForm(parseJson(text, ''), ''); // what would not be read again is not written
  return writeSafetensors(tensors, { [formName]: text });
}
