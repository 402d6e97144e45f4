// Networks as TypeScript: the code that defines them, by value.
import { type AnyDefinition, type Network, type NetworkData, NeuriteError, registry } from '@neurite/core';
import { Imports, type Packages } from './typescript/imports.ts';
import { array, call, followed, isIdentifier, prefixed, print } from './typescript/layout.ts';
import { withoutNames } from './typescript/names.ts';
import { printPlugin } from './typescript/plugins.ts';
import { printGraph } from './typescript/printGraph.ts';

export type { Packages } from './typescript/imports.ts';

/** What the code is to be called, and where plugins are imported from. */
export interface TypeScriptOptions {
  /**
   * The packages that the plugins come from, as modules by the names under which the code shall import them:
   * `{ '@neurite/layers': layers, '@neurite/activations': activations }`. Core's initializers come from '@neurite/core'.
   */
  readonly packages: Packages;
  /** What the constant is called that the code exports. "network". */
  readonly name?: string | undefined;
}

/**
 * The definition of a network as the text of a TypeScript file that exports it: imports, and `sequential(…)` or `graph(…)`.
 * Options that are as they would be by default are left out, and so are names that layers get by themselves. What the
 * code makes has the `toJSON()` of `network`. Nothing of the numbers is in it.
 *
 * @throws NeuriteError `name` where no given package has a plugin.
 *
 * @example
 * import * as activations from '@neurite/activations';
 * import * as layers from '@neurite/layers';
 *
 * toTypeScript(network, { packages: { '@neurite/activations': activations, '@neurite/layers': layers } });
 * // import { relu } from '@neurite/activations';
 * // import { sequential } from '@neurite/core';
 * // import { dense } from '@neurite/layers';
 * //
 * // export const network = sequential([784], [dense({ units: 128, activation: relu() }), dense({ units: 10 })]);
 */
export function toTypeScript(network: Network | NetworkData, options: TypeScriptOptions): string {
  const { packages, name = 'network' } = options;
  if (!isIdentifier(name)) throw new NeuriteError('option', `"${name}" cannot be the name of a constant`);
  const imports = new Imports(packages, [name, 'use']);
  const made =
    'toJSON' in network
      ? network
      : registry()
          .use(...Object.values(packages))
          .network(network as never);
  const layers = withoutNames(made, (layer) => imports.definitionOf(layer) as AnyDefinition);
  const data = made.toJSON();
  const start = `export const ${name} = `;
  let text: string;
  if ('nodes' in data) text = `${start}${printGraph(data, layers, imports)};`;
  else {
    const codes = [...layers.values()].map((layer) => printPlugin(layer, imports));
    const parts = [array(data.input.map(String)), array(codes)];
    const chain = call(imports.name('@neurite/core', 'sequential'), parts);
    text = print(followed(prefixed(start, chain), ';'));
  }
  return `${imports.print()}\n${text}\n`;
}
