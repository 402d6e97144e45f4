// The bytes of a file as a checkpoint.
import { NeuriteError, type Shape } from '@neurite/core';
import type { Checkpoint, TensorsByName, TrainingState } from './checkpoint.ts';
import { formName, memoryFrom, readForm, type TrainingForm, tensorNames } from './form.ts';
import { cut } from './json/json.ts';
import { parseJson } from './json/parseJson.ts';
import { readSafetensors } from './safetensors/readSafetensors.ts';
import type { FileTensor, TensorType } from './safetensors/tensor.ts';

/**
 * What `encode` has written, checked. The numbers of tensors stay in `bytes`, and are copied from there when they are asked
 * for: leave `bytes` as they are until then.
 *
 * @throws NeuriteError `data` that says where in the file what is wrong: cut off, changed, hostile; `unsupported` for files
 * of another version, and safetensors files that another program wrote (`readSafetensors` reads them). Nothing large is
 * allocated before its size has been compared with the bytes that are there, and nothing in a file is evaluated.
 */
export function decode(bytes: Uint8Array): Checkpoint {
  const { tensors, metadata } = readSafetensors(bytes);
  const text = metadata.get(formName);
  if (text === undefined) {
    throw new NeuriteError(
      'unsupported',
      'this safetensors file was not written by @neurite/checkpoint: readSafetensors() gives its tensors',
    );
  }
  const form = readForm(parseJson(text, ''), '');
  const floats = form.dtype === 'float32' ? 'F32' : 'F64';
  const taker = new Taker(tensors);
  const network = (names: readonly string[]): TensorsByName =>
    Object.fromEntries(names.map((name) => [name, taker.take(name, [floats])]));
  const { version, dtype, classNames, statistics, notes } = form;
  const checkpoint: Checkpoint = {
    version,
    network: form.network,
    dtype,
    parameters: network(form.parameters),
    layerState: network(form.layerState),
    ...(classNames && { classNames }),
    ...(statistics && { statistics }),
    ...(notes && { notes }),
  };
  const training = form.training && takeTraining(form.training, checkpoint, taker, floats);
  taker.requireAllTaken();
  return training ? { ...checkpoint, training } : checkpoint;
}

function takeTraining(
  form: TrainingForm,
  { parameters }: Checkpoint,
  taker: Taker,
  floats: TensorType,
): TrainingState {
  const { optimizerState, memory, schedules, position, ...rest } = form;
  if (rest.evaluates !== undefined && !optimizerState.includes(rest.evaluates)) {
    throw new NeuriteError(
      'data',
      `training.evaluates is "${cut(rest.evaluates)}", but the optimizer remembers ${cut(optimizerState.join(', ')) || 'nothing'}`,
    );
  }
  const shapes = Object.entries(parameters).map(([name, { shape }]) => [name, shape] as const);
  return {
    ...rest,
    schedules: schedules.map(memoryFrom),
    optimizerState: Object.fromEntries(
      optimizerState.map((key) => [
        key,
        Object.fromEntries(
          shapes.map(([name, shape]) => [
            name,
            taker.take(tensorNames.optimizer(key, name), [floats], shape),
          ]),
        ),
      ]),
    ),
    memory: Object.fromEntries(memory.map((key) => [key, taker.take(tensorNames.memory(key), [floats])])),
    ...(position && {
      position: {
        ...position,
        totals: Object.fromEntries(
          position.totals.map((name) => [
            name,
            taker.take(tensorNames.totals(name), ['F32', 'F64', 'I32', 'U8']),
          ]),
        ),
      },
    }),
  };
}

/** The tensors of a file, each of which has one use. */
class Taker {
  readonly #left: Map<string, FileTensor>;

  constructor(tensors: ReadonlyMap<string, FileTensor>) {
    this.#left = new Map(tensors);
  }

  take(name: string, types: readonly TensorType[], shape?: Shape): FileTensor {
    const tensor = this.#left.get(name);
    if (!tensor) throw new NeuriteError('data', `tensor "${cut(name)}" is named in the file, but not there`);
    this.#left.delete(name);
    if (!types.includes(tensor.type)) {
      throw new NeuriteError(
        'data',
        `tensor "${cut(name)}" must be ${types.join(' or ')}, but is ${tensor.type}`,
      );
    }
    if (shape && String(shape) !== String(tensor.shape)) {
      throw new NeuriteError(
        'data',
        `tensor "${cut(name)}" must be [${cut(shape.join(', '))}] as its parameter, but is [${cut(tensor.shape.join(', '))}]`,
      );
    }
    return tensor;
  }

  requireAllTaken(): void {
    const [strange] = this.#left.keys();
    if (strange === undefined) return;
    throw new NeuriteError('data', `tensor "${cut(strange)}" is in the file, but nothing says what it is`);
  }
}
