// The ways in which gpu.js computes, best first.
export const modes = ['webgpu', 'webgl2', 'webasm', 'cpu'] as const;

export type Mode = (typeof modes)[number];

/** As in a sentence. */
export const modeNames: Readonly<Record<Mode, string>> = {
  webgpu: 'WebGPU',
  webgl2: 'WebGL 2',
  webasm: 'WebAssembly by gpu.js',
  cpu: 'JavaScript by gpu.js',
};
