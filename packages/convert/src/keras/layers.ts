// Layers of Keras: which layer each is here, and which of its numbers are which.
import { NeuriteError, type NumberArray, type PluginData, printShape, type Shape } from '@neurite/core';
import type { TensorData } from '../tensors.ts';
import { activationLayers, activationOf } from './activations.ts';
import { type Config, exampleShape, numberOf } from './config.ts';

/** A layer, in Neurite's words. */
export interface Converted {
  readonly data: PluginData;
  /** Its numbers in Keras's order, by what they are called here. */
  readonly numbers: readonly string[];
  /** Whether it has a scale and an offset even where Keras has only one of them. */
  readonly hasBoth?: boolean;
}

/** Numbers of a layer by their names here. */
export type Numbers = Readonly<Record<string, NumberArray>>;

type Convert = (config: Config, where: string, rank: number | undefined) => Converted;

const plain = (data: PluginData): Converted => ({ data, numbers: [] });
const activated = (value: unknown, where: string): { activation?: PluginData } => {
  const activation = activationOf(value, where);
  return activation ? { activation } : {};
};

/** By the name of the class; those that are activations alone, and joins, stand elsewhere. */
const layers: Readonly<Record<string, Convert>> = {
  AlphaDropout: ({ rate }, where) => plain({ type: 'alphaDropout', rate: numberOf(rate, `${where}: rate`) }),
  BatchNormalization: (config, where, rank) => {
    requireLastAxis(config, where, rank);
    const { momentum = 0.99, epsilon = 1e-3, center = true, scale = true } = config;
    return {
      data: {
        type: 'batchNorm',
        momentum: rounded(1 - numberOf(momentum, `${where}: momentum`)),
        epsilon: numberOf(epsilon, `${where}: epsilon`),
        affine: center === true || scale === true,
      },
      numbers: [...affine(config), 'mean', 'variance'],
      hasBoth: center === true || scale === true,
    };
  },
  Dense: (config, where) => {
    const { units, activation, use_bias: bias = true } = config;
    const data = {
      type: 'dense',
      units: numberOf(units, `${where}: units`),
      ...activated(activation, where),
    };
    return bias === true
      ? { data, numbers: ['weight', 'bias'] }
      : { data: { ...data, bias: false }, numbers: ['weight'] };
  },
  Dropout: ({ rate }, where) => plain({ type: 'dropout', rate: numberOf(rate, `${where}: rate`) }),
  Embedding: ({ input_dim: count, output_dim: size }, where) => ({
    data: {
      type: 'embedding',
      count: numberOf(count, `${where}: input_dim`),
      size: numberOf(size, `${where}: output_dim`),
    },
    numbers: ['weight'],
  }),
  Flatten: () => plain({ type: 'flatten' }),
  GaussianDropout: ({ rate }, where) =>
    plain({ type: 'gaussianDropout', rate: numberOf(rate, `${where}: rate`) }),
  GaussianNoise: ({ stddev }, where) =>
    plain({ type: 'gaussianNoise', standardDeviation: numberOf(stddev, `${where}: stddev`) }),
  LayerNormalization: (config, where, rank) => {
    requireLastAxis(config, where, rank);
    const { epsilon = 1e-3, center = true, scale = true } = config;
    const data = {
      type: 'layerNorm',
      epsilon: numberOf(epsilon, `${where}: epsilon`),
      affine: center === true || scale === true,
    };
    return { data, numbers: affine(config), hasBoth: data.affine };
  },
  Normalization: (config, where, rank) => {
    requireLastAxis(config, where, rank);
    if (config.invert === true || (config.mean ?? null) !== null)
      throw unsupported(where, 'with a mean that is an option, or inverted');
    return { data: { type: 'standardize' }, numbers: ['mean', 'standardDeviation'] };
  },
  PReLU: () => ({ data: { type: 'prelu' }, numbers: ['slope'] }),
  RMSNormalization: (config, where, rank) => {
    requireLastAxis(config, where, rank);
    const { epsilon = 1e-6 } = config;
    return { data: { type: 'rmsNorm', epsilon: numberOf(epsilon, `${where}: epsilon`) }, numbers: ['scale'] };
  },
  Rescaling: ({ scale, offset = 0 }, where) =>
    plain({
      type: 'rescale',
      scale: numberOf(scale, `${where}: scale`),
      offset: numberOf(offset, `${where}: offset`),
    }),
  Reshape: ({ target_shape: target }, where) =>
    plain({ type: 'reshape', sizes: exampleShape([null, ...(Array.isArray(target) ? target : [])], where) }),
};

/** @param rank axes of what it takes, with the batch, where that is known. */
export function convertLayer(
  className: string,
  config: Config,
  where: string,
  rank: number | undefined,
): Converted {
  if (Object.hasOwn(layers, className)) return (layers[className] as Convert)(config, where, rank);
  if (!Object.hasOwn(activationLayers, className)) {
    const known = [...Object.keys(layers), ...Object.keys(activationLayers)].sort().join(', ');
    throw unsupported(where, `: the layers that can be read are ${known}`);
  }
  const activation = activationLayers[className]?.(config, where) ?? { type: 'identity' };
  return plain({ type: 'activation', activation });
}

/**
 * A layer's numbers, given its tensors in Keras's order. Scales that Keras leaves out are 1, offsets 0.
 *
 * @throws NeuriteError `shape` where they are not what the layer has.
 */
export function numbersOf(
  { data, numbers, hasBoth = false }: Converted,
  tensors: readonly TensorData[],
  where: string,
): Numbers {
  const given = new Map(numbers.map((name, i) => [name, tensors[i] as TensorData]));
  for (const [name, { shape }] of given) requireShape(data, name, shape, where);
  const result: Record<string, NumberArray> = {};
  for (const [name, tensor] of given)
    result[name] = name === 'standardDeviation' ? deviations(tensor) : tensor.numbers;
  if (!hasBoth) return result;
  const like = Object.values(result)[0] as NumberArray;
  result.scale ??= like.slice().fill(1);
  result.offset ??= like.slice().fill(0);
  return result;
}

/** Keras keeps variances, and divides by no less than 1e-7. */
const deviations = ({ numbers }: TensorData): NumberArray =>
  numbers.map((variance) => Math.max(Math.sqrt(variance), 1e-7)) as NumberArray;

function requireShape(data: PluginData, name: string, shape: Shape, where: string): void {
  const isWeight = name === 'weight';
  const last =
    data.type === 'dense' ? data.units : data.type === 'embedding' && isWeight ? data.size : shape.at(-1);
  const first = data.type === 'embedding' ? data.count : shape[0];
  const rank = isWeight ? 2 : 1;
  // What is shared along an axis has 1 there.
  const own =
    data.type === 'prelu' ? shape.filter((size, axis) => size !== 1 || axis === shape.length - 1) : shape;
  if (own.length === rank && own.at(-1) === last && (!isWeight || own[0] === first)) return;
  throw new NeuriteError('shape', `${where} of the Keras model has a ${name} of ${printShape(shape)}`);
}

const affine = ({ center = true, scale = true }: Config): string[] => [
  ...(scale === true ? ['scale'] : []),
  ...(center === true ? ['offset'] : []),
];

/** 1 − 0.99 without what rounding leaves. */
const rounded = (value: number): number => Number(value.toPrecision(12));

function requireLastAxis({ axis = -1 }: Config, where: string, rank: number | undefined): void {
  const only = Array.isArray(axis) && axis.length === 1 ? axis[0] : axis;
  if (only === -1 || (rank !== undefined && only === rank - 1)) return;
  throw unsupported(where, 'along another axis than the last');
}

const unsupported = (where: string, what: string): NeuriteError =>
  new NeuriteError(
    'unsupported',
    `${where} of the Keras model cannot be read${what.startsWith(':') ? '' : ' '}${what}`,
  );
