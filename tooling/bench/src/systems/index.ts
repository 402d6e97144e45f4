// The systems by the names that --systems takes. Each is loaded when its turn comes, so that one that cannot be
// loaded on this machine is a line in the report.
import type { System } from './system.ts';

export interface Entry {
  readonly title: string;
  load(): Promise<System>;
}

const neurite = async () => import('./neurite.ts');

export const systems: Readonly<Record<string, Entry>> = {
  'neurite-wasm': { title: 'Neurite wasm', load: async () => (await neurite()).stepping('wasm') },
  'neurite-wasm-fit': { title: 'Neurite wasm, fit', load: async () => (await neurite()).fitting('wasm') },
  'neurite-wasm-1': {
    title: 'Neurite wasm, 1 thread',
    load: async () => (await neurite()).stepping('wasm-1'),
  },
  'neurite-wasm-1-fit': {
    title: 'Neurite wasm, 1 thread, fit',
    load: async () => (await neurite()).fitting('wasm-1'),
  },
  'neurite-cpu': { title: 'Neurite cpu', load: async () => (await neurite()).stepping('cpu') },
  'neurite-gpu': { title: 'Neurite gpu', load: async () => (await neurite()).onGpu() },
  jax: { title: 'jax-js wasm', load: async () => (await import('./jax.ts')).jax() },
  'tfjs-wasm': { title: 'TensorFlow.js wasm', load: async () => (await import('./tfjs.ts')).tfjs('wasm') },
  tfjs: { title: 'TensorFlow.js cpu', load: async () => (await import('./tfjs.ts')).tfjs('cpu') },
  convnetjs: { title: 'ConvNetJS', load: async () => (await import('./convnetjs.ts')).convnetjs() },
  brain: { title: 'brain.js', load: async () => (await import('./brain.ts')).brain() },
  synaptic: { title: 'synaptic', load: async () => (await import('./synaptic.ts')).synaptic() },
  'ml-fnn': { title: 'ml-fnn', load: async () => (await import('./mlFnn.ts')).mlFnn() },
  onnx: { title: 'ONNX Runtime', load: async () => (await import('./onnx.ts')).onnx() },
  pytorch: { title: 'PyTorch', load: async () => (await import('./pytorch.ts')).pytorch() },
};

/** The one that the others are compared with. */
export const yardstick = 'neurite-wasm';

/** What stands over a column. */
export const titles: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(systems).map(([name, { title }]) => [name, title])),
  'neurite-wasm-1-plain': 'Neurite wasm, 1 thread, without relaxed SIMD',
  peak: 'peak of a core',
  'peak-plain': 'peak without relaxed SIMD',
};
