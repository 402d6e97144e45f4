// A graph as code: the function over tensors that it is.
import type { GraphData, Layer, NodeData } from '@neurite/core';
import { isJoin, methods, ownerOf, sourcesOf } from './graphs.ts';
import type { Imports } from './imports.ts';
import { array, type Code, call, followed, isIdentifier, key, object, prefixed, print } from './layout.ts';
import { printPlugin } from './plugins.ts';

/** `graph([64], (x, use) => { … })`, its lines indented as a statement's. */
export function printGraph(
  { inputs, nodes, outputs }: GraphData,
  layers: ReadonlyMap<string, Layer>,
  imports: Imports,
): string {
  const lines: string[] = [];
  const add = (code: Code): void => void lines.push(`  ${print(followed(code, ';'), 2)}`);
  const entries = Object.entries(nodes);
  const readers = [...entries.flatMap(([, node]) => sourcesOf(node)), ...Object.values(outputs)];
  const owners = entries.filter(([, node]) => !isJoin(node)).map(([name, node]) => ownerOf(name, node));
  /** Layers that make outputs: written behind `return` where they are used last and in that order. */
  const uses = entries.filter(([, node]) => !isJoin(node)).map(([name]) => name);
  const ends = Object.values(outputs).filter((name) => uses.includes(name) && isOnly(readers, name));
  const last = uses.slice(uses.length - ends.length);
  const keepsOrder = ends.every((name, i) => name === last[i]);

  const single = Object.keys(inputs).join() === 'input';
  const ports = new Map(Object.keys(inputs).map((name) => [name, imports.free(single ? 'x' : name)]));
  /** Nodes as they are written where they are read. */
  const written = new Map<string, Code>(ports);
  const shared = new Map<string, string>();
  const layerCode = (name: string): Code => {
    const code = printPlugin(layers.get(name) as Layer, imports);
    if (isOnly(owners, name)) return code;
    const known = shared.get(name) ?? imports.free(`${name}Layer`);
    if (!shared.has(name)) add(prefixed(`const ${known} = `, code));
    shared.set(name, known);
    return known;
  };
  for (const [name, node] of entries) {
    const code = isJoin(node)
      ? printJoin(node, written, imports)
      : call('use', [layerCode(ownerOf(name, node)), written.get(node.from as string) as Code]);
    if (isOnly(readers, name) && (isJoin(node) || (keepsOrder && ends.includes(name)))) {
      written.set(name, code);
      continue;
    }
    const variable = imports.free(name);
    add(prefixed(`const ${variable} = `, code));
    written.set(name, variable);
  }
  const results = Object.entries(outputs).map(([name, node]) => [name, written.get(node) as Code] as const);
  const isPlain = results.length === 1 && results[0]?.[0] === 'output';
  add(
    prefixed(
      'return ',
      isPlain ? (results[0]?.[1] as Code) : object(results.map(([name, code]) => property(name, code))),
    ),
  );

  const shapes = Object.entries(inputs).map(([name, shape]) =>
    prefixed(`${key(name)}: `, array(shape.map(String))),
  );
  const given = single ? array((inputs.input ?? []).map(String)) : object(shapes);
  const parameter = single
    ? 'x'
    : print(object([...ports].map(([name, variable]) => property(name, variable))));
  const graph = imports.name('@neurite/core', 'graph');
  return `${graph}(${print(given)}, (${parameter}, use) => {\n${lines.join('\n')}\n})`;
}

function printJoin(node: NodeData, written: ReadonlyMap<string, Code>, imports: Imports): Code {
  const { join, axis = -1 } = node as { readonly join: string; readonly axis?: number };
  const sources = sourcesOf(node);
  const codeOf = (source: string | number): Code =>
    typeof source === 'number' ? String(source) : (written.get(source) as Code);
  if (join === 'concatenate')
    return call(imports.name('@neurite/core', 'concat'), [array(sources.map(codeOf)), String(axis)]);
  const [first, ...others] = sources as [string | number, ...(string | number)[]];
  const start =
    typeof first === 'number'
      ? call(imports.name('@neurite/core', 'constant'), [String(first)])
      : codeOf(first);
  return others.reduce<Code>(
    (sum, other) => followed(sum, call(`.${methods[join as keyof typeof methods]}`, [codeOf(other)])),
    start,
  );
}

/** `name`, or `name: code` where they differ. */
const property = (name: string, code: Code): Code =>
  code === name && isIdentifier(name) ? name : prefixed(`${key(name)}: `, code);

const isOnly = (list: readonly (string | number)[], name: string): boolean =>
  list.indexOf(name) === list.lastIndexOf(name);
