// What a new plugin touches: one file, one line of an index, its test, its changeset.
import { kinds } from './kinds.ts';

/** A file to be written, or a line to be put into one. Paths are relative to the repository. */
export interface Plan {
  readonly source: { readonly path: string; readonly text: string };
  readonly index: { readonly path: string; readonly line: string };
  readonly test: { readonly path: string; readonly text: string };
  readonly changeset: { readonly path: string; readonly text: string };
}

/** @throws Error that says what is wrong with the kind or the name. */
export function planPlugin(kind: string, name: string): Plan {
  const make = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (!make) {
    const backend =
      kind === 'backend' ? ' (a backend is a package of its own: start from packages/backend-cpu)' : '';
    throw new Error(`there is no kind "${kind}"${backend}; the kinds are ${Object.keys(kinds).join(', ')}`);
  }
  if (!/^[a-z][a-zA-Z0-9]*$/.test(name))
    throw new Error(`"${name}" is no name for a plugin: write it like leakyRelu, in letters and digits`);
  const { package: owner, folder = '', testFolder = '', source, test } = make(name);
  const file = `${folder}${name}.ts`;
  return {
    source: { path: `packages/${owner}/src/${file}`, text: source },
    index: {
      path: `packages/${owner}/src/index.ts`,
      line: `export { ${name} } from './${file}';`,
    },
    test: { path: `packages/${owner}/test/${testFolder}${name}.test.ts`, text: test },
    changeset: {
      path: `.changeset/new-${kind}-${name.toLowerCase()}.md`,
      text: `---\n'@neurite/${owner}': minor\n---\n\nThe ${kind} \`${name}\`.\n`,
    },
  };
}

/** An index with another line in its place among those of the same folder: by path, as the others are. */
export function withLine(index: string, line: string): string {
  const pathOf = (text: string): string => /from '(.*)';$/.exec(text)?.[1]?.toLowerCase() ?? '';
  const lines = index.split('\n');
  const wanted = pathOf(line);
  const after = lines.findIndex((other) => pathOf(other) > wanted);
  const at = after < 0 ? lines.findLastIndex((other) => pathOf(other) !== '') + 1 : startOf(lines, after);
  return lines.toSpliced(at, 0, line).join('\n');
}

/** Where the statement begins that ends in this line. */
function startOf(lines: readonly string[], end: number): number {
  let start = end;
  while (!lines[start]?.startsWith('export')) start--;
  return start;
}
