// A layer in its place in a network: what it wants for inputs of a shape, what it makes of them, and its complaints.
import { NeuriteError } from '../errors.ts';
import { isPluginValue, requireThisCopy } from '../plugin/definition.ts';
import type { Layer } from '../plugin/layer.ts';
import { printValue } from '../plugin/options.ts';
import { printShape, requireShape, type Shape, sameShape } from '../scalar/shape.ts';
import * as leaf from '../tensor/ops/leaf.ts';
import { Tensor } from '../tensor/tensor.ts';
import type { ApplyContext, NetworkLayer } from './network.ts';

/** @param who what takes it: "sequential takes layers, but number 2". */
export function requireLayer(value: unknown, who: string): asserts value is Layer {
  if (isPluginValue(value) && value.kind === 'layer') return requireThisCopy(value);
  throw new NeuriteError(
    'option',
    `${who} is ${typeof value === 'function' ? printValue(value) : String(value)}`,
  );
}

/** Throws unless `shape` is one that an example can have. */
export function requireInput(shape: unknown, who: string): asserts shape is Shape {
  if (Array.isArray(shape)) requireShape(shape, who);
  else throw new NeuriteError('shape', `${who} must be a shape, such as [784], but got ${printValue(shape)}`);
}

/** Finds out what `layer` wants and makes, by applying it to a tensor without numbers. */
export function place(layer: Layer, name: string, input: Shape): NetworkLayer {
  const { trainable = true, rateMultiplier = 1 } = layer;
  const specs = withName(layer, name, () => layer.parameters?.(input) ?? {});
  const states = withName(layer, name, () => layer.state?.(input) ?? {});
  const draft: NetworkLayer = {
    name,
    layer,
    input,
    output: input,
    parameters: Object.entries(specs).flatMap(([key, spec]) =>
      spec ? [{ ...spec, name: `${name}.${key}`, trainable, rateMultiplier }] : [],
    ),
    state: Object.entries(states).map(([key, spec]) => ({ ...spec, name: `${name}.${key}` })),
  };
  const values = new Map(
    [...draft.parameters, ...draft.state].map(({ name: full, shape }) => [
      full,
      new Tensor(leaf.input(full, shape, 'float32', 'state')),
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

/** What a placed layer makes of x [batch, …input], its activation included. */
export function applyLayer(
  placed: NetworkLayer,
  values: ReadonlyMap<string, Tensor>,
  x: Tensor,
  context: ApplyContext,
): Tensor {
  const { layer, name, parameters, state, input } = placed;
  if (!sameShape(x.shape.slice(1), input)) {
    throw new NeuriteError(
      'shape',
      `${layer.type} "${name}" takes ${printBatch(input)}, but got ${printShape(x.shape)}`,
    );
  }
  const own = (specs: readonly { readonly name: string }[]): Record<string, Tensor> =>
    Object.fromEntries(
      specs.map((spec) => [spec.name.slice(name.length + 1), values.get(spec.name) as Tensor]),
    );
  const training = context.training && layer.trainable !== false;
  return withName(layer, name, () => {
    const made = layer.apply(own(parameters), x, {
      training,
      random: (purpose) => context.random(`${name}/${purpose}`),
      state: own(state),
    });
    const [scores, next] = made instanceof Tensor ? [made, {}] : [made.output, made.state];
    const output = layer.activation ? layer.activation.apply(scores) : scores;
    const changed = new Map<string, Tensor>();
    for (const { name: full, shape } of state) {
      const tensor = (next as Readonly<Record<string, Tensor>>)[full.slice(name.length + 1)];
      if (!tensor) continue;
      if (!sameShape(tensor.shape, shape)) {
        throw new NeuriteError(
          'shape',
          `must keep ${full} as ${printShape(shape)}, but gave ${printShape(tensor.shape)}`,
        );
      }
      if (training) changed.set(full, tensor); // whatever a layer gives, only steps that train it change it
    }
    context.onLayer?.({ layer: placed, input: x, scores, output, state: changed });
    return output;
  });
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

/** Names for the layers that have none, in order; `last` tells the layer that is called "output". */
export function nameLayers(layers: readonly Layer[], outputs: ReadonlyMap<number, string>): string[] {
  const counts = new Map<string, number>();
  const names = layers.map((layer, i) => {
    const given = layer.name ?? outputs.get(i);
    if (given !== undefined) return given;
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

/** Where the last layer with neurons is, which is what people call the output layer. */
export const lastWithNeurons = (layers: readonly Layer[]): number =>
  layers.findLastIndex((layer) => layer.neurons !== undefined);
