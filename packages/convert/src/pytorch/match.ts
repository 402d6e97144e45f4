// Which module of a state_dict each layer is: by names that were given, else by shapes, and by numbers within the names
// where several have the same shapes.
import {
  type Network,
  type NetworkLayer,
  NeuriteError,
  nearestNames,
  printShape,
  type Shape,
} from '@neurite/core';
import { quoted } from '../values.ts';
import { fieldsByLayer, needless } from './modules.ts';

/** A number of the network, and the tensor that it is to be. */
export interface Match {
  /** "hidden1.weight". */
  readonly ours: string;
  readonly shape: Shape;
  readonly theirs: string;
  readonly transposed: boolean;
}

/** Tensors of a file by name: all that matching asks is their shape. */
export type Tensors = ReadonlyMap<string, { readonly shape: Shape }>;

interface Wanted {
  readonly layer: NetworkLayer;
  /** `theirs` within the module. */
  readonly fields: readonly Match[];
}

/**
 * @param names modules by the names of layers, or tensors by the names of parameters.
 * @throws NeuriteError `name` or `shape` that lists what the network wants and what there is.
 */
export function matchTensors(
  network: Network,
  tensors: Tensors,
  names: Readonly<Record<string, string>>,
): Match[] {
  requireKnown(network, names);
  const matches: Match[] = [];
  const open: Wanted[] = [];
  for (const layer of network.layers) {
    const fields = [...layer.parameters, ...layer.state].flatMap(({ name, shape }) => {
      const field = fieldsByLayer[layer.layer.type]?.[name.slice(layer.name.length + 1)];
      const own = { ours: name, theirs: field?.theirs ?? '', shape, transposed: field?.transposed ?? false };
      const given = names[name];
      if (given !== undefined) matches.push({ ...own, theirs: given });
      else if (field) return [own];
      else throw unknownLayer(layer, name);
      return [];
    });
    const module = names[layer.name];
    if (module !== undefined) matches.push(...within(module, fields));
    else if (fields.length > 0) open.push({ layer, fields });
  }
  const taken = new Set(matches.map(({ theirs }) => theirs));
  const modules = modulesIn(tensors, taken);
  for (const [signature, layers] of groupBy(open, ({ fields }) => signatureOf(fields))) {
    const fitting = modules.get(signature) ?? [];
    if (fitting.length !== layers.length) throw doesNotFit(open, tensors, taken);
    if (fitting.length > 1 && !areNumbered(fitting)) throw ambiguous(layers, fitting);
    const ordered = fitting.toSorted(byNumbers);
    matches.push(...layers.flatMap(({ fields }, i) => within(ordered[i] as string, fields)));
  }
  return matches;
}

const within = (module: string, fields: Wanted['fields']): Match[] =>
  fields.map((field) => ({ ...field, theirs: module === '' ? field.theirs : `${module}.${field.theirs}` }));

/** Modules by what they hold: names like "net.2" by "bias [10], weight [10, 20]". */
function modulesIn(tensors: Tensors, taken: ReadonlySet<string>): Map<string, string[]> {
  const fields = [...tensors].flatMap(([name, { shape }]) => {
    const dot = name.lastIndexOf('.');
    const field = { module: name.slice(0, Math.max(0, dot)), theirs: name.slice(dot + 1), shape };
    return taken.has(name) || needless.has(field.theirs) ? [] : [field];
  });
  const modules = [...groupBy(fields, ({ module }) => module)];
  return new Map(
    [...groupBy(modules, ([, own]) => signatureOf(own))].map(([signature, list]) => [
      signature,
      list.map(([module]) => module),
    ]),
  );
}

const signatureOf = (
  fields: readonly { readonly theirs: string; readonly shape: Shape; readonly transposed?: boolean }[],
): string =>
  fields
    .map(
      ({ theirs, shape, transposed }) => `${theirs} ${printShape(transposed ? shape.toReversed() : shape)}`,
    )
    .sort()
    .join(', ');

function groupBy<Item>(items: Iterable<Item>, keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

/** Whether names differ in numbers alone, which tell the order. */
const areNumbered = (names: readonly string[]): boolean =>
  new Set(names.map((name) => name.replace(/\d+/g, '#'))).size === 1;

function byNumbers(a: string, b: string): number {
  const [left, right] = [a, b].map((name) => (name.match(/\d+/g) ?? []).map(Number)) as [number[], number[]];
  const at = left.findIndex((number, i) => number !== right[i]);
  return (left[at] ?? 0) - (right[at] ?? 0);
}

function requireKnown(network: Network, names: Readonly<Record<string, string>>): void {
  const known = network.layers.flatMap(({ name, parameters, state }) => [
    name,
    ...[...parameters, ...state].map((each) => each.name),
  ]);
  const strange = Object.keys(names).find((name) => !known.includes(name));
  if (strange === undefined) return;
  throw new NeuriteError(
    'name',
    `names: the network has no "${strange}": it has ${quoted(nearestNames(strange, known))}`,
  );
}

const unknownLayer = ({ layer, name }: NetworkLayer, parameter: string): NeuriteError =>
  new NeuriteError(
    'unsupported',
    `${layer.type} "${name}" is no module of PyTorch: say which tensor "${parameter}" is, { names: { '${parameter}': '…' } }`,
  );

const ambiguous = (layers: readonly Wanted[], modules: readonly string[]): NeuriteError =>
  new NeuriteError(
    'name',
    `${quoted(layers.map(({ layer }) => layer.name))} could each be any of ${quoted(modules)}, which have the same shapes: say which, { names: { '${layers[0]?.layer.name}': '${modules[0]}', … } }`,
  );

/** Lists both sides, of which as much as can be read. */
function doesNotFit(open: readonly Wanted[], tensors: Tensors, taken: ReadonlySet<string>): NeuriteError {
  const wanted = open.map(
    ({ layer, fields }) => `${layer.name} (${layer.layer.type}): ${signatureOf(fields)}`,
  );
  const there = [...modulesIn(tensors, taken)].flatMap(([signature, modules]) =>
    modules.map((module) => `${module || '(no module)'}: ${signature}`),
  );
  return new NeuriteError(
    'shape',
    `the weights do not fit the network, which wants, in PyTorch's shapes,\n${lines(wanted)}\nbut there are\n${lines(there)}`,
  );
}

function lines(all: readonly string[]): string {
  const shown = all.slice(0, 20).map((line) => `  ${line.slice(0, 200)}`);
  return [...shown, ...(all.length > 20 ? [`  and ${all.length - 20} others`] : [])].join('\n') || '  none';
}
