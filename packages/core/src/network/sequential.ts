// Networks that are a chain of layers.
import { NeuriteError } from '../errors.ts';
import { isPluginValue } from '../plugin/definition.ts';
import type { Layer } from '../plugin/layer.ts';
import * as leaf from '../tensor/ops/leaf.ts';
import { printShape, requireShape, type Shape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { toNetworkData } from './json.ts';
import {
  type ApplyContext,
  layerContext,
  type Network,
  type NetworkLayer,
  type NetworkParameter,
} from './network.ts';
import { summarize } from './summary.ts';

/**
 * A network that applies `layers` in order.
 *
 * Layers without a `name` of their own get one: those with neurons are hidden1, hidden2 … and the last of them output;
 * others are called by their type and a number, such as dropout1. Parameters are named after them: hidden1.weight.
 *
 * @param input shape of one example, such as [784] or [28, 28].
 * @throws NeuriteError `shape` that names the layer where shapes do not fit; `name` where two layers are called the same.
 *
 * @example
 * const network = sequential([784], [dense({ units: 128, activation: relu() }), dense({ units: 10 })]);
 */
export function sequential(input: Shape, layers: readonly Layer[]): Network {
  requireShape(input, 'sequential');
  layers.forEach((layer, i) => {
    if (!isPluginValue(layer) || layer.kind !== 'layer') {
      throw new NeuriteError('option', `sequential takes layers, but number ${i + 1} is ${describe(layer)}`);
    }
  });
  const names = nameLayers(layers);
  const placed: NetworkLayer[] = [];
  let shape = input;
  layers.forEach((layer, i) => {
    const next = place(layer, names[i] as string, shape);
    placed.push(next);
    shape = next.output;
  });
  const network: Network = {
    input,
    output: shape,
    layers: placed,
    parameters: placed.flatMap(({ parameters }) => parameters),
    apply: (parameters, x, context) =>
      placed.reduce((value, layer) => applyLayer(layer, parameters, value, context), x),
    summary: () => summarize(network),
    toJSON: () => toNetworkData(network),
  };
  return network;
}

function describe(value: unknown): string {
  return typeof value === 'function'
    ? `the function ${value.name || '(without a name)'}: call it first`
    : String(value);
}

function nameLayers(layers: readonly Layer[]): string[] {
  const last = layers.findLastIndex((layer) => layer.neurons !== undefined);
  const counts = new Map<string, number>();
  const names = layers.map((layer, i) => {
    if (layer.name !== undefined) return layer.name;
    if (i === last) return 'output';
    const kind = layer.neurons === undefined ? layer.type : 'hidden';
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return `${kind}${counts.get(kind)}`;
  });
  names.forEach((name, i) => {
    if (names.indexOf(name) !== i) {
      throw new NeuriteError('name', `two layers are called "${name}": give one of them another name`);
    }
  });
  return names;
}

/** Finds out what `layer` wants and makes, by applying it to a tensor without numbers. */
function place(layer: Layer, name: string, input: Shape): NetworkLayer {
  const specs = withName(layer, name, () => layer.parameters?.(input) ?? {});
  const parameters: NetworkParameter[] = Object.entries(specs).flatMap(([key, spec]) =>
    spec ? [{ ...spec, name: `${name}.${key}` }] : [],
  );
  const draft: NetworkLayer = { name, layer, input, output: input, parameters };
  const values = new Map(
    parameters.map((parameter) => [
      parameter.name,
      new Tensor(leaf.input(parameter.name, parameter.shape, 'float32', 'state')),
    ]),
  );
  const x = new Tensor(leaf.input('x', [1, ...input], 'float32', 'input'));
  const random = (purpose: string) => ({ seed: 0, purpose });
  const [batch, ...output] = applyLayer(draft, values, x, { training: true, random }).shape;
  if (batch !== 1) {
    throw new NeuriteError(
      'shape',
      `${layer.type} "${name}" makes ${batch} examples of one: it must keep the first axis`,
    );
  }
  return { ...draft, output };
}

function applyLayer(
  { layer, name, parameters, input }: NetworkLayer,
  values: ReadonlyMap<string, Tensor>,
  x: Tensor,
  context: ApplyContext,
): Tensor {
  if (printShape(x.shape.slice(1)) !== printShape(input)) {
    throw new NeuriteError(
      'shape',
      `${layer.type} "${name}" takes ${printBatch(input)}, but got ${printShape(x.shape)}`,
    );
  }
  const own = Object.fromEntries(
    parameters.map((parameter) => [
      parameter.name.slice(name.length + 1),
      values.get(parameter.name) as Tensor,
    ]),
  );
  const y = withName(layer, name, () => layer.apply(own, x, layerContext(name, context)));
  context.onLayer?.(name, y);
  return y;
}

const printBatch = (shape: Shape): string => `[${['batch', ...shape].join(', ')}]`;

/** Puts the layer's type and name in front of what it complains of. */
function withName<T>(layer: Layer, name: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof NeuriteError)) throw error;
    throw new NeuriteError(error.code, `${layer.type} "${name}" ${error.message}`, { cause: error });
  }
}
