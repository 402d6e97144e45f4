// Gzipped bytes of the smallest bundle that trains a network of two layers.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import packageData from '@neurite/core/package.json' with { type: 'json' };
import { peerFile, requirePeer, versionOfPeer } from '../peers.ts';
import type { Result } from '../result.ts';
import { type Suite, type SuiteOptions, timesYardstick } from './suite.ts';

export const size: Suite = {
  title: 'Kilobytes, gzipped, of the smallest bundle that trains a network of two layers',
  brackets: timesYardstick,
  run,
};

interface Esbuild {
  build(options: Record<string, unknown>): Promise<{
    outputFiles: { path: string; contents: Uint8Array }[];
    metafile: {
      outputs: Record<string, { entryPoint?: string; imports: { path: string; kind: string }[] }>;
    };
  }>;
}

const neurite = (backend: string): string => `
  import { relu } from '@neurite/activations';
  import { ${backend} } from '@neurite/backend-${backend}';
  import { sequential, train } from '@neurite/core';
  import { dense } from '@neurite/layers';
  import { softmaxCrossEntropy } from '@neurite/losses';
  import { momentum } from '@neurite/optimizers';
  export const trainer = () => train(sequential([2], [dense({ units: 6, activation: relu() }), dense({ units: 2 })]), {
    loss: softmaxCrossEntropy(), optimizer: momentum(), backend: ${backend}(),
  });`;
const tfjs = `
  import { losses, matMul, relu, setBackend, tensor2d, train, variable } from '@tensorflow/tfjs';
  export { losses, matMul, relu, setBackend, tensor2d, train, variable };`;

interface Bundle {
  readonly system: string;
  readonly backend: string;
  readonly source: string;
  /** The peer; Neurite if there is none. */
  readonly peer?: string;
  /** Files of the peer that are fetched when it runs. */
  readonly fetched?: readonly [peer: string, file: string];
  readonly note?: string;
}

const bundles: readonly Bundle[] = [
  { system: 'neurite-wasm', backend: 'wasm', source: neurite('wasm') },
  { system: 'neurite-cpu', backend: 'cpu', source: neurite('cpu') },
  {
    system: 'jax',
    backend: 'wasm',
    source: `export { init, jit, nn, numpy, valueAndGrad } from '@jax-js/jax';`,
    peer: '@jax-js/jax',
  },
  {
    system: 'tfjs-wasm',
    backend: 'wasm',
    source: `${tfjs} export { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';`,
    peer: '@tensorflow/tfjs',
    fetched: ['@tensorflow/tfjs-backend-wasm', 'dist/tfjs-backend-wasm-simd.wasm'],
    note: 'with its SIMD binary',
  },
  { system: 'tfjs', backend: 'cpu', source: tfjs, peer: '@tensorflow/tfjs' },
  {
    system: 'convnetjs',
    backend: 'js',
    source: `export { Net, Trainer, Vol } from 'convnetjs';`,
    peer: 'convnetjs',
  },
  { system: 'brain', backend: 'js', source: `export { NeuralNetwork } from 'brain.js';`, peer: 'brain.js' },
  { system: 'synaptic', backend: 'js', source: `export { Architect } from 'synaptic';`, peer: 'synaptic' },
  { system: 'ml-fnn', backend: 'js', source: `export { default } from 'ml-fnn';`, peer: 'ml-fnn' },
];

async function run({ systems, report }: SuiteOptions): Promise<Result[]> {
  const results: Result[] = [];
  for (const { system, backend, source, peer, fetched, note } of bundles) {
    if (!systems.includes(system)) continue;
    report(`size: ${system}`);
    const which = { suite: 'size', row: 'bundle', system, backend, threads: 1, unit: 'kB' };
    try {
      const bytes = (await bundle(source, peer)) + (fetched ? zipped(readFileSync(peerFile(...fetched))) : 0);
      const version = peer === undefined ? packageData.version : versionOfPeer(peer);
      results.push({ ...which, version, value: bytes / 1000, ...(note !== undefined && { note }) });
    } catch (error) {
      results.push({ ...which, version: '', note: (error as Error).message.split('\n')[0] as string });
    }
  }
  return results;
}

const zipped = (bytes: Uint8Array): number => gzipSync(bytes, { level: 9 }).length;

/** Bytes of the entry and of what it imports at once; what it imports when asked to, such as other backends, is free. */
async function bundle(contents: string, peer: string | undefined): Promise<number> {
  const { build } = requirePeer<Esbuild>('esbuild');
  const folder = fileURLToPath(new URL(peer === undefined ? '../..' : '../../peers', import.meta.url));
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: folder, loader: 'js' },
    absWorkingDir: folder,
    outdir: 'out',
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@neurite/source'],
    external: ['gl', 'fs', 'path', 'worker_threads', 'perf_hooks', 'os'],
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const waiting = Object.keys(metafile.outputs).filter(
    (path) => metafile.outputs[path]?.entryPoint === '<stdin>',
  );
  const wanted = new Set<string>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    wanted.add(path);
    for (const { path: next, kind } of metafile.outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && !wanted.has(next)) waiting.push(next);
    }
  }
  const files = outputFiles.filter(({ path }) => [...wanted].some((each) => path.endsWith(each)));
  return files.reduce((sum, { contents: code }) => sum + zipped(code), 0);
}
