// The blocks of a page as modules: each block stands in the scope of those before it, so that it may use their names and
// may also use them again for something else.
import type { Block } from './blocks.ts';
import { type Import, splitImports } from './imports.ts';

export interface PageModule {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly source: string;
  /** Where each line of the source comes from: "README.md:17". */
  readonly origins: readonly (string | undefined)[];
  readonly blocks: readonly Block[];
  /** Whether it is to be run, too. */
  readonly runs: boolean;
}

/** The code of a prelude by its name. */
export type Preludes = (name: string) => string;

/** What a block may see: preludes, and the blocks that it continues. */
interface Chain {
  readonly preludes: readonly string[];
  readonly blocks: readonly Block[];
}

/** The modules that the ts blocks of a page make: one for each chain of blocks, one for each that is not to be run. */
export function modulesOf(page: string, blocks: readonly Block[], preludes: Preludes): PageModule[] {
  const name = page.replace(/\.md$/, '').replace(/\W+/g, '-');
  const modules: PageModule[] = [];
  let chain: Chain = { preludes: [], blocks: [] };
  const close = (): void => {
    if (chain.blocks.length > 0)
      modules.push(moduleOf(`${name}-${modules.length + 1}`, chain, preludes, true));
  };
  for (const block of blocks) {
    if (block.language !== 'ts' || block.notCompiled !== undefined) continue;
    if (block.fresh) {
      close();
      chain = { preludes: [], blocks: [] };
    }
    const next = {
      preludes: [...new Set([...chain.preludes, ...block.preludes])],
      blocks: [...chain.blocks, block],
    };
    if (block.notRun === undefined) chain = next;
    else modules.push(moduleOf(`${name}-${modules.length + 1}-not-run`, next, preludes, false));
  }
  close();
  return modules;
}

function moduleOf(
  name: string,
  { preludes: names, blocks }: Chain,
  preludes: Preludes,
  runs: boolean,
): PageModule {
  const before = names.map((prelude) => splitImports(preludes(prelude)));
  const parts = blocks.map(({ code }) => splitImports(code));
  const imports = new Map<string, Import>();
  for (const { imports: added } of before) for (const each of added) imports.set(each.name, each);
  const own = new Map<string, Import>();
  parts.forEach((part, i) => {
    for (const each of part.imports) {
      const known = own.get(each.name);
      if (known && known.statement !== each.statement) {
        const { page, line } = blocks[i] as Block;
        throw new Error(
          `${page}:${line}: "${each.name}" is imported twice, from elsewhere: put <!-- fresh --> before the block`,
        );
      }
      own.set(each.name, each);
      imports.set(each.name, each);
    }
  });

  const lines: string[] = [];
  const origins: (string | undefined)[] = [];
  const add = (text: string, origin?: (line: number) => string): void => {
    text.split('\n').forEach((line, i) => {
      lines.push(line);
      origins.push(origin?.(i));
    });
  };
  add("import { print, shown } from '../../src/shown.ts';");
  for (const { statement } of imports.values()) add(statement);
  for (const { body } of before) add(body);
  parts.forEach(({ body }, i) => {
    const { page, line, printed } = blocks[i] as Block;
    add(`{ print(${JSON.stringify(printed)});`);
    add(withShown(body, page, line, names.length > 0), (offset) => `${page}:${line + offset}`);
  });
  add('}'.repeat(parts.length));
  add('export { print, shown };');
  return { name, source: `${lines.join('\n')}\n`, origins, blocks, runs };
}

/** Nothing is exported from inside a scope; what a line shows beside `console.log` is compared with what comes. */
function withShown(body: string, page: string, line: number, standIn: boolean): string {
  return body
    .split('\n')
    .map((text, i) =>
      text
        .replace(/^export (?=const|function|class|interface|type)/, '')
        .replace(
          /^(\s*)console\.log\((.*)\); \/\/ (.+)$/,
          (_, indent: string, what: string, comment: string) => {
            const where = JSON.stringify([`${page}:${line + i}`, comment, standIn]);
            return `${indent}shown(${where.slice(1, -1)}, ${what});`;
          },
        ),
    )
    .join('\n');
}
