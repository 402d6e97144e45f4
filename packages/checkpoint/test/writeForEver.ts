// Writes two files in turn to each of several paths, all at once, until it is killed: node writeForEver.ts ONE TWO PATH …
import { readFileSync } from 'node:fs';
import { writeFileAtomically } from '../src/atomicFile.ts';

const [one, two, ...paths] = process.argv.slice(2) as [string, string, ...string[]];
const files = [readFileSync(one), readFileSync(two)];
process.stdout.write('begin');
await Promise.all(
  paths.map(async (path) => {
    for (let i = 0; ; i++) await writeFileAtomically(path, files[i % 2] as Buffer);
  }),
);
