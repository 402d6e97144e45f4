// The source of an experiment as the page shows it: cut out of the file that ran.

/**
 * The imports of Neurite that the experiment uses, and the experiment itself.
 *
 * @param file text of a claim's file, formatted: `async function experiment` ends at the first brace without indent.
 */
export function experimentSource(file: string): string {
  const body = /^(?:export )?async function experiment[\s\S]*?^}$/m.exec(file)?.[0];
  if (body === undefined) throw new Error('A claim has an `async function experiment` of its own.');
  const all = declarations(file);
  const isUsed = (name: string, by: string): boolean => new RegExp(`\\b${name}\\b`).test(by);
  const helpers = new Set(all.filter(({ name }) => isUsed(name, body)));
  for (const helper of helpers) // what helpers use is added behind, and its turn comes
    for (const other of all) if (isUsed(other.name, helper.text)) helpers.add(other);
  const code = [...all.filter((each) => helpers.has(each)).map(({ text }) => text), body].join('\n\n');
  const imports = [...file.matchAll(/^import (?:type )?\{([^}]+)\} from '(@neurite\/[^']+)';$/gm)].flatMap(
    ([, names, from]) => {
      const used = (names as string)
        .split(',')
        .map((name) => name.trim())
        .filter(
          (name) =>
            name !== '' && new RegExp(`\\b${name.replace('type ', '').split(' as ').at(-1)}\\b`).test(code),
        );
      return used.length === 0 ? [] : [`import { ${used.join(', ')} } from '${from}';`];
    },
  );
  return `${imports.join('\n')}\n\n${code}`;
}

/** Constants and functions that stand before the experiment, each with the comment above it. */
function declarations(file: string): { name: string; text: string }[] {
  const [before = ''] = file.split(/^(?:export )?async function experiment/m);
  const parts = before.split(/^(?=import |const |function |async function |\/\*\*|\/\/ )/m);
  return parts.flatMap((part, i) => {
    const name = /^(?:const|function|async function) (\w+)/.exec(part)?.[1];
    if (name === undefined) return [];
    const comment = /^\/[/*]/.test(parts[i - 1] ?? '') ? parts[i - 1] : '';
    return [{ name, text: `${comment}${part}`.trim() }];
  });
}
