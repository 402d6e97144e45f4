// The doors of the packages: what each is called and which file it is, as the packages' exports have it.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** "@neurite/core/program" → its source. */
export const doors = new Map(
  globSync('packages/*/package.json', { cwd: root })
    .sort()
    .flatMap((path) => {
      const { name, exports } = JSON.parse(readFileSync(join(root, path), 'utf8'));
      return Object.entries(exports).flatMap(([door, { '@neurite/source': source }]) =>
        source === undefined ? [] : [[join(name, door), join(root, dirname(path), source)]],
      );
    }),
);
