// The code blocks of a page of Markdown, with what the comments before them say about them.

/** What a hidden comment in front of a block says: `<!-- prelude: digits -->`. */
export interface Directives {
  /** Names from preludes/, whose code comes before the block and those that continue it. */
  readonly preludes: readonly string[];
  /** Whether nothing of the blocks before it is known in it. */
  readonly fresh: boolean;
  /** Why it is compiled and not run. */
  readonly notRun: string | undefined;
  /** Why it is not even compiled. */
  readonly notCompiled: string | undefined;
  /** A name for what it prints, which the page shows. */
  readonly printed: string | undefined;
}

export interface Block extends Directives {
  /** The page, from the root of the repository. */
  readonly page: string;
  /** Of its first line of code, counted from 1. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
}

const directive = /^<!-- (prelude|fresh|not run|not compiled|printed)(?:: (.+?))? -->$/;

/** @throws Error where a comment reads like a directive and says nothing that is known. */
export function blocksOf(page: string, text: string): Block[] {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  let comments: string[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    const fence = /^(\s*)(`{3,})([\w-]*)/.exec(line);
    if (!fence) {
      if (line.startsWith('<!--')) comments.push(line);
      else if (line.trim() !== '') comments = [];
      continue;
    }
    const [, indent = '', ticks = '', language = ''] = fence;
    const first = i + 1;
    do i++;
    while (i < lines.length && (lines[i] as string).trim() !== ticks);
    const code = lines.slice(first, i).map((each) => each.slice(indent.length));
    const where = `${page}:${first + 1}`;
    blocks.push({ page, line: first + 1, language, code: code.join('\n'), ...directivesOf(comments, where) });
    comments = [];
  }
  return blocks;
}

function directivesOf(comments: readonly string[], where: string): Directives {
  const said = new Map<string, string>();
  for (const comment of comments) {
    const [, name, value = ''] = directive.exec(comment) ?? [];
    if (name === undefined) continue;
    if (name !== 'fresh' && value === '') throw new Error(`${where}: ${comment} does not say what`);
    said.set(name, value);
  }
  return {
    preludes: said.get('prelude')?.split(', ') ?? [],
    fresh: said.has('fresh'),
    notRun: said.get('not run'),
    notCompiled: said.get('not compiled'),
    printed: said.get('printed'),
  };
}
