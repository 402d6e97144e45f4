// Numbers of Keras models for networks that are there already.
import {
  type Network,
  NeuriteError,
  type NumberArray,
  type PluginData,
  printShape,
  sizeOf,
} from '@neurite/core';
import type { TensorData } from '../tensors.ts';
import type { Hdf5 } from './hdf5.ts';
import type { Placed } from './model.ts';

/** An array as `model.get_weights()` gives it, after `tolist()`: lists in lists. */
export type NestedNumbers = readonly number[] | readonly NestedNumbers[];

/** The group that a layer's numbers are in, and their order there. */
const layersByType: Readonly<Record<string, { readonly group: string; readonly order: readonly string[] }>> =
  {
    batchNorm: { group: 'batch_normalization', order: ['scale', 'offset', 'mean', 'variance'] },
    dense: { group: 'dense', order: ['weight', 'bias'] },
    embedding: { group: 'embedding', order: ['weight'] },
    layerNorm: { group: 'layer_normalization', order: ['scale', 'offset'] },
    prelu: { group: 'p_re_lu', order: ['slope'] },
    rmsNorm: { group: 'rms_normalization', order: ['scale'] },
    standardize: { group: 'normalization', order: ['mean', 'standardDeviation'] },
  };

/** The layers of a network that have numbers, as Keras would call them. */
export function placedLayers(network: Network): Placed[] {
  const counts = new Map<string, number>();
  return network.layers.flatMap(({ name, layer, parameters, state }): Placed[] => {
    const own = new Set([...parameters, ...state].map((each) => each.name.slice(name.length + 1)));
    const known = layersByType[layer.type];
    if (!known) {
      if (own.size === 0) return [];
      throw new NeuriteError('unsupported', `${layer.type} "${name}" has no counterpart in Keras`);
    }
    const count = counts.get(known.group) ?? 0;
    counts.set(known.group, count + 1);
    const data: PluginData = { ...layer.options, type: layer.type };
    const numbers = known.order.filter((each) => own.has(each));
    return numbers.length === 0
      ? []
      : [
          {
            name,
            group: count === 0 ? known.group : `${known.group}_${count}`,
            converted: { data, numbers },
          },
        ];
  });
}

/** The arrays of each layer from a file. What it keeps beyond those, such as counts, is left. */
export function tensorsFromFile(file: Hdf5, layers: readonly Placed[]): TensorData[][] {
  return layers.map(({ name, group, converted }) => {
    const path = `layers/${group}/vars`;
    const there = file.list(path);
    if (!there) {
      const groups = (file.list('layers') ?? []).slice(0, 40).join(', ') || 'none';
      throw new NeuriteError(
        'data',
        `the weights have no layers/${group} for "${name}", but there are: ${groups}`,
      );
    }
    if (there.length < converted.numbers.length) throw tooFew(name, converted.numbers, there.length);
    return converted.numbers.map((_, i) => file.read(`${path}/${i}`));
  });
}

/** The arrays of each layer from a list in the order of the layers. */
export function tensorsFromList(
  list: readonly (NestedNumbers | TensorData)[],
  layers: readonly Placed[],
): TensorData[][] {
  let next = 0;
  const result = layers.map(({ name, converted }) => {
    const isCounted = converted.data.type === 'standardize'; // Keras counts the examples, too
    const taken = list.slice(next, next + converted.numbers.length);
    if (taken.length < converted.numbers.length) throw tooFew(name, converted.numbers, taken.length);
    next += taken.length + (isCounted ? 1 : 0);
    return taken.map((each, i) => tensorOf(each, `array ${next - taken.length + i + 1}`));
  });
  if (next >= list.length) return result;
  const wanted = layers.map(({ name, converted }) => `${name}: ${converted.numbers.join(', ')}`).join('; ');
  throw new NeuriteError('data', `there are ${list.length} arrays, but the network takes ${next}: ${wanted}`);
}

const tooFew = (name: string, wanted: readonly string[], count: number): NeuriteError =>
  new NeuriteError('data', `"${name}" takes ${wanted.join(', ')}, but there are only ${count} arrays for it`);

function tensorOf(value: NestedNumbers | TensorData, where: string): TensorData {
  if ('numbers' in value) {
    if (sizeOf(value.shape) === value.numbers.length) return value;
    throw new NeuriteError(
      'data',
      `${where} has ${value.numbers.length} numbers for ${printShape(value.shape)}`,
    );
  }
  const shape: number[] = [];
  for (let each: unknown = value; Array.isArray(each); each = each[0]) shape.push(each.length);
  const numbers = new Float32Array(sizeOf(shape));
  let at = 0;
  const fill = (each: unknown, axis: number): void => {
    if (axis === shape.length && typeof each === 'number') numbers[at++] = each;
    else if (Array.isArray(each) && each.length === shape[axis])
      for (const inner of each) fill(inner, axis + 1);
    else throw new NeuriteError('data', `${where} must be numbers in lists of ${printShape(shape)}`);
  };
  fill(value, 0);
  return { shape, numbers };
}

/** Numbers that layers keep, and do not learn. */
const stateNames: ReadonlySet<string> = new Set(['mean', 'variance', 'standardDeviation']);

/** Full names, parameters and layer state apart. */
export function split(
  numbers: readonly (readonly [layer: string, own: Readonly<Record<string, NumberArray>>])[],
) {
  const all = numbers.flatMap(([layer, own]) =>
    Object.entries(own).map(([name, values]) => ({ name, full: `${layer}.${name}`, values })),
  );
  const pick = (isState: boolean): Record<string, NumberArray> =>
    Object.fromEntries(
      all.filter(({ name }) => stateNames.has(name) === isState).map(({ full, values }) => [full, values]),
    );
  return { parameters: pick(false), layerState: pick(true) };
}
