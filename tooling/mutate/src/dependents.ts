// Who in a package notices a change of one of its files.
import { dirname, join } from 'node:path';

/** For each file, those of `texts` that depend on it, itself first. */
export function dependentsIn(texts: ReadonlyMap<string, string>): (file: string) => ReadonlySet<string> {
  const imports = [...texts].flatMap(([file, text]) =>
    [...text.matchAll(/from '(\.[^']+)'/g)].map(([, path]) => ({
      file,
      of: join(dirname(file), path as string),
    })),
  );
  const known = new Map<string, Set<string>>();
  return (file) => {
    const found = known.get(file) ?? new Set([file]);
    // What is added on the way is visited too.
    if (!known.has(file))
      for (const each of found) for (const { file, of } of imports) if (of === each) found.add(file);
    known.set(file, found);
    return found;
  };
}
