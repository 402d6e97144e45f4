// What can be done to a source file: each mutant is one small change that some test should notice.
import { parseSync } from 'vite';
import { changesOf } from './changes.ts';
import { isNode, type Node } from './node.ts';

/** One change of one file. */
export interface Mutant {
  /** From the root of the repository. */
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  /** The text from `start` to `end`, and what takes its place. */
  readonly was: string;
  readonly becomes: string;
}

/** Everything that is tried on `file`, in the order of its text. Types, imports and messages of errors are left alone. */
export function mutantsOf(file: string, text: string): Mutant[] {
  const mutants: Mutant[] = [];
  const visit = (node: Node, parent: Node | undefined): void => {
    if (isSilent(node)) return;
    for (const { start, end, becomes } of changesOf(node, parent, text)) {
      const before = text.slice(0, start).split('\n');
      const [line, column] = [before.length, (before.at(-1) as string).length + 1];
      mutants.push({ file, start, end, line, column, was: text.slice(start, end), becomes });
    }
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, node);
    }
  };
  visit(parse(file, text), undefined);
  return mutants.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The text with a call of `tick` at the start of each loop's body: it throws where a loop does not end. */
export function guardLoops(file: string, text: string, tick: string): string {
  const bodies: Node[] = [];
  const visit = (node: Node): void => {
    if (/^(For|While|DoWhile)/.test(node.type) && isNode(node.body)) bodies.push(node.body);
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child);
    }
  };
  visit(parse(file, text));
  return bodies
    .sort((a, b) => b.start - a.start)
    .reduce((changed, { start, end, type }) => {
      const body = changed.slice(start, end);
      const guarded = type === 'BlockStatement' ? `{ ${tick}();${body.slice(1)}` : `{ ${tick}(); ${body} }`;
      return changed.slice(0, start) + guarded + changed.slice(end);
    }, text);
}

function parse(file: string, text: string): Node {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  return program as unknown as Node;
}

/** What does nothing at run time, or only words an error. */
const isSilent = ({ type, callee, source }: Node): boolean =>
  (type.startsWith('TS') && !/^TS(As|Satisfies|NonNull)/.test(type)) ||
  /^(Import|ExportAll)/.test(type) ||
  (type === 'ExportNamedDeclaration' && isNode(source)) ||
  (type === 'NewExpression' && isNode(callee) && String(callee.name).endsWith('Error'));
