// All pages whose code is compiled and run: READMEs, and those of the site.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, blocksOf } from './blocks.ts';
import { modulesOf, type PageModule } from './modules.ts';

export const root = join(import.meta.dirname, '../../..');
export const here = join(import.meta.dirname, '..');

/** READMEs that are there, and the pages of the site; not those that are generated. */
function pagePaths(): string[] {
  const readmes = ['packages', 'apps'].flatMap((kind) =>
    readdirSync(join(root, kind)).map((name) => `${kind}/${name}/README.md`),
  );
  const pages = ['.', 'plugins', 'from'].flatMap((folder) =>
    readdirSync(join(here, 'pages', folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join('apps/docs/pages', folder, name)),
  );
  return ['README.md', 'CONTRIBUTING.md', ...readmes, ...pages].filter((path) =>
    existsSync(join(root, path)),
  );
}

const read = (page: string): string => readFileSync(join(root, page), 'utf8');

export const readPages = (): Map<string, Block[]> =>
  new Map(pagePaths().map((page) => [page, blocksOf(page, read(page))]));

/** By name, from preludes.md. */
export function preludeOf(name: string): string {
  const [, section] = read('apps/docs/preludes.md').split(`\n## ${name}\n`);
  const [block] = blocksOf('preludes.md', section ?? '');
  if (!block) throw new Error(`there is no prelude "${name}" in apps/docs/preludes.md`);
  return block.code;
}

export const modulesOfPages = (pages: ReadonlyMap<string, readonly Block[]>): PageModule[] =>
  [...pages].flatMap(([page, blocks]) => modulesOf(page, blocks, preludeOf));
