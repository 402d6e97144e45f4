// The imports of a piece of code, name by name, so that those of several pieces can stand together.

export interface Import {
  /** As it is known in the code. */
  readonly name: string;
  /** The statement that brings it. */
  readonly statement: string;
}

/** Modules that need more around them than there is. */
const standIns: Readonly<Record<string, string>> = { vitest: '../../src/vitestStub.ts' };

const statement = /^import\s+(type\s+)?([^'";]+?)\s+from\s+'([^']+)';[^\n]*$/gm;

/** The code without its imports, each of which leaves as many lines as it had, and the imports. */
export function splitImports(code: string): { readonly body: string; readonly imports: readonly Import[] } {
  const imports: Import[] = [];
  const body = code.replace(
    statement,
    (whole: string, type: string | undefined, clause: string, from: string) => {
      imports.push(...namesOf(clause, type !== undefined, standIns[from] ?? from));
      return whole.replace(/[^\n]/g, '');
    },
  );
  return { body, imports };
}

function namesOf(clause: string, isType: boolean, from: string): Import[] {
  const namespace = /^\*\s+as\s+(\w+)$/.exec(clause)?.[1];
  if (namespace !== undefined) return [{ name: namespace, statement: `import ${clause} from '${from}';` }];
  const list = /^\{([\s\S]*)\}$/.exec(clause)?.[1];
  if (list === undefined) return [{ name: clause, statement: `import ${clause} from '${from}';` }];
  return list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => ({
      name: entry.split(/\s+/).at(-1) as string,
      statement: `import ${isType ? 'type ' : ''}{ ${entry} } from '${from}';`,
    }));
}
