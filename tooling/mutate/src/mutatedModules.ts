// The modules of a package with one mutant in them. A test file and all that leads from it to the mutant exist once for
// each mutant, told apart by a query; everything else is loaded once.
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { dependentsIn } from './dependents.ts';
import { guardLoops, type Mutant } from './mutants.ts';

/** `path` as it is with the mutant of this number. */
export const mutatedPath = (path: string, mutant: number): string => `${path}?mutant=${mutant}`;

const query = /\?mutant=(-?\d+)$/;

/**
 * Loads what has a mutant's number. The number −1 stands for no mutant at all.
 *
 * @param texts the sources as they were when the mutants were made.
 */
export function mutatedModules(
  root: string,
  mutants: readonly Mutant[],
  texts: ReadonlyMap<string, string>,
): Plugin {
  const dependentsOf = dependentsIn(texts);
  return {
    name: 'mutated-modules',
    enforce: 'pre',
    resolveId(source, importer) {
      // Vite also asks for paths from the root on: "/packages/losses/test/losses.test.ts?mutant=3".
      if (query.test(source)) return source.startsWith(root) ? source : resolve(root, `.${source}`);
      const number = importer?.match(query)?.[1];
      if (number === undefined || !source.startsWith('.') || !source.endsWith('.ts')) return undefined;
      const path = resolve(dirname((importer as string).replace(query, '')), source);
      const file = relative(root, path);
      const mutated = mutants[Number(number)]?.file;
      const isSame = texts.has(file) && (mutated === undefined || !dependentsOf(mutated).has(file));
      return isSame ? path : mutatedPath(path, Number(number));
    },
    load(id) {
      const number = id.match(query)?.[1];
      if (number === undefined) return undefined;
      const path = id.replace(query, '');
      const text = texts.get(relative(root, path)) ?? readFileSync(path, 'utf8');
      const mutant = mutants[Number(number)];
      if (mutant === undefined || resolve(root, mutant.file) !== path) return text;
      const { start, end, becomes } = mutant;
      return guardLoops(path, text.slice(0, start) + becomes + text.slice(end), 'globalThis.mutationTick');
    },
  };
}
