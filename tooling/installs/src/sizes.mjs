// What a page loads, minified and gzipped, held to budgets: the entry's bundle with everything that it imports at once.
// What is imported only when it is needed (threads, gpu.js) is listed beside it.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const packages = fileURLToPath(new URL('../../../packages', import.meta.url));
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

const network = `
  export { sequential } from '${packages}/core/dist/index.js';
  export { dense } from '${packages}/layers/dist/dense.js';
  export { relu } from '${packages}/activations/dist/relu.js';
  export { cpu } from '${packages}/backend-cpu/dist/index.js';`;

/** `limit`: bytes. Packages under `external` are counted elsewhere. */
const budgets = [
  { name: 'core, whole', source: `export * from '${packages}/core/dist/index.js'`, limit: 43_000 },
  {
    name: 'trains a two-layer network with SGD on the CPU',
    source: `${network}
      export { train } from '${packages}/core/dist/index.js';
      export { softmaxCrossEntropy } from '${packages}/losses/dist/softmaxCrossEntropy.js';
      export { sgd } from '${packages}/optimizers/dist/sgd.js';`,
    limit: 38_000,
  },
  {
    name: 'predicts with a two-layer network on the CPU',
    source: `${network} export { predictor } from '${packages}/core/dist/index.js';`,
    limit: 24_800,
  },
  {
    name: 'the WASM backend, beside core',
    source: `export { wasm } from '${packages}/backend-wasm/dist/index.js'`,
    external: ['@neurite/core/*'],
    limit: 18_000,
  },
  {
    name: 'the CPU backend, beside core',
    source: `export { cpu } from '${packages}/backend-cpu/dist/index.js'`,
    external: ['@neurite/core/*'],
    limit: 9_500,
  },
  {
    name: 'the GPU backend, beside core',
    source: `export { gpu } from '${packages}/backend-gpu/dist/index.js'`,
    external: ['@neurite/core/*', '#gpu.js'],
    limit: 14_000,
  },
  {
    name: 'one activation, beside core',
    source: `export { relu } from '${packages}/activations/dist/index.js'`,
    external: ['@neurite/core'],
    limit: 300,
  },
];

/** Gzipped bytes that are loaded with the entry, and that may follow. */
async function weigh({ source, external = [] }) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: source, resolveDir: fileURLToPath(new URL('..', import.meta.url)), loader: 'js' },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    outdir: '/out',
    write: false,
    metafile: true,
    external: ['node:*', ...external],
    logLevel: 'error',
  });
  const sizes = new Map();
  for (const { path, contents } of outputFiles)
    sizes.set(path.split('/').at(-1), gzipSync(contents, { level: 9 }).length);
  const imports = Object.fromEntries(
    Object.entries(metafile.outputs).map(([path, output]) => [path.split('/').at(-1), output.imports]),
  );
  const atOnce = new Set();
  const follow = (file) => {
    if (!sizes.has(file) || atOnce.has(file)) return;
    atOnce.add(file);
    for (const { path, kind } of imports[file])
      if (kind === 'import-statement') follow(path.split('/').at(-1));
  };
  follow('stdin.js');
  const sum = (files) => files.reduce((total, file) => total + sizes.get(file), 0);
  return {
    atOnce: sum([...atOnce]),
    later: sum([...sizes.keys()].filter((file) => !atOnce.has(file))),
  };
}

let over = 0;
for (const budget of budgets) {
  const { atOnce, later } = await weigh(budget);
  const isOver = atOnce > budget.limit;
  if (isOver) over += 1;
  const rest = later > 0 ? `, and ${kB(later)} when needed` : '';
  console.log(`${isOver ? '✗' : '✓'} ${budget.name}: ${kB(atOnce)} of ${kB(budget.limit)}${rest}`);
}
process.exitCode = over > 0 ? 1 : 0;
