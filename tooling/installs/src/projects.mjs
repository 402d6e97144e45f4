// What strangers install: a program each, and the packages that it needs.

/** @type {readonly { name: string, packages: readonly string[] }[]} */
export const projects = [
  { name: 'core-and-cpu', packages: ['core', 'backend-cpu'] },
  { name: 'layers-and-activations', packages: ['core', 'backend-cpu', 'layers', 'activations'] },
  ...['cpu', 'wasm', 'gpu'].map((backend) => ({
    name: `trainer-on-${backend}`,
    packages: ['core', `backend-${backend}`, 'layers', 'activations', 'losses', 'optimizers'],
  })),
  { name: 'inference-only', packages: ['core', 'backend-wasm', 'layers', 'activations'] },
];
