// Activations of Keras, as texts and as layers.
import { NeuriteError, type PluginData } from '@neurite/core';
import { type Config, configOf, isConfig, numberOf, textOf } from './config.ts';

/** Keras's names for functions: what they are here. Nothing for `linear`. */
const functions: Readonly<Record<string, PluginData | undefined>> = {
  celu: { type: 'celu' },
  elu: { type: 'elu' },
  gelu: { type: 'gelu' },
  hard_sigmoid: { type: 'hardSigmoid' },
  hard_silu: { type: 'hardSwish' },
  hard_swish: { type: 'hardSwish' },
  hard_tanh: { type: 'hardTanh' },
  leaky_relu: { type: 'leakyRelu', slope: 0.2 },
  linear: undefined,
  log_sigmoid: { type: 'logSigmoid' },
  log_softmax: { type: 'logSoftmax' },
  mish: { type: 'mish' },
  relu: { type: 'relu' },
  relu6: { type: 'relu6' },
  selu: { type: 'selu' },
  sigmoid: { type: 'sigmoid' },
  silu: { type: 'silu' },
  softmax: { type: 'softmax' },
  softplus: { type: 'softplus' },
  softsign: { type: 'softsign' },
  swish: { type: 'silu' },
  tanh: { type: 'tanh' },
  tanh_shrink: { type: 'tanhShrink' },
};

/** Layers that are an activation, by the name of their class. */
export const activationLayers: Readonly<
  Record<string, (config: Config, where: string) => PluginData | undefined>
> = {
  Activation: ({ activation }, where) => activationOf(activation, where),
  ELU: ({ alpha = 1 }, where) => ({ type: 'elu', alpha: numberOf(alpha, `${where}: alpha`) }),
  LeakyReLU: ({ negative_slope: slope, alpha }, where) => ({
    type: 'leakyRelu',
    slope: numberOf(slope ?? alpha ?? 0.3, `${where}: negative_slope`),
  }),
  ReLU: (config, where) => {
    const { max_value: most = null, negative_slope: slope = 0, threshold = 0 } = config;
    if (threshold === 0 && most === 6 && slope === 0) return { type: 'relu6' };
    if (threshold !== 0 || most !== null)
      throw unknown(where, 'a ReLU with a threshold or a maximum other than 6');
    const own = numberOf(slope, `${where}: negative_slope`);
    return own === 0 ? { type: 'relu' } : { type: 'leakyRelu', slope: own };
  },
  Softmax: ({ axis = -1 }, where) => {
    const isLast = axis === -1 || (Array.isArray(axis) && axis.length === 1 && axis[0] === -1);
    if (!isLast) throw unknown(where, 'a softmax along another axis than the last');
    return { type: 'softmax' };
  },
};

/** The activation that a layer has as an option: a text, or a layer within the layer. */
export function activationOf(value: unknown, where: string): PluginData | undefined {
  if (value === null || value === undefined) return undefined;
  if (isConfig(value)) {
    const type = textOf(value.class_name, `${where}: class_name`);
    if (type === 'function') return activationOf(value.config, where);
    const make = Object.hasOwn(activationLayers, type) ? activationLayers[type] : undefined;
    if (!make) throw unknown(where, `the activation ${type}`);
    return make(configOf(value.config, `${where}: config`), where);
  }
  const name = textOf(value, `${where}: activation`);
  if (!Object.hasOwn(functions, name)) throw unknown(where, `the activation "${name}"`);
  return functions[name];
}

const unknown = (where: string, what: string): NeuriteError =>
  new NeuriteError('unsupported', `${where} of the Keras model has ${what}, which Neurite does not have`);
